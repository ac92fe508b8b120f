/** An area that gives the payment standards which P02 leaves to the city (P02-R11, P02-R12). */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { fen } from '@tongchou/contracts/money.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import { adjudicate, explain } from '../adjudicate.ts'
import { attributesAsked } from '../asks/attributes.ts'
import type { BenefitFacts } from '../facts.ts'
import { loadPolicy } from '../load.ts'
import { contentHash } from '../plan/content-hash.ts'
import { computed, stay, year } from '../testing/samples.ts'
import { packNamed } from '../testing/vectors/packs.ts'
import { apply } from '../totals.ts'

const P02 = packNamed('P02')
const figure = (of: object) => ({ ...of, reading: 'area' })
const flag = (is: boolean) => figure({ is })

/** Lupus 3,000 yuan a year, from 2026 on 3,600; myasthenia 2,000; haemophilia not stated. */
const AREA = {
  form: 'override',
  packId: 'AREA',
  name: { en: 'Area', zh: '某市' },
  parent: { packId: 'P02', hash: contentHash(P02) },
  region: '421100',
  effectiveFrom: '2025-01-01',
  effectiveTo: null,
  documents: {},
  clauses: {},
  readings: { area: { en: 'Set by the city.', zh: '由市人社局规定。' } },
  set: {
    attributes: {
      ...P02.attributes,
      registered: { default: false, from: 'registered', means: { en: 'registered', zh: '已登记' } },
      diseases: { default: '', from: 'diseases', means: { en: 'diseases', zh: '病种' } },
    },
    chronicLimit: {
      othersShare: { fundBp: 5_000, clause: 'P02-R12', reading: 'P02-A5' },
      limits: {
        lupus: {
          by: 'date',
          of: {
            '..2025-12-31': figure({ fen: 300_000 }),
            '2026-01-01..': figure({ fen: 360_000 }),
          },
        },
        myasthenia: figure({ fen: 200_000 }),
      },
    },
    counters: { ...P02.counters, chronicPaid: { of: { paidBy: 'chronic' }, kinds: ['chronic'] } },
    'benefits.chronic': {
      covered: [{ by: 'attribute.registered', of: { true: flag(true), false: flag(false) } }],
      deductible: null,
      layers: [
        {
          ...{ id: 'chronic', payer: 'pooled', of: 'aboveDeductible' },
          bands: [{ rate: figure({ fundBp: 8_000 }) }],
          cap: {
            ...{ kind: 'fundPayment', amount: figure({ fen: 0 }), counts: ['own.chronicPaid'] },
            diseases: 'diseases',
          },
        },
      ],
      account: null,
    },
  },
}
const loaded = loadPolicy(AREA, { parents: [P02] })
assert.ok(loaded.ok, loaded.ok ? '' : JSON.stringify(loaded.problems))
const { plan, document } = loaded

function visit(inScopeFen: number, diseases: string, on = '2025-06-01'): BenefitFacts {
  const day = businessDate(on)
  const attributes = {
    registered: String(diseases !== ''),
    ...(diseases === '' ? {} : { diseases }),
  }
  const at = { insuredRegion: '421100', treatingRegion: '421100' }
  return stay(inScopeFen, { kind: 'chronic', ...at, attributes, beginOn: day, endOn: day })
}

function paid(...visits: readonly BenefitFacts[]): readonly bigint[] {
  let totals = year()
  return visits.map(facts => {
    const { pooledFen, effect } = computed(adjudicate(plan, facts, totals))
    totals = apply(totals, effect)
    return pooledFen
  })
}

/** @source capabilities CL-19 to CL-21 */
describe('the limit of a person with registered diseases', () => {
  test('caps what the fund pays in the year, whatever the visits', () => {
    assert.deepEqual(paid(visit(1_000_000, 'lupus')), [300_000n])
    const each = [200_000, 200_000, 10_000].map(amount => visit(amount, 'lupus'))
    assert.deepEqual(paid(...each), [160_000n, 140_000n, 0n])
  })

  test('is the main disease’s and half of the others’: 3,000 and 2,000 give 4,000', () => {
    assert.deepEqual(paid(visit(1_000_000, 'lupus;myasthenia')), [400_000n])
    assert.deepEqual(paid(visit(1_000_000, 'myasthenia;lupus;lupus')), [400_000n])
  })

  test('is that in force on the day of the visit', () => {
    const last = visit(1_000_000, 'lupus', '2025-12-31')
    const first = visit(1_000_000, 'lupus', '2026-01-01')
    assert.deepEqual([paid(last), paid(first)], [[300_000n], [360_000n]])
  })

  test('is not guessed for a disease that has none, and nothing is paid without a register', () => {
    const outcome = adjudicate(plan, visit(1_000_000, 'lupus;haemophilia'), year())
    assert.deepEqual(
      [outcome.kind, 'path' in outcome ? outcome.path : ''],
      ['no-policy', 'chronicLimit.limits'],
    )
    assert.deepEqual(paid(visit(1_000_000, '')), [0n])
  })

  test('stands in the explanation as the cap, with what was used', () => {
    const used = year({ own: { 'own.chronicPaid': fen(100_000) } })
    const { steps } = explain(plan, visit(1_000_000, 'lupus'), used)
    const room = steps.find(({ name }) => name === 'room')
    assert.deepEqual(room?.inputs, { usedFen: 100_000n, capFen: 300_000n })
    assert.equal(room?.result, 200_000n)
  })

  test('is asked of enrolment, not of the hospital', () => {
    const asked = attributesAsked(document, plan).map(({ name, from }) => `${name} ${from}`)
    assert.deepEqual(asked.slice(-2), ['registered registered', 'diseases diseases'])
  })
})
