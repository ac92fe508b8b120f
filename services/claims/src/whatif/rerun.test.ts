import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { fen } from '@tongchou/contracts/money.ts'
import { fixedMeta } from '@tongchou/contracts/testing/fixed.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import type { AccountEvent } from '../account/events.ts'
import { claimMessage } from '../consume/claim-facts.ts'
import type { PackShelf } from '../pack/shelf.ts'
import { PackShelf as Shelf } from '../pack/shelf.ts'
import { submissionOf } from '../pack/submission.ts'
import { loadPolicy } from '../policy/load.ts'
import type { Plan } from '../policy/plan/plan.ts'
import { claimIdFor, PERSON, submittedWith } from '../testing/claims.ts'
import { accountsOver } from '../testing/consumed.ts'
import { beijingPack, messageOf } from '../testing/demo.ts'
import { Lane } from './lane.ts'
import type { Period } from './rerun.ts'

const YEAR: Period = { region: '110100', from: '2025-01-01', to: '2025-12-31' }
const document = JSON.parse(beijingPack().pack)
/** Twice the deductible, a lower cap, from a later day on. */
const draftDocument = {
  ...document,
  effectiveFrom: '2098-01-01',
  inpatient: {
    ...document.inpatient,
    deductibleFen: doubled(document.inpatient.deductibleFen),
    capFen: 20_000_000,
  },
}

function doubled(value: unknown): unknown {
  if (typeof value === 'number') return value * 2
  if (Array.isArray(value)) return value.map(doubled)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, of]) => [name, doubled(of)]))
}

function planOf(of: unknown): Plan {
  const loaded = loadPolicy(of)
  assert(loaded.ok)
  return loaded.plan
}

function shelfWith(of: unknown): PackShelf {
  const shelf = new Shelf()
  const submission = submissionOf(of)
  assert(submission.ok)
  shelf.apply(submission.data)
  return shelf
}

const STAYS = [
  submittedWith({ claimId: claimIdFor('1'), inScopeFen: fen(15_000_000) }),
  submittedWith({ claimId: claimIdFor('2'), inScopeFen: fen(9_000_000), useAccount: true }),
  submittedWith({ claimId: claimIdFor('3'), inScopeFen: fen(2_000_000) }),
  submittedWith({ claimId: claimIdFor('4'), inScopeFen: fen(30_000_000), useAccount: true }),
]

/** The events of an account under a pack; the claim `undone` is taken back after the third. */
function eventsUnder(of: unknown, undone: string | null = null): readonly AccountEvent[] {
  const accounts = accountsOver(shelfWith(of))
  const place = { personId: PERSON, regionCode: '110100', scheme: 'employee' } as const
  const credit = { ...place, creditNo: 'C1', amountFen: fen(4_000_000) }
  const meta = fixedMeta()
  const take = (at: number) => {
    const claim = STAYS[at] ?? assert.fail()
    return accounts.take(claimMessage(messageOf(claim, at + 1)))
  }
  const undoing = { claimId: claimIdFor(undone ?? ''), personId: PERSON }
  return [
    ...accounts.handle({ type: 'ReceiveCredit', data: credit, meta }),
    ...[0, 1, 2].flatMap(take),
    ...(undone === null ? [] : accounts.handle({ type: 'UndoAdjudication', data: undoing, meta })),
    ...take(3),
  ]
}

function laneOver(events: readonly AccountEvent[], draft: Plan, period = YEAR): Lane {
  const undone = events.flatMap(({ type, data }) =>
    type === 'AdjudicationUndone' ? [data.claimId] : [],
  )
  const lane = new Lane(draft, period, new Set(undone))
  feed(lane, events, 0)
  return lane
}

function feed(lane: Lane, events: readonly AccountEvent[], from: number): void {
  for (const [at, event] of events.entries()) {
    if (at < from) continue
    const position = BigInt(at + 1)
    if (event.type === 'ClaimAdjudicated' || event.type === 'AdjudicationUndone') {
      lane.take({ position, ...event })
    }
  }
}

/** What each payer pays for all claims that count, by the events themselves. */
function paidIn(events: readonly AccountEvent[], undone: string | null = null) {
  const gone = undone === null ? null : claimIdFor(undone)
  const sums: Record<string, bigint> = { pooled: 0n, account: 0n, cash: 0n }
  for (const event of events) {
    if (event.type !== 'ClaimAdjudicated' || event.data.claimId === gone) continue
    sums['pooled'] = (sums['pooled'] ?? 0n) + event.data.pooledFen
    sums['account'] = (sums['account'] ?? 0n) + event.data.accountFen
    sums['cash'] = (sums['cash'] ?? 0n) + event.data.cashFen
  }
  return sums
}

function sumsOf(lane: Lane, side: 'before' | 'after') {
  const payers = lane.tally.groups.get('all all')?.payers
  const of = (payer: string) => payers?.get(payer)?.[side] ?? 0n
  return { pooled: of('employee.pooled'), account: of('account'), cash: of('cash') }
}

describe('a what-if run', () => {
  test('under the pack itself changes nothing, though it is in force on other days', () => {
    const events = eventsUnder(document)
    const lane = laneOver(events, planOf({ ...document, effectiveFrom: '2098-01-01' }))
    assert.deepEqual(sumsOf(lane, 'after'), sumsOf(lane, 'before'))
    assert.deepEqual(sumsOf(lane, 'before'), paidIn(events))
    assert.equal(lane.tally.groups.get('all all')?.claims, 4)
    assert.deepEqual(lane.tally.groups.get('all all')?.moved, [])
  })

  test('comes to what the claims would have come to, one resting on the other', () => {
    const draft = { ...draftDocument, effectiveFrom: document.effectiveFrom }
    const lane = laneOver(eventsUnder(document), planOf(draftDocument))
    assert.deepEqual(sumsOf(lane, 'after'), paidIn(eventsUnder(draft)))
    const { up, down } = lane.tally.groups.get('all all') ?? assert.fail()
    assert.deepEqual([up, down], [1, 3]) // beyond the cap the catastrophic fund takes over
  })

  test('takes an undone claim out, for the claims behind it, too', () => {
    const draft = { ...draftDocument, effectiveFrom: document.effectiveFrom }
    const lane = laneOver(eventsUnder(document, '2'), planOf(draftDocument))
    assert.equal(lane.tally.groups.get('all all')?.claims, 3)
    const expected = eventsUnder(draft, '2')
    assert.deepEqual(sumsOf(lane, 'after'), paidIn(expected, '2'))
  })

  test('that is stopped anywhere and goes on comes to the same', () => {
    const events = eventsUnder(document, '2')
    const whole = laneOver(events, planOf(draftDocument)).save()
    const undone = new Set([claimIdFor('2')])
    for (let cut = 1; cut < events.length; cut += 1) {
      const first = new Lane(planOf(draftDocument), YEAR, undone)
      feed(first, events.slice(0, cut), 0)
      const saved = JSON.parse(JSON.stringify(first.save()))
      const second = new Lane(planOf(draftDocument), YEAR, undone)
      second.restore(saved)
      feed(second, events, cut)
      assert.deepEqual(second.save(), whole, `cut at ${cut}`)
    }
  })

  test('looks at claims of the period, the region and the scheme alone', () => {
    const events = eventsUnder(document)
    const draft = planOf(draftDocument)
    const none = [
      { ...YEAR, to: '2025-02-28' },
      { ...YEAR, from: '2025-03-02' },
      { ...YEAR, region: '310100' },
    ]
    for (const period of none) {
      const lane = laneOver(events, draft, period)
      assert.deepEqual([lane.tally.groups.size, lane.scanned], [0, 4])
    }
    const residents = laneOver(events, { ...draft, scheme: 'resident' })
    assert.equal(residents.tally.groups.size, 0)
    const oneDay = { ...YEAR, from: '2025-03-01', to: businessDate('2025-03-01') }
    assert.equal(laneOver(events, draft, oneDay).tally.groups.get('all all')?.claims, 4)
  })

  test('counts what the draft does not compute by the place that would have to say it', () => {
    const plan = planOf(draftDocument)
    const missing = { en: 'not said', zh: '未写明' }
    const gap = { kind: 'gap', path: 'inpatient', missing, sources: [] } as const
    const draft = { ...plan, benefits: { ...plan.benefits, inpatient: gap } }
    const lane = laneOver(eventsUnder(document), draft)
    assert.equal(lane.tally.groups.size, 0)
    const left = { claims: 4, totalFen: 56_000_000n }
    const [first] = STAYS.map(({ claimId }) => claimId).sort()
    assert.deepEqual(lane.tally.notComputed, new Map([['inpatient', { ...left, example: first }]]))
  })
})
