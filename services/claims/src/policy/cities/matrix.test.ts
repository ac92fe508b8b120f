/**
 * The insured of every city, treated in every city, at every level, under every filing: laws that
 * hold for each claim and for a year of them. TONGCHOU_MATRIX_SEED draws other amounts.
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Fen, fen, sum } from '@tongchou/contracts/money.ts'
import { resolve } from '@tongchou/contracts/policy/rule/rule.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import fc from 'fast-check'
import { adjudicate } from '../adjudicate.ts'
import { type BenefitFacts, type Filing, type FilingBranch, LEVELS, type Level } from '../facts.ts'
import type { BenefitOutcome } from '../outcome.ts'
import type { Benefit, Layer, Plan } from '../plan/plan.ts'
import { computed, planOf, year } from '../testing/samples.ts'
import { apply, type BenefitTotals, totalNamed } from '../totals.ts'
import { PACK_TEXTS } from './testing/sources.ts'

const SEED = Number(process.env['TONGCHOU_MATRIX_SEED'] ?? 20_261_127)
const PLANS = new Map([...PACK_TEXTS].map(([name, text]) => [name, planOf(JSON.parse(text))]))
const REGIONS = [...new Set([...PLANS.values()].map(({ region }) => region ?? ''))].sort()
const KINDS = ['inpatient', 'outpatient'] as const

const ON = businessDate('2026-03-10')
const filed = (kind: Filing['kind']): readonly Filing[] => [
  { kind, filedOn: ON, validFrom: ON, validTo: null },
]

type Branch = {
  readonly name: FilingBranch
  readonly filings: readonly Filing[]
  readonly emergency: boolean
}
/** From the best paid to the worst. */
const BRANCHES: readonly Branch[] = [
  { name: 'longTerm', filings: filed('longTermResidence'), emergency: false },
  { name: 'transfer', filings: filed('referral'), emergency: false },
  { name: 'unfiledEmergency', filings: [], emergency: true },
  { name: 'unfiled', filings: [], emergency: false },
]

/** Small, usual and beyond every cap, drawn anew for each cell of the matrix. */
const AMOUNTS = fc.tuple(
  fc.integer({ min: 1, max: 300_000 }),
  fc.integer({ min: 100_000, max: 12_000_000 }),
  fc.integer({ min: 30_000_000, max: 500_000_000 }),
  fc.integer({ min: 1, max: 5_000_000 }),
)
const OUTSIDE = fc.tuple(fc.nat(90_000), fc.nat(90_000), fc.nat(90_000))
type Draw = { readonly inScope: readonly number[]; readonly outside: readonly number[] }
const DRAWS: readonly Draw[] = fc.sample(fc.record({ inScope: AMOUNTS, outside: OUTSIDE }), {
  seed: SEED,
  numRuns: 2_000,
})

type Cell = {
  readonly plan: Plan
  readonly treatingRegion: string
  readonly status: string
  readonly level: Level
  readonly kind: (typeof KINDS)[number]
  readonly branch: Branch
}

function* cells(plan: Plan): Generator<Cell> {
  for (const treatingRegion of REGIONS) {
    for (const status of plan.statuses) {
      for (const level of LEVELS) {
        for (const kind of KINDS) {
          for (const branch of BRANCHES) {
            yield { plan, treatingRegion, status, level, kind, branch }
          }
        }
      }
    }
  }
}

function factsOf(cell: Cell, inScope: number, outside: readonly number[]): BenefitFacts {
  const { plan, branch, ...rest } = cell
  const [fullSelfFen = fen(0), overLimitFen = fen(0), firstShareFen = fen(0)] = outside.map(fen)
  const split = { fullSelfFen, overLimitFen, firstShareFen, inScopeFen: fen(inScope) }
  const { filings, emergency } = branch
  return {
    ...{ ...rest, filings, emergency, insuredRegion: plan.region ?? '' },
    ...{ scheme: plan.scheme ?? 'employee', beginOn: ON, endOn: ON, ageOnYearStart: 50 },
    ...{ ...split, totalFen: sum(...Object.values(split)), useAccount: true, attributes: {} },
  }
}

function expectedBranch({ plan, treatingRegion, branch }: Cell): FilingBranch {
  if (treatingRegion === plan.region) return 'local'
  return plan.deemedFiledFor.has(treatingRegion) ? 'deemed' : branch.name
}

function fundsOf({ layers }: BenefitOutcome): Fen {
  return sum(...layers.filter(({ payer }) => payer !== 'account').map(({ amountFen }) => amountFen))
}

/** The shares of one claim by themselves. */
function checkShares(outcome: BenefitOutcome, facts: BenefitFacts): void {
  const paidFen = sum(...outcome.layers.map(({ amountFen }) => amountFen))
  assert.equal(sum(paidFen, outcome.cashFen), facts.totalFen)
  assert.ok(outcome.layers.every(({ amountFen }) => amountFen > 0n))
  assert.ok(outcome.cashFen >= 0n && outcome.accountFen >= 0n)
  assert.ok(outcome.deductibleFen >= 0n && outcome.deductibleFen <= facts.inScopeFen)
  assert.ok(fundsOf(outcome) <= facts.inScopeFen)
  assert.ok(outcome.cashFen >= facts.fullSelfFen)
}

/** What each capped layer has paid in the year is within its cap. */
function checkCaps({ plan, status, level, kind, branch }: Cell, totals: BenefitTotals): void {
  const benefit = plan.benefits[kind]
  assert.ok(benefit.kind === 'benefit')
  for (const { cap, id } of benefit.layers) {
    if (cap === null) continue
    const rules = {
      ...{ kind, status, level, filing: branch.name, year: '2026', age: 50, attributes: {} },
      ...{ on: ON, emergency: branch.emergency, totals },
    }
    const { value } = resolve(cap.amount, rules)
    assert.ok(value !== null)
    const paid = cap.counts.map(name => totalNamed(totals, name))
    if (value !== 'unlimited') assert.ok(sum(...paid) <= value, id)
  }
}

/** A year of claims in the order drawn; the funds pay no less, and the person no less, for more. */
function checkYear(cell: Cell, { inScope, outside }: Draw): number {
  let totals = year({ accountFen: fen(200_000) })
  for (const amount of inScope) {
    const facts = factsOf(cell, amount, outside)
    const outcome = computed(adjudicate(cell.plan, facts, totals))
    assert.equal(outcome.filing, expectedBranch(cell))
    checkShares(outcome, facts)
    checkLarger(cell, { facts, totals, outcome })
    totals = apply(totals, outcome.effect)
    checkCaps(cell, totals)
  }
  return inScope.length
}

type Settled = {
  readonly facts: BenefitFacts
  readonly totals: BenefitTotals
  readonly outcome: BenefitOutcome
}

function checkLarger({ plan }: Cell, { facts, totals, outcome }: Settled): void {
  const extraFen = fen(1n + (facts.inScopeFen % 997n))
  const larger = {
    ...facts,
    inScopeFen: sum(facts.inScopeFen, extraFen),
    totalFen: sum(facts.totalFen, extraFen),
  }
  const more = computed(adjudicate(plan, larger, totals))
  assert.ok(fundsOf(more) >= fundsOf(outcome))
  assert.ok(sum(more.cashFen, more.accountFen) >= sum(outcome.cashFen, outcome.accountFen))
}

/** On an empty year, worse filings are never paid better by the pooled fund. */
function checkBranches(plan: Plan, treatingRegion: string, draw: Draw): void {
  for (const status of plan.statuses) {
    for (const level of LEVELS) {
      for (const kind of KINDS) {
        const [, amount = 1] = draw.inScope
        const pooled = BRANCHES.map(branch => {
          const cell = { plan, treatingRegion, status, level, kind, branch }
          return computed(adjudicate(plan, factsOf(cell, amount, []), year())).pooledFen
        })
        assert.deepEqual(
          pooled,
          pooled.toSorted((a, b) => (a < b ? 1 : -1)),
        )
      }
    }
  }
}

function told(cell: Cell, draw: Draw, law: () => void): void {
  try {
    law()
  } catch (error) {
    const { plan, branch, ...rest } = cell
    const where = JSON.stringify({ pack: plan.packId, branch: branch.name, ...rest, ...draw })
    throw new Error(`seed ${SEED}: ${where}`, { cause: error })
  }
}

describe(`treated across cities, seed ${SEED}`, () => {
  let claims = 0
  let next = 0
  const draw = (): Draw => {
    next += 1
    return DRAWS[next % DRAWS.length] ?? { inScope: [], outside: [] }
  }

  for (const [name, plan] of PLANS) {
    test(`${name}: parts sum, caps hold, more is never less, no share is negative`, () => {
      for (const cell of cells(plan)) {
        const drawn = draw()
        told(cell, drawn, () => {
          claims += checkYear(cell, drawn)
        })
      }
      for (const region of REGIONS) checkBranches(plan, region, draw())
    })
  }

  test('the matrix is whole: 22 cities, both schemes, every cell', t => {
    const perPack = REGIONS.length * 2 * LEVELS.length * KINDS.length * BRANCHES.length
    assert.equal(REGIONS.length, 22)
    assert.equal(PLANS.size, 44)
    assert.equal(claims, 44 * perPack * 4)
    t.diagnostic(`${claims} claims in ${44 * perPack} cells, seed ${SEED}`)
  })

  test('every filing branch is met', () => {
    const met = new Set<FilingBranch>()
    for (const plan of PLANS.values()) for (const cell of cells(plan)) met.add(expectedBranch(cell))
    assert.equal(met.size, 6)
  })
})

describe('the layers of a pack', () => {
  const benefitsOf = (plan: Plan): readonly (readonly Layer[])[] =>
    Object.values(plan.benefits).flatMap((benefit: Benefit | { readonly kind: 'gap' }) =>
      benefit.kind === 'benefit' ? [benefit.layers] : [],
    )

  test('begin with the pooled fund, and only its rate is lowered elsewhere', () => {
    for (const plan of PLANS.values()) {
      assert.equal(benefitsOf(plan).length, KINDS.length)
      for (const layers of benefitsOf(plan)) {
        for (const [at, { payer, remoteFactor }] of layers.entries()) {
          assert.equal(payer === 'pooled', at === 0, `${plan.packId} ${payer}`)
          assert.equal(remoteFactor, at === 0, `${plan.packId} ${payer}`)
        }
      }
    }
  })
})
