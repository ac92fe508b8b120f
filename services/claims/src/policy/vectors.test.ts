/** The computed vectors of the packs, read as data: every figure of every one. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Fen, fen, fenToJson, minus } from '@tongchou/contracts/money.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import P01 from '../../../../contracts/policies/packs/P01.json' with { type: 'json' }
import P04 from '../../../../contracts/policies/packs/P04.json' with { type: 'json' }
import V01 from '../../../../contracts/policies/vectors/P01.json' with { type: 'json' }
import V04 from '../../../../contracts/policies/vectors/P04.json' with { type: 'json' }
import { explain } from './adjudicate.ts'
import { contribution, sumOfParts } from './dues/contribution.ts'
import { riskReserve } from './dues/risk-reserve.ts'
import type { BenefitFacts, Level } from './facts.ts'
import { loadPolicy } from './load.ts'
import type { BenefitOutcome } from './outcome.ts'
import type { Plan } from './plan/plan.ts'
import { type BenefitTotals, EMPTY_YEAR } from './totals.ts'

type Input = Readonly<Record<string, string | number | boolean>>
type Figures = Readonly<Record<string, unknown>>
type Vector = {
  readonly id: string
  readonly fn: string
  readonly pack: string
  readonly input: Input
  readonly expect: Figures
}

const PLANS = new Map([P01, P04].map(pack => [pack.packId, planOf(pack)]))

function planOf(pack: unknown): Plan {
  const loaded = loadPolicy(pack)
  assert.ok(loaded.ok)
  return loaded.plan
}

/** The words of the vectors for levels and places. */
const LEVELS: Readonly<Record<string, Level>> = {
  L3: 'tier3',
  L2: 'tier2',
  L1: 'tier1',
  COMMUNITY: 'community',
  COUNTY_PLUS: 'tier2',
}

function given(input: Input, name: string): string {
  return String(input[name] ?? 0)
}

function money(input: Input, name: string): Fen {
  return fen(Number(given(input, name)))
}

function factsOf({ input, pack }: Vector): BenefitFacts {
  const inScopeFen = money(input, 'eligibleFen')
  const fullSelfFen = money(input, 'selfPaidFen')
  const outside = given(input, 'place') === 'outsideApprovedOrEmergency'
  const on = businessDate('2009-06-01')
  const level = LEVELS[given(input, 'level')]
  assert.ok(level !== undefined)
  const resident = given(input, 'child') === 'true' ? 'child' : 'adult'
  return {
    kind: 'inpatient',
    level,
    insuredRegion: '220700',
    treatingRegion: outside ? '220100' : '220700',
    scheme: pack === 'P04' ? 'resident' : 'employee',
    status: pack === 'P04' ? resident : given(input, 'status'),
    ageOnYearStart: Number(given(input, 'age')),
    beginOn: on,
    endOn: on,
    emergency: outside,
    filings: [],
    fullSelfFen,
    overLimitFen: fen(0),
    firstShareFen: fen(0),
    inScopeFen,
    totalFen: fen(inScopeFen + fullSelfFen),
    useAccount: true,
    attributes: input,
  }
}

function totalsBefore({ input }: Vector): BenefitTotals {
  return {
    ...EMPTY_YEAR,
    stays: { ...EMPTY_YEAR.stays, total: Number(given(input, 'nth')) - 1 },
    aboveDeductibleFen: money(input, 'accumulatedFen'),
    paidInFen: money(input, 'basicPaidFen'),
    paidLargeFen: money(input, 'largePaidFen'),
    accountFen: money(input, 'personalAccountFen'),
  }
}

function stay(plan: Plan, vector: Vector): Figures {
  const { outcome, steps } = explain(plan, factsOf(vector), totalsBefore(vector))
  assert.ok(outcome.kind === 'adjudicated')
  const tiers = steps
    .filter(({ name, layer }) => name === 'band' && layer === 'pooled')
    .map(({ inputs: { overlapFen }, result }) => {
      const [inside, fund] = [overlapFen, result].map(value => fen(BigInt(Number(value))))
      assert.ok(inside !== undefined && fund !== undefined)
      return [inside, minus(inside, fund), fund].map(fenToJson)
    })
  return { tiers, ...amountsOf(outcome) }
}

function amountsOf(outcome: BenefitOutcome): Figures {
  const pooledFen = fenToJson(outcome.pooledFen)
  return {
    deductibleFen: fenToJson(outcome.deductibleFen),
    pooledFen,
    basicFen: pooledFen,
    largeAmountFen: fenToJson(outcome.largeAmountFen),
    civilServantFen: fenToJson(outcome.civilServantFen),
    personalAccountFen: fenToJson(outcome.accountFen),
    outOfPocketFen: fenToJson(outcome.cashFen),
  }
}

function dues(plan: Plan, { input }: Vector): Figures {
  const owed = contribution(plan, {
    status: given(input, 'status'),
    age: Number(given(input, 'age')),
    year: 2009,
    averageWageFen: money(input, 'averageWageFen'),
    wageFen: money(input, 'wageFen'),
    attributes: { civilServant: given(input, 'civilServant') },
  })
  assert.ok(owed.kind === 'contribution')
  const of = (wanted: Parameters<typeof sumOfParts>[1]) => fenToJson(sumOfParts(owed, wanted))
  return {
    baseFen: fenToJson(owed.baseFen),
    employerFen: of(({ id }) => id === 'employer'),
    personFen: of(({ id }) => id === 'person'),
    largeAmountFen: of(({ to }) => to === 'largeAmount'),
    largeAmountPayer: owed.parts.find(({ to }) => to === 'largeAmount')?.payer,
    accountCreditFen: of(({ to }) => to === 'account'),
    civilServantFundFen: of(({ to }) => to === 'civilServantFund'),
  }
}

function reserve(plan: Plan, { input }: Vector): Figures {
  const drawn = riskReserve(plan, {
    incomeFen: money(input, 'incomeFen'),
    surplusFen: money(input, 'surplusFen'),
    balanceFen: money(input, 'balanceFen'),
  })
  assert.ok(drawn.kind === 'risk-reserve')
  return { drawFen: fenToJson(drawn.drawFen) }
}

const FUNCTIONS: Readonly<Record<string, (plan: Plan, vector: Vector) => Figures>> = {
  inpatient: stay,
  contribution: dues,
  riskReserve: reserve,
}

describe('the vectors of the packs', () => {
  const vectors: readonly Vector[] = [...V01, ...V04]
  test('there are nine of P01 and eight of P04', () => {
    assert.equal(vectors.filter(({ pack }) => pack === 'P01').length, 9)
    assert.equal(vectors.filter(({ pack }) => pack === 'P04').length, 8)
  })
  for (const vector of vectors) {
    test(`${vector.id} comes to the stated figures`, () => {
      const plan = PLANS.get(vector.pack)
      const compute = FUNCTIONS[vector.fn]
      assert.ok(plan !== undefined && compute !== undefined)
      const computed = compute(plan, vector)
      for (const [name, value] of Object.entries(vector.expect)) {
        assert.deepEqual(computed[name], value, name)
      }
    })
  }
})
