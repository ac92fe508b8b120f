/**
 * Laws that hold for every claim under every policy: random facts and totals over tables and
 * packs.
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { basisPoints, type Fen, fen, greatest, least, sum } from '@tongchou/contracts/money.ts'
import { leavesOf } from '@tongchou/contracts/policy/rule/rule.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import fc from 'fast-check'
import { adjudicate, explain } from './adjudicate.ts'
import { type BenefitFacts, type FilingKind, KINDS, LEVELS, STATUSES } from './facts.ts'
import type { Step } from './layers/steps.ts'
import { fundShare } from './layers/tiers.ts'
import type { BenefitOutcome } from './outcome.ts'
import type { Cap, Layer, Plan, Rate, Rule } from './plan/plan.ts'
import { computed, planOf, TABLE, year } from './testing/samples.ts'
import { assuming, filesIn, planNamed as packPlan } from './testing/vectors/packs.ts'
import {
  apply,
  type BenefitTotals,
  totalNamed,
  totalsFromMap,
  totalsOf,
  totalsToMap,
  undo,
} from './totals.ts'

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

const LADDER = 'benefits.inpatient.deductible.amount'
const RATE = 'benefits.inpatient.layers.0.bands.0.rate'

/** Packs whose sources leave out what every claim needs. */
const LEFT_OUT = ['P02', 'P16', 'P25']

/** Every pack that computes some claim, those with figures left out on top of assumed ones. */
const COMPUTABLE: readonly Plan[] = [
  ...filesIn('packs')
    .filter(name => !LEFT_OUT.includes(name))
    .map(packPlan)
    .filter(computesSome),
  assuming('P02', {
    [LADDER]: { ladderFen: [80_000, 60_000] },
    'benefits.inpatient.layers.1.bands.0.rate': { fundBp: 8_000 },
  }),
  assuming('P16', { [LADDER]: { ladderFen: [50_000] }, [RATE]: { fundBp: 7_500 } }),
  assuming('P25', { [LADDER]: { ladderFen: [60_000, 30_000] }, [RATE]: { fundBp: 8_888 } }),
]

/** Says no more than its source: the packs with a known rate for some claim of a person at home. */
function computesSome(plan: Plan): boolean {
  return Object.values(plan.benefits).some(
    benefit =>
      benefit.kind === 'benefit' &&
      benefit.layers.some(({ bands }) => bands.some(band => isKnown(band.rate))),
  )
}

function isKnown(rule: Rule<Rate>): boolean {
  return leavesOf(rule).some(({ value }) => value !== null)
}

const PLANS: Readonly<Record<PlanName, Plan>> = {
  burden: planOf(EVERY_LEVEL),
  cutByCap: planOf(CUT_BY_CAP),
  ...Object.fromEntries(COMPUTABLE.map(plan => [plan.packId, plan])),
}
type PlanName = string

function planNamed(name: PlanName): Plan {
  return PLANS[name] ?? assert.fail(name)
}

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

/** What some pack asks for; each takes those that it declares. */
const attributes = fc.record({
  civilServant: fc.boolean(),
  waitingOver: fc.boolean(),
  largeAmountPremium: fc.boolean(),
  largeAmountPooling: fc.boolean(),
  basicHandedOver: fc.constant(true),
  basicPaidFen: money.map(String),
  excessFen: money.map(String),
  carriedFen: fc.constantFrom('0', '480000'),
  episodeDeductibleFen: fc.constantFrom('0', '1', '20000'),
  lastYearOutpatientFen: fc.constantFrom('150000', '150001', '250000', '250001'),
  noClaimYears: fc.constantFrom('0', '1', '2', '3', '9'),
  reformedHospital: fc.boolean(),
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
      attributes,
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

function personOf(policy: PlanName): fc.Arbitrary<Person> {
  return fc.record({
    policy: fc.constant(policy),
    balanceFen: money,
    claims: fc.array(factsFor(planNamed(policy)), { minLength: 1, maxLength: 12 }),
  })
}

const person: fc.Arbitrary<Person> = fc.constantFrom(...Object.keys(PLANS)).chain(personOf)

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
    const outcome = adjudicate(planNamed(policy), facts, totals)
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

test('every pack that can compute is among the policies, by name', () => {
  const names = ['P01', 'P02-assumed', 'P03-employee', 'P03-resident', 'P04', 'P05', 'P16-assumed']
  for (const name of [...names, 'P25-assumed']) assert.ok(Object.hasOwn(PLANS, name), name)
  for (const name of Object.keys(PLANS)) {
    const policies = fc.sample(personOf(name), { numRuns: 200, seed: 7 })
    assert.ok(
      policies.some(given => fold(given).settled.some(({ outcome }) => fundsOf(outcome) > 0n)),
      name,
    )
  }
})

describe('for every claim', () => {
  test('the shares add up to the total and none is negative', () => {
    holds(given => {
      for (const { facts, outcome } of fold(given).settled) {
        const paidFen = sum(...outcome.layers.map(({ amountFen }) => amountFen))
        assert.equal(sum(paidFen, outcome.cashFen), facts.totalFen)
        for (const { amountFen } of outcome.layers) assert.ok(amountFen > 0n)
        assert.ok(outcome.cashFen >= 0n)
        assert.ok(outcome.deductibleFen >= 0n && outcome.deductibleFen <= facts.inScopeFen)
        assert.ok(fundsOf(outcome) <= facts.inScopeFen)
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
      const plan = planNamed(policy)
      const totals = year({ accountFen: balanceFen })
      for (const facts of claims) {
        assert.deepEqual(explain(plan, facts, totals).outcome, adjudicate(plan, facts, totals))
      }
    })
  })

  test('the steps of an explanation can be computed again from what they show', () => {
    holds(given => {
      for (const { facts, before, outcome } of fold(given).settled) {
        const { steps } = explain(planNamed(given.policy), facts, before)
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
  const { unpaidFen = dueFen } = paid.inputs
  assert.ok(typeof unpaidFen === 'bigint')
  assert.equal(fenResult(paid), least(least(dueFen, roomFen), fen(unpaidFen)))
}

describe('over a year', () => {
  test('no cap is passed, whatever the order and size of the claims', () => {
    holds(given => {
      const { after } = fold(given)
      for (const { cap } of layersOf(planNamed(given.policy))) {
        if (cap === null || cap.kind !== 'fundPayment') continue
        const paid = cap.counts.map(name => totalNamed(after, name))
        assert.ok(sum(...paid) <= mostOf(cap), `${given.policy} ${cap.counts}`)
      }
      assert.ok(given.policy !== 'burden' || after.dedInFen <= 150_000n)
      assert.ok(given.policy !== 'burden' || after.dedOutFen <= 40_000n)
      assert.ok(after.accountFen >= 0n)
    }, 1_000)
  })

  test('the same claims again, with totals out of their maps, come to the same fen', () => {
    holds(given => {
      for (const { facts, before, outcome } of fold(given).settled) {
        const kept = totalsOf(totalsFromMap(totalsToMap(before)), before.accountFen)
        assert.deepEqual(kept, before)
        assert.deepEqual(adjudicate(planNamed(given.policy), facts, kept), outcome)
      }
    })
  })

  test('a claim that is reversed at once changes no later one', () => {
    holds(given => {
      const plan = planNamed(given.policy)
      for (const { facts, before, outcome } of fold(given).settled) {
        const without = undo(apply(before, outcome.effect), outcome.effect)
        assert.deepEqual(adjudicate(plan, facts, without), outcome)
      }
    })
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
      const plan = planNamed(policy)
      for (const facts of claims) {
        const whole = chronic(facts, facts.inScopeFen, whole => whole)
        const outcome = adjudicate(plan, whole, year())
        if (outcome.kind === 'no-policy') continue
        const half = fen(facts.inScopeFen / 3n)
        const first = computed(
          adjudicate(
            plan,
            chronic(facts, half, whole => whole / 3n),
            year(),
          ),
        )
        const totals = apply(year(), first.effect)
        const rest = chronic(facts, fen(facts.inScopeFen - half), whole => whole - whole / 3n)
        const second = computed(adjudicate(plan, rest, totals))
        const gap = fundsOf(outcome) - fundsOf(first) - fundsOf(second)
        assert.ok(gap >= -3n && gap <= 3n, `${gap}`)
      }
    })
  })
})

function layersOf({ benefits }: Plan): readonly Layer[] {
  return Object.values(benefits).flatMap(benefit =>
    benefit.kind === 'benefit' ? benefit.layers : [],
  )
}

/** The largest figure that the cap can take, with the most that is carried over. */
function mostOf({ amount, plus }: Cap): bigint {
  const figures = leavesOf(amount).map(({ value }) => value)
  if (figures.includes('unlimited')) return 2n ** 63n
  const known = figures.filter(value => typeof value === 'bigint')
  const most = known.reduce(greatest, fen(0))
  return plus.length === 0 ? most : most + 480_000n
}

const HANDED_OVER = ['basicPaidFen', 'excessFen']

/** A part of a claim as a chronic one, with the same part of what others hand over. */
function chronic(facts: BenefitFacts, inScopeFen: Fen, part: (whole: bigint) => bigint) {
  const zero = fen(0)
  const none = { fullSelfFen: zero, overLimitFen: zero, firstShareFen: zero, useAccount: false }
  const handed = HANDED_OVER.map(name => [name, String(part(BigInt(facts.attributes[name] ?? 0)))])
  const attributes = { ...facts.attributes, ...Object.fromEntries(handed) }
  return {
    ...facts,
    ...none,
    kind: 'chronic',
    attributes,
    inScopeFen,
    totalFen: inScopeFen,
  } as const
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
          const asked = { ...larger, useAccount: false }
          const next = adjudicate(planNamed(given.policy), asked, before)
          if (next.kind === 'no-policy') continue
          assert.ok(fundsOf(next) >= fundsOf(outcome))
          assert.ok(next.cashFen >= outcome.cashFen)
        }
      }),
      { numRuns: 300, seed: 7 },
    )
  })
})
