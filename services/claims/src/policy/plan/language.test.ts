/** The words of the language, each alone in a small pack, at its boundaries. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type {
  BandDocument,
  BenefitDocument,
  LayerDocument,
  PackDocument,
} from '@tongchou/contracts/policy-document.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import { adjudicate, explain } from '../adjudicate.ts'
import type { BenefitFacts } from '../facts.ts'
import type { BenefitOutcome } from '../outcome.ts'
import { amount, computed, PACK, planOf, stay, stays, visit, year } from '../testing/samples.ts'
import { apply, type BenefitTotals } from '../totals.ts'
import type { Plan } from './plan.ts'

const clause = 'C1'
const fen = (value: number) => ({ fen: value, clause })
const fund = (bp: number) => ({ fundBp: bp, clause })
const yes = { is: true, clause } as const
const no = { is: false, clause } as const
const means = { en: 'an attribute', zh: '属性' }

type Benefit = Exclude<BenefitDocument, { readonly missing: unknown }>

function packOf(benefit: Partial<Benefit>, more: Partial<PackDocument> = {}): Plan {
  const whole: Benefit = {
    covered: [],
    deductible: null,
    layers: [layer({})],
    account: null,
    ...benefit,
  }
  return planOf({
    ...PACK,
    effectiveFrom: null,
    attributes: {
      years: { default: 0, means },
      handedFen: { default: null, means },
      paidOn: { default: null, means },
    },
    benefits: { ...PACK.benefits, inpatient: whole, outpatient: whole },
    ...more,
  })
}

function layer(changes: Partial<LayerDocument>): LayerDocument {
  const bands = [{ rate: fund(8_000) }]
  return { id: 'pooled', payer: 'pooled', of: 'aboveDeductible', bands, ...changes }
}

function banded(band: Partial<BandDocument>): Plan {
  return packOf({ layers: [layer({ bands: [{ rate: fund(8_000), ...band }] })] })
}

function of(plan: Plan, facts: BenefitFacts, totals: BenefitTotals = year()): BenefitOutcome {
  return computed(adjudicate(plan, facts, totals))
}

describe('rates', () => {
  const rate = (plan: Plan) => of(plan, stay(10_000)).fundBp

  test('are raised and lowered by points, within 0 and 100 %', () => {
    assert.equal(rate(banded({ plus: [fund(500), fund(250)] })), 8_750)
    assert.equal(rate(banded({ minus: [fund(1_000)] })), 7_000)
    assert.equal(rate(banded({ plus: [fund(500)], minus: [fund(1_500)] })), 7_000)
    assert.equal(rate(banded({ plus: [fund(2_001)] })), 10_000)
    assert.equal(rate(banded({ minus: [fund(8_001)] })), 0)
  })

  test('are multiplied by factors, which are no points, each rounded to the basis point', () => {
    assert.equal(rate(banded({ times: [fund(9_000)] })), 7_200)
    assert.equal(rate(banded({ times: [fund(3_333), fund(5_000)] })), 1_333)
    assert.equal(rate(banded({ plus: [fund(500)], times: [fund(5_000)] })), 4_250)
  })

  test('of the person are lowered by points and leave the fund its factor', () => {
    const person = (band: Partial<BandDocument>) =>
      rate(banded({ rate: { personBp: 2_000, clause }, ...band }))
    assert.deepEqual(
      [person({ plus: [fund(500)] }), person({ times: [fund(5_000)] })],
      [8_500, 4_000],
    )
  })

  test('never fall below a floor', () => {
    const floored = (points: number) => rate(banded({ minus: [fund(points)], floor: fund(5_500) }))
    assert.deepEqual([floored(2_499), floored(2_500), floored(2_501)], [5_501, 5_500, 5_500])
  })
})

describe('rules choose', () => {
  const when = (rule: LayerDocument['when']) =>
    packOf({ layers: [layer(rule === undefined ? {} : { when: rule })] })
  const pays = (plan: Plan, changes: Partial<BenefitFacts>, totals = year()) =>
    of(plan, stay(10_000, changes), totals).pooledFen > 0n

  test('by date, both ends included', () => {
    const plan = when({ by: 'date', of: { '..2025-03-08': no, '2025-03-09..': yes } })
    const on = (day: string) => ({ endOn: businessDate(day) })
    assert.deepEqual([pays(plan, on('2025-03-08')), pays(plan, on('2025-03-09'))], [false, true])
  })

  test('by ranges of an attribute, also at its default', () => {
    const plan = when({ by: 'attribute.years', of: { '..1': no, '2..3': yes, '4..': no } })
    const years = (value: number) => pays(plan, { attributes: { years: value } })
    assert.deepEqual([0, 1, 2, 3, 4].map(years), [false, false, true, true, false])
    assert.equal(pays(plan, {}), false)
  })

  test('by ranges with an else, where none holds the value or the claim lacks it', () => {
    const plan = when({ by: 'attribute.handedFen', of: { '5..6': yes }, else: no })
    const handed = (value: string) => pays(plan, { attributes: { handedFen: value } })
    assert.deepEqual(
      [handed('5'), handed('7'), handed('some'), pays(plan, {})],
      [true, false, false, false],
    )
  })

  test('by a running total of the year', () => {
    const plan = when({ by: 'total.paidInFen', of: { '..99': yes, '100..': no } })
    const paid = (value: number) => pays(plan, {}, year({ paidInFen: amount(value) }))
    assert.deepEqual([paid(99), paid(100)], [true, false])
  })

  test('by kind and by emergency', () => {
    const kind = when({ by: 'kind', of: { inpatient: yes, 'outpatient|chronic|pharmacy': no } })
    assert.deepEqual([pays(kind, {}), of(kind, visit(10_000)).pooledFen], [true, 0n])
    const emergency = when({ by: 'emergency', of: { true: yes, false: no } })
    assert.deepEqual([pays(emergency, {}), pays(emergency, { emergency: true })], [false, true])
  })
})

describe('a deductible', () => {
  const ladder = (...ladderFen: readonly number[]) => ({ ladderFen, clause })
  const borne = (deductible: Benefit['deductible'], before: number, changes = {}) =>
    of(packOf({ deductible }), stay(900_000, changes), year({ stays: stays(before) })).deductibleFen

  test('of later stays is a part of the first, half up', () => {
    const deductible = { per: 'stay', amount: ladder(50_001), later: fund(5_000) } as const
    assert.deepEqual(
      [0, 1, 2].map(before => borne(deductible, before)),
      [50_001n, 25_001n, 25_001n],
    )
  })

  test('is lowered to another ladder where that is lower', () => {
    const lowered = { when: yes, to: ladder(50_000, 0) }
    const amounts = ladder(40_000, 30_000)
    const deductible = { per: 'stay', amount: amounts, lowered } as const
    assert.deepEqual(
      [0, 1].map(before => borne(deductible, before)),
      [40_000n, 0n],
    )
    const never = { ...deductible, lowered: { ...lowered, when: no } }
    assert.deepEqual(
      [0, 1].map(before => borne(never, before)),
      [40_000n, 30_000n],
    )
  })

  test('is charged only as far as the same episode has not borne it', () => {
    const deductible = { per: 'stay', amount: ladder(80_000), less: 'handedFen' } as const
    const after = (handedFen: number) => borne(deductible, 0, { attributes: { handedFen } })
    assert.deepEqual([0, 50_000, 80_000, 90_000].map(after), [80_000n, 30_000n, 0n, 0n])
    assert.equal(borne(deductible, 0), 80_000n)
  })
})

describe('a waiting period', () => {
  const waiting = { since: 'paidOn', months: { count: 3, clause } }
  const pays = (paidOn: string, beginOn: string, months = 3) => {
    const plan = packOf({ waiting: { ...waiting, months: { count: months, clause } } })
    const facts = stay(100, { beginOn: businessDate(beginOn), attributes: { paidOn } })
    return of(plan, facts).pooledFen
  }

  test('ends on the same day so many calendar months later, or on the last of the month', () => {
    assert.deepEqual(
      [pays('2008-07-01', '2008-09-30'), pays('2008-07-01', '2008-10-01')],
      [0n, 80n],
    )
    assert.deepEqual(
      [pays('2024-11-30', '2025-02-27'), pays('2024-11-30', '2025-02-28')],
      [0n, 80n],
    )
    assert.deepEqual(
      [pays('2023-11-30', '2024-02-28'), pays('2023-11-30', '2024-02-29')],
      [0n, 80n],
    )
    assert.deepEqual(
      [pays('2024-12-31', '2025-03-30'), pays('2024-12-31', '2025-03-31')],
      [0n, 80n],
    )
  })

  test('of no months asks for no day; one of some is refused without it', () => {
    const plan = packOf({ waiting: { ...waiting, months: { count: 0, clause } } })
    assert.equal(of(plan, stay(100)).pooledFen, 80n)
    const refused = adjudicate(packOf({ waiting }), stay(100), year())
    assert.ok(refused.kind === 'no-policy')
    assert.equal(refused.path, 'benefits.inpatient.waiting.since')
  })
})

describe('entitlement', () => {
  const open = { is: null, clause, missing: means } as const

  test('is denied by one flag that is known not to hold, whatever the others are', () => {
    for (const covered of [
      [open, no],
      [no, open],
      [yes, no],
    ]) {
      assert.equal(of(packOf({ covered }), stay(100)).cashFen, 100n)
    }
    const early = { count: 3, clause }
    const plan = packOf({ covered: [open], waiting: { since: 'paidOn', months: early } })
    assert.equal(of(plan, stay(100, { attributes: { paidOn: '2025-02-28' } })).cashFen, 100n)
  })

  test('is refused where an unknown flag decides', () => {
    for (const covered of [[open], [yes, open], [open, yes]]) {
      const refused = adjudicate(packOf({ covered }), stay(100), year())
      assert.ok(refused.kind === 'no-policy')
      assert.equal(refused.path, `benefits.inpatient.covered.${covered.indexOf(open)}`)
    }
  })
})

test('the rate told is that of the pooled fund, 0 where it has no layer', () => {
  const other = packOf({ layers: [layer({ id: 'more', payer: 'largeAmount' })] })
  const { fundBp, largeAmountFen } = of(other, stay(100))
  assert.deepEqual([fundBp, largeAmountFen], [0, 80n])
})

describe('a layer', () => {
  test('may take what lies beyond the bands of an earlier one', () => {
    const layers = [
      layer({ bands: [{ to: fen(60_000), rate: fund(8_000) }] }),
      layer({ id: 'more', payer: 'largeAmount', fund: 'supplement', of: { beyondOf: 'pooled' } }),
    ]
    const outcome = of(packOf({ layers }), stay(100_000))
    assert.deepEqual([outcome.pooledFen, outcome.largeAmountFen], [48_000n, 32_000n])
    assert.equal(outcome.layers[1]?.payerFund, 'employee.supplement')
  })

  test('on first shares and over limits pays beside the scope and leaves its burden', () => {
    const layers = [
      layer({}),
      layer({ id: 'first', payer: 'civilServant', of: 'firstShare' }),
      layer({ id: 'over', payer: 'assistance', of: 'overLimit' }),
      layer({ id: 'rest', payer: 'catastrophic', of: 'unpaid' }),
    ]
    const split = { firstShareFen: amount(10_000), overLimitFen: amount(5_000) }
    const facts = stay(100_000, { ...split, totalFen: amount(115_000) })
    const outcome = of(packOf({ layers }), facts)
    assert.deepEqual([outcome.civilServantFen, outcome.assistanceFen], [8_000n, 4_000n])
    assert.deepEqual([outcome.catastrophicFen, outcome.cashFen], [16_000n, 7_000n])
  })

  test('on an amount handed over is refused without it, and takes at most what is in scope', () => {
    const plan = packOf({ layers: [layer({ of: { given: 'handedFen' } })] })
    const refused = adjudicate(plan, stay(100), year())
    assert.ok(refused.kind === 'no-policy')
    assert.equal(refused.path, 'benefits.inpatient.layers.0.of')
    const pays = (handedFen: number) => of(plan, stay(100, { attributes: { handedFen } })).pooledFen
    assert.deepEqual([pays(50), pays(100), pays(101)], [40n, 80n, 80n])
  })

  test('never pays what an earlier one has paid, and says so', () => {
    const layers = [layer({}), layer({ id: 'again', payer: 'largeAmount', of: 'inScope' })]
    const { outcome, steps } = explain(packOf({ layers }), stay(100), year())
    assert.equal(computed(outcome).largeAmountFen, 20n)
    const paid = steps.find(({ name, layer: id }) => name === 'paid' && id === 'again')
    assert.deepEqual(paid?.inputs, { dueFen: 80n, unpaidFen: 20n })
  })

  test('has a cap that attributes raise', () => {
    const cap = {
      kind: 'fundPayment',
      amount: fen(100),
      counts: ['paidInFen'],
      plus: ['handedFen'],
    } as const
    const plan = packOf({ layers: [layer({ cap })] })
    const pays = (attributes: BenefitFacts['attributes']) =>
      of(plan, stay(10_000, { attributes }), year({ paidInFen: amount(90) })).pooledFen
    assert.deepEqual([pays({}), pays({ handedFen: 5 })], [10n, 15n])
  })
})

describe('a counter of the policy’s own', () => {
  const counters = {
    borne: { of: 'unpaid', when: { by: 'filing', of: { local: yes }, else: no } },
    fund: { of: { paidBy: 'pooled' }, kinds: ['inpatient', 'outpatient'] },
  } as const
  const plan = packOf({}, { counters })

  test('adds what the person bears, where its flag holds', () => {
    assert.equal(of(plan, stay(100)).effect.own['own.borne'], 20n)
    const away = of(plan, stay(100, { treatingRegion: '310100' }))
    assert.equal(away.effect.own['own.borne'], undefined)
  })

  test('adds claims of its kinds alone', () => {
    const { own } = of(plan, visit(100)).effect
    assert.deepEqual(own, { 'own.fund': 80n })
  })

  test('is a measure and counts to a cap', () => {
    const cap = { kind: 'fundPayment', amount: fen(100), counts: ['own.fund'] } as const
    const capped = packOf({ layers: [layer({ cap, measure: 'own.borne' })] }, { counters })
    const first = apply(year(), of(capped, stay(100)).effect)
    assert.equal(of(capped, stay(100), first).pooledFen, 20n)
  })
})
