/** What earlier years say, beyond the vectors of P03. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { adjudicate } from '../adjudicate.ts'
import { amount, computed, PACK, planOf, stay, year } from '../testing/samples.ts'
import { planNamed } from '../testing/vectors/packs.ts'
import { historyAttributes, type PastYear } from './history.ts'

const resident = planNamed('P03-resident')
const employee = planNamed('P03-employee')

function past(...costs: readonly (number | 'part')[]): readonly PastYear[] {
  return costs.map((cost, index) => ({
    year: 2010 + index,
    totals: year({ costOutFen: amount(cost === 'part' ? 0 : cost) }),
    wholeYear: cost !== 'part',
    status: 'adult',
  }))
}

describe('years in a row without a claim', () => {
  const streak = (...costs: readonly (number | 'part')[]) =>
    historyAttributes(resident, past(...costs))['noClaimYears']

  test('hold each year to the deductible that the years before had earned', () => {
    assert.deepEqual([streak(), streak(50_000), streak(50_001)], ['0', '1', '0'])
    assert.deepEqual([streak(0, 40_000), streak(0, 40_001)], ['2', '0'])
    assert.deepEqual([streak(0, 0, 0, 20_000), streak(0, 0, 0, 20_001)], ['4', '0'])
  })

  test('begin anew after a year that was not insured as a whole', () => {
    assert.deepEqual([streak(0, 0, 'part'), streak(0, 'part', 0)], ['0', '1'])
  })
})

describe('what was not used of a limit', () => {
  test('adds up over years, and a year above the limit takes nothing back', () => {
    const { carriedFen } = historyAttributes(resident, past(299_999, 300_000, 300_001))
    assert.equal(carriedFen, '1')
  })

  test('is left out where the policy does not know the limit', () => {
    assert.equal(historyAttributes(employee, past(0))['carriedFen'], undefined)
  })
})

describe('a year without a day of cover', () => {
  const away: PastYear = {
    year: 2012,
    totals: year(),
    wholeYear: false,
    uninsured: true,
    status: 'adult',
  }

  test('breaks a row of years and leaves nothing of a limit over', () => {
    const told = historyAttributes(resident, [...past(0, 0), away, ...past(299_999)])
    assert.deepEqual(told, { carriedFen: '600001', noClaimYears: '0' })
  })

  test('has no total of last year, which is not 0', () => {
    const told = historyAttributes(employee, [...past(7), { ...away, status: 'active' }])
    assert.equal(told['lastYearOutpatientFen'], undefined)
  })
})

test('continuous years count whole ones up to the last, and rules choose by them', () => {
  const years = { fundBp: 500, clause: 'C1' }
  const none = { fundBp: 0, clause: 'C1' }
  const plan = planOf({
    ...PACK,
    attributes: { continuousYears: { default: 0, means: { en: 'years', zh: '年数' } } },
    history: { continuousYears: { kind: 'insuredYears' } },
    benefits: {
      ...PACK.benefits,
      inpatient: {
        covered: [],
        deductible: null,
        account: null,
        layers: [
          {
            id: 'pooled',
            payer: 'pooled',
            of: 'inScope',
            bands: [
              {
                rate: { fundBp: 8000, clause: 'C1' },
                plus: [{ by: 'attribute.continuousYears', of: { '..1': none, '2..': years } }],
              },
            ],
          },
        ],
      },
    },
  })
  const rate = (...insured: readonly (number | 'part')[]) => {
    const attributes = historyAttributes(plan, past(...insured))
    return computed(adjudicate(plan, stay(1, { attributes }), year())).fundBp
  }
  assert.deepEqual([rate(), rate(1), rate(1, 1)], [8000, 8000, 8500])
  assert.deepEqual([rate(1, 1, 'part'), rate(1, 1, 'part', 1, 1)], [8000, 8500])
})

test('the total of last year is that of the last one, and none before the first', () => {
  assert.equal(historyAttributes(employee, past(7, 9))['lastYearOutpatientFen'], '9')
  assert.deepEqual(historyAttributes(employee, []), { carriedFen: '0' })
})
