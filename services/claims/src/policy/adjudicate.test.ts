/** The boundaries of every ladder, band and cap, and what a policy refuses to compute. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { AssertionFault } from '@tongchou/contracts/decision.ts'
import { fen } from '@tongchou/contracts/money.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import P01 from '../../../../contracts/policies/packs/P01.json' with { type: 'json' }
import P04 from '../../../../contracts/policies/packs/P04.json' with { type: 'json' }
import { adjudicate, explain } from './adjudicate.ts'
import type { BenefitFacts, Level } from './facts.ts'
import type { NoPolicy } from './outcome.ts'
import type { Plan } from './plan/plan.ts'
import { amount, computed, planOf, stay, stays, TABLE, visit, year } from './testing/samples.ts'
import type { BenefitTotals } from './totals.ts'

const table = planOf(TABLE)
const p01 = planOf(P01)
const p04 = planOf(P04)

function of(plan: Plan, facts: BenefitFacts, totals: BenefitTotals = year()) {
  return computed(adjudicate(plan, facts, totals))
}

function refusal(plan: Plan, facts: BenefitFacts): NoPolicy {
  const outcome = adjudicate(plan, facts, year())
  assert.ok(outcome.kind === 'no-policy')
  return outcome
}

function resident(inScopeFen: number, changes: Partial<BenefitFacts> = {}): BenefitFacts {
  const attributes = { waitingOver: true, ...changes.attributes }
  const on = { beginOn: businessDate('2008-10-01'), endOn: businessDate('2008-10-05') }
  return stay(inScopeFen, { scheme: 'resident', status: 'adult', ...on, ...changes, attributes })
}

describe('the deductible', () => {
  test('follows the ladder by stay and repeats its last entry', () => {
    const borne = [0, 1, 2, 3, 9].map(n => of(table, stay(900_000), year({ stays: stays(n) })))
    assert.deepEqual(
      borne.map(({ deductibleFen }) => deductibleFen),
      [100_000n, 60_000n, 30_000n, 30_000n, 30_000n],
    )
    assert.deepEqual(
      borne.map(({ ladderPosition }) => ladderPosition),
      [0, 1, 2, 3, 9],
    )
  })

  test('takes all of an amount below, at and one fen above it', () => {
    const cases = [99_999, 100_000, 100_001].map(inScope => of(table, stay(inScope)))
    assert.deepEqual(
      cases.map(({ deductibleFen }) => deductibleFen),
      [99_999n, 100_000n, 100_000n],
    )
    assert.deepEqual(
      cases.map(({ pooledFen }) => pooledFen),
      [0n, 0n, 1n],
    )
  })

  test('counts stays at the same level alone where the table says so', () => {
    const plan = planOf({ ...TABLE, inpatient: { ...TABLE.inpatient, stayCount: 'sameLevel' } })
    const totals = year({ stays: { ...stays(3), tier1: 2, tier3: 1 } })
    assert.equal(of(plan, stay(900_000), totals).deductibleFen, 60_000n)
    assert.equal(of(plan, stay(900_000, { level: 'tier1' }), totals).deductibleFen, 20_000n)
  })

  test('stays within what is left of the maximum of the year', () => {
    const inpatient = { ...TABLE.inpatient, deductibleMaxFenPerYear: 120_000 }
    const plan = planOf({ ...TABLE, inpatient })
    const left = [20_000, 20_001, 119_999, 120_000, 130_000].map(
      used => of(plan, stay(900_000), year({ dedInFen: amount(used) })).deductibleFen,
    )
    assert.deepEqual(left, [100_000n, 99_999n, 1n, 0n, 0n])
  })

  test('of outpatient visits is used up over the year, or taken anew by each visit', () => {
    const used = year({ dedOutFen: amount(39_999) })
    assert.equal(of(table, visit(50_000), used).deductibleFen, 1n)
    const plan = planOf({ ...TABLE, outpatient: { ...TABLE.outpatient, deductiblePer: 'visit' } })
    assert.equal(of(plan, visit(50_000), used).deductibleFen, 40_000n)
  })

  test('is not used, and nothing is paid, at a level whose outpatient rate is 0', () => {
    const { deductibleFen, fundBp, cashFen, effect } = of(table, visit(50_000, { level: 'tier3' }))
    assert.deepEqual([deductibleFen, fundBp, cashFen], [0n, 0, 50_000n])
    assert.deepEqual([effect.dedOutFen, effect.costOutFen], [0n, 0n])
  })

  test('is none for a chronic claim, which is no stay', () => {
    const { deductibleFen, effect } = of(table, stay(500_000, { kind: 'chronic' }))
    assert.deepEqual([deductibleFen, effect.stays, effect.costInFen], [0n, 0, 500_000n])
  })
})

describe('a cap', () => {
  test('lets through what is left of it, to the fen', () => {
    const pooled = [9_919_999, 9_920_000, 9_920_001, 9_999_999, 10_000_000, 11_000_000].map(
      paid => of(table, stay(200_000), year({ paidInFen: amount(paid) })).pooledFen,
    )
    assert.deepEqual(pooled, [80_000n, 80_000n, 79_999n, 1n, 0n, 0n])
  })

  test('counts outpatient payments too where they share it', () => {
    const outpatient = { ...TABLE.outpatient, sharesInpatientCap: true }
    const plan = planOf({ ...TABLE, outpatient })
    const totals = year({ paidInFen: amount(5_000_000), paidOutFen: amount(4_999_990) })
    assert.equal(of(plan, stay(200_000), totals).pooledFen, 10n)
    assert.equal(of(plan, visit(90_000), totals).pooledFen, 10n)
  })

  test('of the catastrophic layer holds, and what the cap of the pooled fund cut is burden', () => {
    const totals = year({
      paidInFen: amount(10_000_000),
      burdenFen: amount(3_000_000),
      paidCatFen: amount(4_999_999),
    })
    const { pooledFen, catastrophicFen, effect } = of(table, stay(200_000), totals)
    assert.deepEqual([pooledFen, catastrophicFen, effect.burdenFen], [0n, 1n, 200_000n])
  })
})

describe('a band', () => {
  test('of the burden begins after its start and holds its end', () => {
    const chronic = (inScopeFen: number, before: number) =>
      of(
        table,
        stay(inScopeFen, { kind: 'chronic' }),
        year({ paidInFen: amount(10_000_000), burdenFen: amount(before) }),
      ).catastrophicFen
    assert.equal(chronic(1_000_000, 0), 0n)
    assert.equal(chronic(1_000_001, 0), 1n)
    assert.equal(chronic(100, 999_950), 30n)
    assert.equal(chronic(100, 2_999_900), 60n)
    assert.equal(chronic(100, 2_999_950), 65n)
    assert.equal(chronic(100, 3_000_000), 70n)
  })

  test('of P01 lies on the cost above the deductible, and P01 ends at 200,000 yuan', () => {
    const totals = (before: number) => year({ aboveDeductibleFen: amount(before), stays: stays(2) })
    const pays = (before: number) => {
      const { pooledFen, largeAmountFen } = of(p01, stay(45_000), totals(before))
      return [pooledFen, largeAmountFen]
    }
    assert.deepEqual(pays(5_990_000), [9_100n, 0n])
    assert.deepEqual(pays(5_990_001), [9_100n, 0n])
    assert.deepEqual(pays(5_995_000), [4_550n + 4_600n, 0n])
    assert.deepEqual(pays(6_000_000), [9_200n, 0n])
    assert.deepEqual(pays(9_000_000), [9_300n, 0n])
    assert.deepEqual(pays(9_995_000), [4_650n, 4_000n])
    assert.deepEqual(pays(10_000_000), [0n, 8_000n])
    assert.deepEqual(pays(19_999_999), [0n, 1n])
    assert.deepEqual(pays(20_000_000), [0n, 0n])
  })
})

describe('rounding', () => {
  test('rounds the share that the source states: half a fen goes to the person of P01', () => {
    const { pooledFen, cashFen } = of(p01, stay(35_050), year({ stays: stays(2) }))
    assert.deepEqual([pooledFen, cashFen], [45n, 35_005n])
  })

  test('rounds the rate after the remote factor before it is used', () => {
    const away = { treatingRegion: '310100', emergency: true }
    const plan = planOf({ ...TABLE, remote: { ...TABLE.remote, unfiledEmergencyBp: 8_331 } })
    const { fundBp, pooledFen } = of(plan, stay(1_100_000, away))
    assert.deepEqual([fundBp, pooledFen], [6_665, 666_500n])
  })
})

describe('the personal account', () => {
  const split = { fullSelfFen: amount(7_000), totalFen: amount(27_000) }

  test('pays no full self-pay, no more than its balance, and only when asked', () => {
    const pays = (balance: number, useAccount: boolean) => {
      const facts = visit(20_000, { ...split, useAccount })
      return of(table, facts, year({ accountFen: amount(balance) })).accountFen
    }
    assert.deepEqual(
      [pays(99_999, true), pays(100, true), pays(99_999, false)],
      [20_000n, 100n, 0n],
    )
  })

  test('of P01 pays the share of the layers, not what lies beyond them', () => {
    const totals = year({ aboveDeductibleFen: amount(19_990_000), accountFen: amount(900_000) })
    const facts = stay(200_000, { ...split, totalFen: amount(207_000), useAccount: true })
    const { largeAmountFen, accountFen, cashFen } = of(p01, facts, totals)
    assert.deepEqual([largeAmountFen, accountFen, cashFen], [8_000n, 72_000n, 127_000n])
  })
})

describe('P04', () => {
  test('pays by place and raises children by 20 points', () => {
    const rate = (changes: Partial<BenefitFacts>) => of(p04, resident(100_000, changes)).fundBp
    const away = { treatingRegion: '310100' }
    assert.equal(rate({}), 6000)
    assert.equal(rate({ ...away, emergency: true }), 5000)
    assert.equal(rate({ status: 'child' }), 8000)
    assert.equal(rate({ ...away, emergency: true, status: 'child' }), 7000)
  })

  test('pays nothing outside without approval or emergency, and in the waiting period', () => {
    const outside = of(p04, resident(100_000, { treatingRegion: '310100' }))
    const waiting = of(p04, resident(100_000, { attributes: { waitingOver: false } }))
    for (const { cashFen, effect } of [outside, waiting]) {
      assert.equal(cashFen, 100_000n)
      assert.deepEqual([effect.stays, effect.costInFen], [0, 0n])
    }
  })

  test('counts the waiting period from the day of payment where nobody says that it is over', () => {
    const pays = (paidOn: string, status = 'adult') => {
      const facts = resident(100_000, { status })
      return of(p04, { ...facts, attributes: { premiumPaidOn: paidOn } }).pooledFen
    }
    assert.deepEqual([pays('2008-07-02'), pays('2008-07-01')], [0n, 36_000n])
    assert.equal(pays('2008-09-30', 'child'), 80_000n)
  })

  test('takes an attribute as text as it takes it as a flag', () => {
    const facts = resident(100_000, { attributes: { waitingOver: 'true' } })
    assert.equal(of(p04, facts).pooledFen, 36_000n)
  })
})

describe('a claim that no policy computes', () => {
  test('is refused where the level, the kind or a figure is not in the policy', () => {
    const level: Level = 'tier2'
    assert.equal(refusal(table, stay(1, { level })).path, 'inpatient.fundBp.active')
    assert.equal(refusal(p01, stay(1, { kind: 'chronic' })).path, 'benefits.chronic')
    assert.equal(
      refusal(p04, resident(100_000, { level: 'tier1' })).path,
      'benefits.inpatient.deductible.amount.adult.tier1',
    )
    const { sources } = refusal(p01, stay(1, { treatingRegion: '310100' }))
    assert.deepEqual(
      sources.map(({ clause }) => clause),
      ['P01-R44'],
    )
  })

  test('is refused where it does not give a fact that the policy asks for', () => {
    const { path } = refusal(p04, { ...resident(100_000), attributes: {} })
    assert.equal(path, 'benefits.inpatient.waiting.since')
  })

  test('is refused by a plan of another scheme or region, or out of force', () => {
    const { because } = refusal(table, stay(1, { scheme: 'resident' }))
    assert.equal(because, 'other-scheme')
    assert.equal(refusal(table, stay(1, { insuredRegion: '310100' })).because, 'other-region')
    const endOn = businessDate('2024-12-31')
    assert.equal(refusal(table, stay(1, { beginOn: endOn, endOn })).because, 'not-in-force')
    const ended = planOf({ ...TABLE, effectiveTo: '2025-03-07' })
    assert.equal(refusal(ended, stay(1)).because, 'not-in-force')
    assert.equal(of(planOf({ ...TABLE, effectiveTo: '2025-03-08' }), stay(1)).totalFen, 1n)
  })

  test('whose parts miss the total by one fen is a bug', () => {
    const facts = stay(100, { totalFen: fen(101) })
    assert.throws(() => adjudicate(table, facts, year()), AssertionFault)
  })
})

describe('an explanation', () => {
  test('names document, clause and quote of every figure, in two languages', () => {
    const { steps, packHash, assumptions } = explain(p01, stay(8_000_000), year())
    assert.equal(packHash, p01.hash)
    assert.ok(assumptions.length > 0)
    assert.deepEqual(
      steps.map(({ name, layer }) => `${layer}.${name}`),
      [
        'filing.filing',
        'covered.covered',
        'pooled.pooledRate',
        'deductible.stays',
        'deductible.deductible',
        'pooled.end',
        'pooled.band',
        'pooled.band',
        'pooled.due',
        'pooled.paid',
        'largeAmount.due',
        'largeAmount.paid',
        'civilServant.applies',
        'cash.cash',
      ],
    )
    const band = steps.find(({ name }) => name === 'band')
    assert.deepEqual(band?.figures[0], {
      path: 'benefits.inpatient.layers.0.bands.0.rate.active',
      value: 900,
      sources: [
        {
          document: '州级统筹,城镇职工 (000_3abebf3ac4488458.txt 篇10)',
          clause: 'P01-R30',
          quote: '起付标准以上至6万元,在职职工个人负担9%,退休人员个人负担7%',
        },
      ],
      readings: [],
    })
    for (const { en, zh } of steps) assert.ok(en !== '' && zh !== '')
  })
})
