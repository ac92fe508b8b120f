/**
 * Laws that hold for every claim under every policy: random facts and totals over tables and
 * packs.
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { basisPoints, type Fen, fen, least, sum } from '@tongchou/contracts/money.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import fc from 'fast-check'
import P01 from '../../../../contracts/policies/packs/P01.json' with { type: 'json' }
import P04 from '../../../../contracts/policies/packs/P04.json' with { type: 'json' }
import { adjudicate, explain } from './adjudicate.ts'
import { type BenefitFacts, type FilingKind, KINDS, LEVELS, STATUSES } from './facts.ts'
import type { Step } from './layers/steps.ts'
import { fundShare } from './layers/tiers.ts'
import type { BenefitOutcome } from './outcome.ts'
import type { Plan, Rate } from './plan/plan.ts'
import { computed, planOf, TABLE, year } from './testing/samples.ts'
import { apply, type BenefitTotals, undo } from './totals.ts'

const BY_LEVEL = { community: 0.9, tier1: 0.8, tier2: 0.7, tier3: 0.6, tier3_top: 0.5 }
const EVERY_LEVEL = {
  ...TABLE,
  inpatient: {
    ...TABLE.inpatient,
    deductibleMaxFenPerYear: 150_000,
    deductibleFen: byLevel(index => [100_000 - index * 7, 50_000, 0]),
    fundBp: byLevel(index => 9_100 - index * 333),
  },
  outpatient: {
    ...TABLE.outpatient,
    deductibleFen: byLevel(() => 40_000),
    fundBp: byLevel(index => 7_000 - index * 1_750),
  },
}
const CUT_BY_CAP = {
  ...EVERY_LEVEL,
  inpatient: { ...EVERY_LEVEL.inpatient, deductibleMaxFenPerYear: null },
  outpatient: { ...EVERY_LEVEL.outpatient, deductiblePer: 'visit', sharesInpatientCap: true },
  catastrophic: { name: '补充', measure: 'cutByCap', fundBp: 8_500, capFen: 4_000_000 },
}

function byLevel<T>(value: (index: number) => T): Record<string, Record<string, T>> {
  const levels = Object.fromEntries(
    Object.keys(BY_LEVEL).map((level, index) => [level, value(index)]),
  )
  return { active: levels, retired: levels }
}

const PLANS = {
  burden: planOf(EVERY_LEVEL),
  cutByCap: planOf(CUT_BY_CAP),
  P01: planOf(P01),
  P04: planOf(P04),
}
type PlanName = keyof typeof PLANS
const FILING_KINDS: readonly FilingKind[] = ['longTermResidence', 'referral', 'temporary']

const day = fc.integer({ min: 1, max: 28 }).map(value => String(value).padStart(2, '0'))
const date = day.map(value => businessDate(`2025-03-${value}`))
const money = fc
  .oneof(
    fc.integer({ min: 0, max: 500 }),
    fc.integer({ min: 0, max: 400_000 }),
    fc.integer({ min: 0, max: 30_000_000 }),
  )
  .map(value => fen(value))

const filing = fc.record({
  kind: fc.constantFrom(...FILING_KINDS),
  filedOn: date,
  validFrom: date,
  validTo: fc.option(date),
})

function factsFor(plan: Plan): fc.Arbitrary<BenefitFacts> {
  const { scheme } = plan
  assert.ok(scheme !== null)
  return fc
    .record({
      kind: fc.constantFrom(...KINDS),
      level: fc.constantFrom(...LEVELS),
      treatingRegion: fc.constantFrom('110100', '120100', '310100'),
      status: fc.constantFrom(...STATUSES[scheme]),
      ageOnYearStart: fc.integer({ min: 0, max: 99 }),
      on: date,
      emergency: fc.boolean(),
      filings: fc.array(filing, { maxLength: 2 }),
      parts: fc.tuple(money, money, money, money),
      useAccount: fc.boolean(),
      attributes: fc.record({
        civilServant: fc.boolean(),
        waitingOver: fc.boolean(),
        largeAmountPremium: fc.boolean(),
      }),
    })
    .map(({ on, parts, ...rest }) => {
      const [fullSelfFen, overLimitFen, firstShareFen, inScopeFen] = parts
      const split = { fullSelfFen, overLimitFen, firstShareFen, inScopeFen }
      const common = { insuredRegion: '110100', scheme, beginOn: on, endOn: on }
      return { ...rest, ...common, ...split, totalFen: sum(...parts) }
    })
}

/** The plan by its name, so that a counterexample can be read. */
type Person = {
  readonly policy: PlanName
  readonly balanceFen: Fen
  readonly claims: readonly BenefitFacts[]
}

const person: fc.Arbitrary<Person> = fc
  .constantFrom<PlanName>('burden', 'cutByCap', 'P01', 'P04')
  .chain(policy =>
    fc.record({
      policy: fc.constant(policy),
      balanceFen: money,
      claims: fc.array(factsFor(PLANS[policy]), { minLength: 1, maxLength: 12 }),
    }),
  )

type Settled = {
  readonly facts: BenefitFacts
  readonly before: BenefitTotals
  readonly outcome: BenefitOutcome
}

/** The claims of a person in order; those that no policy computes leave no trace. */
function fold({ policy, balanceFen, claims }: Person): {
  readonly settled: readonly Settled[]
  readonly after: BenefitTotals
} {
  let totals = year({ accountFen: balanceFen })
  const settled: Settled[] = []
  for (const facts of claims) {
    const outcome = adjudicate(PLANS[policy], facts, totals)
    if (outcome.kind === 'no-policy') continue
    settled.push({ facts, before: totals, outcome })
    totals = apply(totals, outcome.effect)
  }
  return { settled, after: totals }
}

function holds(law: (given: Person) => void, numRuns = 300): void {
  fc.assert(fc.property(person, law), { numRuns, seed: 7 })
}

function fundsOf({ layers }: BenefitOutcome): Fen {
  return sum(...layers.filter(({ payer }) => payer !== 'account').map(({ amountFen }) => amountFen))
}

describe('for every claim', () => {
  test('the shares add up to the total and none is negative', () => {
    holds(given => {
      for (const { facts, outcome } of fold(given).settled) {
        const paidFen = sum(...outcome.layers.map(({ amountFen }) => amountFen))
        assert.equal(sum(paidFen, outcome.cashFen), facts.totalFen)
        for (const { amountFen } of outcome.layers) assert.ok(amountFen > 0n)
        assert.ok(outcome.cashFen >= 0n)
        assert.ok(outcome.deductibleFen >= 0n && outcome.deductibleFen <= facts.inScopeFen)
        assert.ok(
          fundsOf(outcome) <= facts.inScopeFen - outcome.deductibleFen + outcome.catastrophicFen,
        )
      }
    })
  })

  test('each named share is the sum of the layers of its payer', () => {
    holds(given => {
      for (const { outcome } of fold(given).settled) {
        const by = (payer: string): Fen =>
          sum(
            ...outcome.layers.filter(layer => layer.payer === payer).map(layer => layer.amountFen),
          )
        assert.equal(outcome.pooledFen, by('pooled'))
        assert.equal(outcome.catastrophicFen, by('catastrophic'))
        assert.equal(outcome.largeAmountFen, by('largeAmount'))
        assert.equal(outcome.civilServantFen, by('civilServant'))
        assert.equal(outcome.accountFen, by('account'))
      }
    })
  })

  test('explaining gives what the fast path gives, with or without a policy', () => {
    holds(({ policy, balanceFen, claims }) => {
      const plan = PLANS[policy]
      const totals = year({ accountFen: balanceFen })
      for (const facts of claims) {
        assert.deepEqual(explain(plan, facts, totals).outcome, adjudicate(plan, facts, totals))
      }
    })
  })

  test('the steps of an explanation can be computed again from what they show', () => {
    holds(given => {
      for (const { facts, before, outcome } of fold(given).settled) {
        const { steps } = explain(PLANS[given.policy], facts, before)
        for (const band of steps.filter(({ name }) => name === 'band')) checkBand(band)
        const paid = steps.filter(({ name }) => name === 'paid')
        assert.equal(sum(...paid.map(fenResult)), fundsOf(outcome))
        for (const { layer } of paid) checkLayer(steps.filter(found => found.layer === layer))
      }
    })
  })
})

function fenResult({ result }: Step): Fen {
  assert.ok(typeof result === 'bigint')
  return fen(result)
}

function fenInput({ inputs }: Step, name: string): Fen {
  const value = inputs[name]
  assert.ok(typeof value === 'bigint')
  return fen(value)
}

function checkBand(band: Step): void {
  const { rateBp, stated } = band.inputs
  assert.ok(typeof rateBp === 'number')
  assert.ok(stated === 'fund' || stated === 'person')
  const rate: Rate = { whose: stated, bp: basisPoints(rateBp) }
  assert.equal(fenResult(band), fundShare(fenInput(band, 'overlapFen'), rate))
  assert.ok(band.figures.every(({ sources, readings }) => sources.length + readings.length > 0))
}

function checkLayer(steps: readonly Step[]): void {
  const bands = steps.filter(({ name }) => name === 'band')
  const [due, room, paid] = ['due', 'room', 'paid'].map(name => steps.find(s => s.name === name))
  assert.ok(due !== undefined && paid !== undefined)
  assert.equal(fenResult(due), sum(...bands.map(fenResult)))
  const dueFen = fenResult(due)
  const roomFen = room === undefined ? dueFen : fenResult(room)
  assert.equal(fenResult(paid), least(dueFen, roomFen))
}

describe('over a year', () => {
  test('no cap is passed, whatever the order and size of the claims', () => {
    holds(given => {
      const { after } = fold(given)
      const { policy } = given
      if (policy === 'P01') {
        assert.ok(after.paidLargeFen <= 8_000_000n)
        assert.ok(after.paidInFen <= 9_500_000n)
      } else if (policy === 'P04') {
        assert.ok(after.paidInFen <= 6_000_000n)
        assert.ok(after.paidLargeFen <= 13_000_000n)
      } else {
        const shared = policy === 'cutByCap'
        assert.ok(after.paidInFen + (shared ? after.paidOutFen : 0n) <= 10_000_000n)
        assert.ok(shared || after.paidOutFen <= 500_000n)
        assert.ok(after.paidCatFen <= (shared ? 4_000_000n : 5_000_000n))
        assert.ok(shared || after.dedInFen <= 150_000n)
        assert.ok(shared || after.dedOutFen <= 40_000n)
      }
      assert.ok(after.accountFen >= 0n)
    }, 1_000)
  })

  test('undoing a claim leaves no trace, even when others came after it', () => {
    holds(given => {
      const { settled, after } = fold(given)
      const [first] = settled
      if (first === undefined) return
      const others = settled
        .slice(1)
        .reduce((totals, { outcome }) => apply(totals, outcome.effect), first.before)
      assert.deepEqual(undo(after, first.outcome.effect), others)
    })
  })

  test('undoing every claim, last first, gives the empty year back', () => {
    holds(given => {
      const { settled, after } = fold(given)
      const back = settled
        .toReversed()
        .reduce((totals, { outcome }) => undo(totals, outcome.effect), after)
      assert.deepEqual(back, year({ accountFen: given.balanceFen }))
    })
  })

  test('a chronic claim cut in two pays the same but for the rounding', () => {
    holds(({ policy, claims }) => {
      const plan = PLANS[policy]
      for (const facts of claims) {
        const whole = chronic(facts, facts.inScopeFen)
        const outcome = adjudicate(plan, whole, year())
        if (outcome.kind === 'no-policy') continue
        const half = fen(facts.inScopeFen / 3n)
        const first = computed(adjudicate(plan, chronic(facts, half), year()))
        const totals = apply(year(), first.effect)
        const rest = chronic(facts, fen(facts.inScopeFen - half))
        const second = computed(adjudicate(plan, rest, totals))
        const gap = fundsOf(outcome) - fundsOf(first) - fundsOf(second)
        assert.ok(gap >= -3n && gap <= 3n, `${gap}`)
      }
    })
  })
})

function chronic(facts: BenefitFacts, inScopeFen: Fen): BenefitFacts {
  const zero = fen(0)
  const none = { fullSelfFen: zero, overLimitFen: zero, firstShareFen: zero }
  return { ...facts, ...none, kind: 'chronic', inScopeFen, totalFen: inScopeFen, useAccount: false }
}

describe('for a larger amount', () => {
  test('neither the funds nor the person pay less', () => {
    const more = fc.oneof(fc.constant(1n), money)
    const claims = fc.tuple(person, more)
    fc.assert(
      fc.property(claims, ([given, extraFen]) => {
        for (const { facts, before, outcome } of fold(given).settled) {
          if (outcome.accountFen > 0n) continue
          const inScopeFen = fen(facts.inScopeFen + extraFen)
          const larger = { ...facts, inScopeFen, totalFen: fen(facts.totalFen + extraFen) }
          const next = computed(
            adjudicate(PLANS[given.policy], { ...larger, useAccount: false }, before),
          )
          assert.ok(fundsOf(next) >= fundsOf(outcome))
          assert.ok(next.cashFen >= outcome.cashFen)
        }
      }),
      { numRuns: 300, seed: 7 },
    )
  })
})
