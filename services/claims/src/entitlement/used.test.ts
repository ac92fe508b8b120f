/**
 * Entitlement, a claim, entitlement again: over random packs, persons and claims the two differ by
 * exactly what the claim used, and the first tells what the claim gets.
 */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import type { AttributeAsked, ClaimAdjudicated } from '@tongchou/contracts/events.generated.ts'
import type { EntitlementJson } from '@tongchou/contracts/http/account.ts'
import { fen } from '@tongchou/contracts/money.ts'
import { INSURED_YEARS } from '@tongchou/contracts/reference/insured-years.ts'
import { fixedMeta, idFor } from '@tongchou/contracts/testing/fixed.ts'
import { addDays, type BusinessDate, businessDate } from '@tongchou/contracts/time.ts'
import fc from 'fast-check'
import type { AccountCommand } from '../account/commands.ts'
import { decide } from '../account/decide.ts'
import type { AccountEvent } from '../account/events.ts'
import { factsOfClaim } from '../account/facts.ts'
import { type AccountState, evolve, initialState } from '../account/state.ts'
import { attributesAsked } from '../policy/asks/attributes.ts'
import { LEVELS } from '../policy/facts.ts'
import { loadPolicy } from '../policy/load.ts'
import type { Plan } from '../policy/plan/plan.ts'
import { claimIdFor, PERSON, submittedWith } from '../testing/claims.ts'
import { entitlementJson } from './answer.ts'

const ROOT = join(import.meta.dirname, '../../../..')
const FOLDERS = [
  'contracts/policies/packs',
  'contracts/policies/cities',
  'test/fixtures/demo/policies',
]
const BORN = businessDate('1957-06-30')
const meta = fixedMeta()

type Pack = {
  readonly plan: Plan
  readonly asked: readonly AttributeAsked[]
  readonly name: string
}

function packs(): readonly Pack[] {
  return FOLDERS.flatMap(folder =>
    readdirSync(join(ROOT, folder)).flatMap(name => {
      if (!name.endsWith('.json')) return []
      const loaded = loadPolicy(JSON.parse(readFileSync(join(ROOT, folder, name), 'utf8')))
      if (!loaded.ok || loaded.plan.scheme === null) return []
      if (Object.values(loaded.plan.benefits).every(({ kind }) => kind === 'gap')) return []
      const { plan, document } = loaded
      return [{ plan, asked: attributesAsked(document, plan), name: `${folder}/${name}` }]
    }),
  )
}

type Draw = {
  readonly kind: 'inpatient' | 'chronic' | 'outpatient'
  readonly level: number
  readonly status: number
  readonly day: number
  readonly amount: bigint
  readonly useAccount: boolean
  readonly facts: readonly number[]
}

const draw: fc.Arbitrary<Draw> = fc.record({
  kind: fc.constantFrom('inpatient', 'inpatient', 'chronic', 'outpatient'),
  level: fc.nat({ max: LEVELS.length - 1 }),
  status: fc.nat({ max: 1 }),
  day: fc.nat({ max: 700 }),
  amount: fc.oneof(fc.bigInt(0n, 300_000n), fc.bigInt(1n, 80_000_000n)),
  useAccount: fc.boolean(),
  facts: fc.array(fc.nat({ max: 1000 }), { minLength: 8, maxLength: 8 }),
})

const DAYS = ['2024-01-15', '2025-01-01', '2025-09-30']

/** What the door would hand over: a value that fits, or nothing. */
function told(asked: readonly AttributeAsked[], facts: readonly number[], on: BusinessDate) {
  const attributes: Record<string, string> = {}
  for (const [at, { name, from, kind, values }] of asked.entries()) {
    const number = facts[at % facts.length] ?? 0
    if (from === 'account' || number % 7 === 6) continue
    if (kind === 'date') attributes[name] = DAYS[number % DAYS.length] ?? on
    else if (values.length > 0) attributes[name] = values[number % values.length] ?? ''
    else if (kind !== 'text') attributes[name] = String(number % 3 === 0 ? number : number % 4)
  }
  const years = [2022, 2023, 2024, 2025].filter(year => year < Number(on.slice(0, 4)))
  const status = ['active', 'adult'][(facts[0] ?? 0) % 2]
  const text = years.map(year => `${year}:${(facts[1] ?? 0) % 3 ? 'whole' : 'part'}:${status}`)
  return { ...attributes, [INSURED_YEARS]: text.join(',') }
}

type Person = { state: AccountState; events: AccountEvent[] }

function take(person: Person, command: AccountCommand): AccountEvent | null {
  const decision = decide(command, person.state)
  if (!decision.accepted) return null
  person.state = decision.events.reduce(evolve, person.state)
  person.events.push(...decision.events)
  return decision.events[0] ?? null
}

type Compared = {
  readonly before: EntitlementJson
  readonly after: EntitlementJson
  readonly event: ClaimAdjudicated
}

function opened({ plan: { scheme, region } }: Pack): Person {
  const person: Person = { state: initialState, events: [] }
  if (scheme === null) return person
  const data = { personId: PERSON, regionCode: region ?? '110100', scheme }
  const amountFen = fen(123_456)
  take(person, { type: 'ReceiveCredit', data: { ...data, creditNo: 'C', amountFen }, meta })
  return person
}

function compared(pack: Pack, person: Person, drawn: Draw, at: number): Compared | null {
  const { plan } = pack
  const { scheme, statuses } = plan
  if (scheme === null) return null
  const region = plan.region ?? '110100'
  const endOn = addDays(businessDate('2025-01-01'), drawn.day)
  const status = statuses[drawn.status % statuses.length] ?? 'active'
  const attributes = told(pack.asked, drawn.facts, endOn)
  const entitled = (): EntitlementJson => {
    const events = person.events.map((event, index) => ({ ...event, id: idFor(`event ${index}`) }))
    const insured = { regionCode: region, scheme, status }
    const { state } = person
    const of = { state, events, on: endOn, insured, plan, told: { bornOn: BORN, attributes } }
    return { personId: PERSON, ...entitlementJson(of) }
  }
  const before = entitled()
  const claim = submittedWith({
    ...{ claimId: claimIdFor(`${at}`), kind: drawn.kind, level: LEVELS[drawn.level] ?? 'tier3' },
    ...{ insuredRegion: region, treatingRegion: region, scheme, status, bornOn: BORN, attributes },
    ...{ beginOn: endOn, endOn, useAccount: drawn.useAccount, totalFen: fen(drawn.amount) },
    inScopeFen: fen(drawn.amount),
  })
  const { claimId, personId, institutionCode } = claim
  const data = { claimId, personId, institutionCode, facts: factsOfClaim(claim), plan }
  const event = take(person, { type: 'Adjudicate', data, meta })
  const row = rowOf(before, drawn.kind, claim.level ?? '')
  if (event?.type !== 'ClaimAdjudicated') {
    if (drawn.amount > 0n && row !== undefined) assert.notEqual(row.cannotCompute, null)
    return null
  }
  return { before, after: entitled(), event: event.data }
}

type Row = EntitlementJson['benefits'][number]
type Layer = Row['layers'][number]

function rowOf({ benefits }: EntitlementJson, kind: string, level: string): Row | undefined {
  return benefits.find(row => row.kind === kind && row.levels.includes(level))
}

/** What the claim gets is what was left. */
function getsWhatWasLeft({ before, event }: Compared): number {
  const row = rowOf(before, event.kind, event.facts.level ?? '')
  if (row === undefined || row.cannotCompute !== null) return 0
  const deductible = Math.min(Number(event.inScopeFen), row.deductibleLeftFen ?? 0)
  assert.equal(Number(event.deductibleFen), deductible)
  for (const { layer, amountFen } of event.layers) {
    const left = row.layers.find(each => each.layer === layer)?.leftFen ?? null
    if (left !== null) assert.ok(Number(amountFen) <= left, `${layer}: ${amountFen} of ${left}`)
  }
  return 1
}

/** Totals, account, and of each row the deductible, the caps and the bands. */
function differsByWhatWasUsed(compare: Compared): number {
  const { before, after, event } = compare
  const added = (name: string) => Number(event.effect[name] ?? 0n)
  for (const name of Object.keys({ ...before.totals, ...after.totals, ...event.effect })) {
    assert.equal((after.totals[name] ?? 0) - (before.totals[name] ?? 0), added(name), name)
  }
  assert.equal(before.accountFen - after.accountFen, Number(event.accountFen))
  assert.equal(after.claims[0]?.claimId, event.claimId)
  const [filled, used] = [after.credits, after.accountUses].map(list =>
    list.reduce((sum, { amountFen }) => sum + amountFen, 0),
  )
  assert.equal((filled ?? 0) - (used ?? 0), after.accountFen)
  let rows = 0
  for (const row of after.benefits) {
    for (const level of row.levels) {
      const was = rowOf(before, row.kind, level)
      if (was === undefined || was.cannotCompute !== null || row.cannotCompute !== null) continue
      rows += 1
      sameDeductible(was, row, added)
      for (const [at, layer] of row.layers.entries()) {
        const then = was.layers[at]
        if (then !== undefined) layerMoved(then, layer, { added, totals: before.totals })
      }
    }
  }
  return rows
}

type Added = (name: string) => number

function sameDeductible(was: Row, now: Row, added: Added): void {
  if (was.deductible === null || now.deductible === null) return
  const [name = ''] = was.deductible.counts.filter(each => each !== 'stays')
  assert.equal(now.deductible.usedFen - was.deductible.usedFen, added(name))
  if (was.deductible.per !== 'year') return
  const left = Math.max(0, (was.deductibleLeftFen ?? 0) - added(name))
  assert.equal(now.deductibleLeftFen, left)
}

function layerMoved(
  was: Layer,
  now: Layer,
  { added, totals }: { readonly added: Added; readonly totals: EntitlementJson['totals'] },
): void {
  const counted = was.counts.reduce((sum, name) => sum + added(name), 0)
  if (was.usedFen !== null && now.usedFen !== null) {
    assert.equal(now.usedFen - was.usedFen, counted, was.layer)
    if (was.capFen === now.capFen && was.measure === null && was.leftFen !== null) {
      assert.equal(now.leftFen, Math.max(0, was.leftFen - counted), was.layer)
    }
  }
  if (was.measure === null) return
  const start = totals[was.measure] ?? 0
  for (const { fromFen, toFen, leftFen } of was.bands) {
    if (toFen === null || leftFen === null || !now.bands.some(sameBegin(was))) continue
    const later = now.bands.find(band => band.fromFen === fromFen && band.toFen === toFen)
    const passed: number = Math.min(toFen, start + added(was.measure)) - Math.max(fromFen, start)
    assert.equal(later?.leftFen ?? 0, leftFen - Math.max(0, passed), `${was.layer} ${fromFen}`)
  }
}

/** Unless the claim led to other bands, e.g. by a total that the policy chooses by. */
function sameBegin(was: Layer): (band: Layer['bands'][number]) => boolean {
  return band =>
    was.bands.some(({ toFen, fundBp }) => toFen === band.toFen && fundBp === band.fundBp)
}

describe('entitlement before and after a claim', () => {
  const all = packs()
  const remembering = fc.constantFrom(
    ...all.flatMap(({ plan }, index) => (plan.history.length > 0 ? [index] : [])),
  )

  test('differs by exactly what the claim used, and tells what the claim gets', t => {
    let computed = 0
    let rows = 0
    const seen = new Set<string>()
    const run = fc.property(
      fc.oneof({ weight: 4, arbitrary: fc.nat({ max: all.length - 1 }) }, remembering),
      fc.array(draw, { minLength: 1, maxLength: 4 }),
      (index, draws) => {
        const pack = all[index]
        if (pack === undefined) return
        const person = opened(pack)
        const inOrder = draws.toSorted((a, b) => a.day - b.day)
        for (const [at, drawn] of inOrder.entries()) {
          const compare = compared(pack, person, drawn, at)
          if (compare === null) continue
          seen.add(pack.name)
          computed += getsWhatWasLeft(compare)
          rows += differsByWhatWasUsed(compare)
        }
      },
    )
    fc.assert(run, { seed: 20_261_127, numRuns: 400 })
    t.diagnostic(`${computed} claims, ${rows} rows, ${seen.size} of ${all.length} packs`)
    assert.ok(computed > 500 && seen.size > 60)
  })
})
