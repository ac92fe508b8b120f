/**
 * The language carries rules of packs that are not in the repository yet: vectors of P02, P03,
 * P05 and P16, written as data with the engine as it is.
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type {
  BenefitDocument,
  LayerDocument,
  PackDocument,
} from '@tongchou/contracts/policy-document.ts'
import { adjudicate } from '../adjudicate.ts'
import type { BenefitFacts } from '../facts.ts'
import type { BenefitOutcome } from '../outcome.ts'
import { amount, computed, PACK, planOf, stay, stays, visit, year } from '../testing/samples.ts'
import type { BenefitTotals } from '../totals.ts'

const clause = 'C1'
const fen = (value: number) => ({ fen: value, clause })
const fund = (bp: number) => ({ fundBp: bp, clause })

function pay(
  benefit: Partial<BenefitDocument> & { readonly layers: readonly LayerDocument[] },
  facts: BenefitFacts,
  totals: BenefitTotals = year(),
): BenefitOutcome {
  const whole = { covered: [], deductible: null, account: null, ...benefit }
  const means = { en: 'years without claim', zh: '未报销年数' }
  const pack: PackDocument = {
    ...PACK,
    effectiveFrom: null,
    attributes: { noClaimYears: { default: 0, means } },
    benefits: { ...PACK.benefits, [facts.kind]: whole },
  }
  return computed(adjudicate(planOf(pack), facts, totals))
}

describe('P02: rates by status and level, a cap on what the fund pays', () => {
  const level = (tier3: number, tier2: number) => ({
    by: 'level',
    of: { tier3: fund(tier3), tier2: fund(tier2) },
  })
  const layers: readonly LayerDocument[] = [
    {
      id: 'pooled',
      payer: 'pooled',
      of: 'aboveDeductible',
      bands: [
        { rate: { by: 'status', of: { active: level(9000, 9200), retired: level(9200, 9400) } } },
      ],
      cap: { kind: 'fundPayment', amount: fen(12_000_000), counts: ['paidInFen'] },
    },
  ]
  const deductible = (first: number) =>
    ({ per: 'stay', amount: { ladderFen: [first], clause } }) as const

  test('W1 and W2', () => {
    const first = pay({ layers, deductible: deductible(80_000) }, stay(3_000_000))
    assert.deepEqual([first.deductibleFen, first.pooledFen], [80_000n, 2_628_000n])
    const retired = stay(1_500_000, { status: 'retired', level: 'tier2' })
    assert.equal(pay({ layers, deductible: deductible(60_000) }, retired).pooledFen, 1_353_600n)
  })
})

describe('P03: bands on the burden, on the cost and between two amounts of the year', () => {
  const critical: LayerDocument = {
    id: 'critical',
    payer: 'catastrophic',
    of: 'unpaid',
    measure: 'burdenFen',
    from: fen(2_000_000),
    bands: [
      { to: fen(10_000_000), rate: fund(5000) },
      { to: fen(20_000_000), rate: fund(6000) },
      { to: fen(30_000_000), rate: fund(7000) },
    ],
  }
  test('W1 and W2, resident critical illness', () => {
    const pays = (burden: number, before: number) =>
      pay({ layers: [critical] }, stay(burden), year({ burdenFen: amount(before) })).catastrophicFen
    assert.equal(pays(25_000_000, 0), 13_500_000n)
    assert.equal(pays(2_000_000, 9_000_000), 1_100_000n)
  })

  test('W3, employee large amount on the cost of the year', () => {
    const large: LayerDocument = {
      id: 'large',
      payer: 'largeAmount',
      of: 'inScope',
      measure: 'costInFen',
      from: fen(15_000_000),
      bands: [{ to: fen(35_000_000), rate: fund(8000) }],
    }
    const totals = year({ costInFen: amount(12_000_000) })
    assert.equal(pay({ layers: [large] }, stay(28_000_000), totals).largeAmountFen, 16_000_000n)
  })

  test('W4 and W5, outpatient with a deductible lowered by years without claim', () => {
    const years = { '0': fen(50_000), '1': fen(40_000), '2': fen(30_000), '3': fen(20_000) }
    const outpatient: LayerDocument = {
      id: 'outpatient',
      payer: 'pooled',
      of: 'inScope',
      measure: 'costOutFen',
      from: { by: 'attribute.noClaimYears', of: years },
      bands: [{ rate: fund(5000) }],
      cap: { kind: 'eligibleExpense', amount: fen(300_000) },
    }
    const pays = (inScope: number, before: number, noClaimYears: number) => {
      const facts = visit(inScope, { attributes: { noClaimYears } })
      return pay({ layers: [outpatient] }, facts, year({ costOutFen: amount(before) })).pooledFen
    }
    assert.equal(pays(150_000, 10_000, 3), 70_000n)
    assert.equal(pays(50_000, 290_000, 0), 5_000n)
  })
})

describe('P05: tiers on excess cost, the cap counting the person’s share', () => {
  const supplement: LayerDocument = {
    id: 'supplement',
    payer: 'largeAmount',
    of: 'inScope',
    measure: 'costInFen',
    bands: [
      { to: fen(4_000_000), rate: fund(8500) },
      { to: fen(8_000_000), rate: fund(9000) },
      { rate: fund(9500) },
    ],
    cap: { kind: 'costIncludingPersonShare', amount: fen(10_000_000) },
  }
  test('W1, W2 and W3', () => {
    const pays = (excess: number, before: number) =>
      pay({ layers: [supplement] }, stay(excess), year({ costInFen: amount(before) }))
        .largeAmountFen
    assert.equal(pays(3_000_000, 0), 2_550_000n)
    assert.equal(pays(9_000_000, 0), 7_950_000n)
    assert.equal(pays(5_000_000, 7_000_000), 2_800_000n)
  })
})

describe('P16: half the deductible from the second stay on', () => {
  const layers: readonly LayerDocument[] = [
    {
      id: 'pooled',
      payer: 'pooled',
      of: 'aboveDeductible',
      bands: [{ rate: fund(7500) }],
      cap: { kind: 'fundPayment', amount: fen(7_000_000), counts: ['paidInFen'] },
    },
  ]
  const deductible = { per: 'stay', amount: { ladderFen: [50_000, 25_000], clause } } as const
  test('W1, W2 and W3', () => {
    const first = pay({ layers, deductible }, stay(1_050_000))
    const second = pay({ layers, deductible }, stay(1_025_000), year({ stays: stays(1) }))
    const totals = year({ stays: stays(1), paidInFen: amount(6_800_000) })
    const capped = pay({ layers, deductible }, stay(1_025_000), totals)
    assert.deepEqual(
      [first, second, capped].map(({ pooledFen, cashFen }) => [pooledFen, cashFen]),
      [
        [750_000n, 300_000n],
        [750_000n, 275_000n],
        [200_000n, 825_000n],
      ],
    )
  })
})
