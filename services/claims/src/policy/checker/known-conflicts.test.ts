/**
 * What the README of the data set lists for the 22 cities must surface, each at its place.
 * @source contracts/policies/cities/README.md, "Caveats"
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { SOURCE_TEXTS, SOURCES, source } from '../cities/testing/sources.ts'
import { checkPolicy } from './check-policy.ts'
import type { ConflictRule } from './city/wording.ts'

type Row = readonly [city: string, rule: ConflictRule, path: string, found?: RegExp]

const E = 'employee'
const R = 'resident'

const AGAINST_QUOTE: readonly Row[] = [
  [
    '110100',
    'figure-against-text',
    `${R}.inpatient.tierBenefits.tier2.reimbursementRatio`,
    /78% ≠ .*75%/,
  ],
  [
    '340100',
    'figure-against-text',
    `${R}.inpatient.tierBenefits.tier2.reimbursementRatio`,
    /80% ≠ .*85%/,
  ],
  [
    '340100',
    'figure-against-text',
    `${R}.inpatient.tierBenefits.tier3.reimbursementRatio`,
    /75% ≠ .*80%/,
  ],
  [
    '340100',
    'figure-against-text',
    `${R}.inpatient.tierBenefits.tier3_top.reimbursementRatio`,
    /70% ≠ .*75%/,
  ],
  [
    '130100',
    'figure-against-text',
    `${E}.inpatient.tierBenefits.community.retireeRatioBonus`,
    /1% ≠ .*3%/,
  ],
  [
    '130100',
    'figure-against-text',
    `${E}.inpatient.tierBenefits.tier1.retireeRatioBonus`,
    /1% ≠ .*3%/,
  ],
]
const STRUCTURE: readonly Row[] = [
  ...['420200', '430200'].flatMap((city): readonly Row[] =>
    ['tier2', 'tier3', 'tier3_top'].map(level => [
      city,
      'level-missing',
      `${R}.outpatient.tierBenefits.${level}`,
    ]),
  ),
  ['320800', 'document-missing', `${E}.catastrophic.sourceDocId`],
  ['320800', 'document-missing', `${R}.catastrophic.sourceDocId`],
  ['110100', 'no-limit', `${E}.outpatient.annualCap`],
  ['110100', 'no-limit', `${E}.outpatient.annualCapRetiree`],
  ['420200', 'no-limit', `${R}.catastrophic.tiers.2.maxAmount`],
  ['430200', 'no-limit', `${R}.catastrophic.tiers.2.maxAmount`],
  ['330300', 'retiree-cap-missing', `${E}.outpatient.annualCapRetiree`],
  ['420200', 'last-checked-missing', 'lastUpdated'],
  ['430200', 'last-checked-missing', 'lastUpdated'],
  ['610100', 'last-checked-missing', 'lastUpdated'],
]
const MEANING: readonly Row[] = [
  ['420200', 'annual-deductible-against-levels', `${E}.outpatient.annualDeductible`, /400.*800/],
  ['220100', 'visit-only-in-text', `${E}.outpatient.note`, /次均/],
  ['650100', 'visit-only-in-text', `${E}.outpatient.note`, /次均/],
  ['320800', 'retiree-only-in-text', `${E}.outpatient.note`, /^300元/],
  ['330300', 'retiree-only-in-text', `${E}.outpatient.note`, /^400元/],
  ['350200', 'retiree-only-in-text', `${E}.outpatient.note`, /^800元/],
  ['310100', 'retiree-only-in-text', `${E}.inpatient.repeatedDeductibleRule`, /^1200元/],
  ['350200', 'retiree-only-in-text', `${E}.inpatient.repeatedDeductibleRule`, /^500元/],
  ['130100', 'retiree-only-in-text', `${E}.inpatient.repeatedDeductibleRule`, /^-100元/],
  ...['220100', '230100', '640100', '650100'].flatMap((city): readonly Row[] => [
    [city, 'cap-equals-supplement', `${E}.inpatient.annualCap`],
    [city, 'figure-against-text', `${E}.inpatient.annualCap`, /500000元 ≠ .*150000元/],
  ]),
  ...['130100', '220100', '230100', '320800', '340100', '350200', '620100', '632800']
    .concat('640100', '650100')
    .map((city): Row => [city, 'layer-from-zero', `${E}.catastrophic.deductible`]),
  ['440100', 'deductible-against-first-tier', `${E}.catastrophic.deductible`, /0 ≠ 1000000/],
  ['510100', 'deductible-against-first-tier', `${E}.catastrophic.deductible`, /0 ≠ 450000/],
  ['610100', 'deductible-against-first-tier', `${E}.catastrophic.deductible`, /0 ≠ 400000/],
  ['120100', 'depends-on-person', `${R}.outpatient.note`, /连续参保/],
  ['510100', 'depends-on-person', `${E}.outpatient.note`, /统账结合/],
  [
    '440300',
    'depends-on-person',
    'sourceDocs.sz-medical-insurance-regulations-2023.summaryQuote',
    /72个月/,
  ],
]
const TRUST: readonly Row[] = [
  [
    '330300',
    'article-number-shared',
    'sourceDocs.wz-medical-insurance-measures-2022.officialUrl',
    /330400, 330900/,
  ],
  [
    '632800',
    'article-number-shared',
    'sourceDocs.hx-employee-outpatient-2021.officialUrl',
    /540100, 630100/,
  ],
  [
    '632800',
    'article-number-shared',
    'sourceDocs.hx-medical-insurance-inpatient-2024.officialUrl',
    /630100/,
  ],
  ...['632800', '640100', '650100'].map(
    (city): Row => [
      city,
      'same-rates-elsewhere',
      `${E}.inpatient.tierBenefits`,
      /0\.92\/0\.92\/0\.88\/0\.85\/0\.85/,
    ],
  ),
]

function findingsOf(city: string) {
  const text = SOURCE_TEXTS.get(`${city}.json`)
  assert.ok(text !== undefined)
  return checkPolicy(text, { cities: SOURCES }).findings
}

for (const [chapter, rows] of Object.entries({ AGAINST_QUOTE, STRUCTURE, MEANING, TRUST })) {
  describe(chapter.toLowerCase().replace('_', ' the '), () => {
    for (const [city, rule, path, found = /(?:)/] of rows) {
      test(`${source(city).cityName} ${rule} ${path}`, () => {
        const same = findingsOf(city).filter(each => each.rule === rule && each.path === path)
        assert.ok(
          same.some(each => found.test(each.found)),
          JSON.stringify(same),
        )
      })
    }
  })
}

describe('a changed file', () => {
  /** `path figure ≠ figure` of what differs from a text in a file with one text put in. */
  function differing(city: string, from: string, to: string): readonly string[] {
    const text = SOURCE_TEXTS.get(`${city}.json`) ?? ''
    assert.ok(text.includes(from))
    const known = new Set(findingsOf(city).map(({ path, found }) => path + found))
    return checkPolicy(text.replace(from, to), { cities: SOURCES })
      .findings.filter(({ rule }) => rule === 'figure-against-text')
      .filter(({ path, found }) => !known.has(path + found))
      .map(({ path, found }) => `${path} ${found.replace(/≠ \S+ /, '≠ ').replace(/：.*/, '')}`)
  }

  test('a note that follows the field hides no document that does not', () => {
    const [from, to] = ['年度最高支付限额为10000元', '年度最高支付限额为8000元']
    assert.deepEqual(differing('330300', from, to), [
      'employee.outpatient.annualCap 10000元 ≠ 8000元',
    ])
  })

  test('a lowering elsewhere that a document states otherwise is found', () => {
    const [from, to] = ['备案后就医报销比例下浮10%', '备案后就医报销比例下浮15%']
    assert.deepEqual(differing('610100', from, to), [
      'employee.remoteMedical.transferFiledRatio 90% ≠ 85%',
      'resident.remoteMedical.transferFiledRatio 90% ≠ 85%',
    ])
  })

  test('a rate elsewhere that a note states otherwise is found', () => {
    const from = '未按规定转诊备案自行跨区域就医的，支付比例相应降低。'
    assert.deepEqual(differing('430200', from, '未备案自行就医按40%结算。'), [
      'resident.remoteMedical.unfiledNormalRatio 60% ≠ 40%',
    ])
  })
})

describe('the whole set', () => {
  test('what packs compute by age, class or for minors is not said to be left out', () => {
    const computed = /45周岁|70岁|19-59岁|未成年学生|60岁以上|高档缴费|学生儿童及老人/
    for (const city of ['120100', '130100', '310100', '440100', '440300']) {
      const left = findingsOf(city).filter(({ rule }) => rule === 'depends-on-person')
      assert.ok(!left.some(({ found }) => computed.test(found)), city)
    }
    const others = SOURCES.flatMap(({ cityCode }) => findingsOf(cityCode))
    assert.ok(others.some(({ rule, found }) => rule === 'depends-on-person' && found !== ''))
  })

  test('resident outpatient care without a deductible of the year is named in each file', () => {
    for (const city of SOURCES) {
      const named = findingsOf(city.cityCode).some(
        ({ rule }) => rule === 'annual-deductible-missing',
      )
      assert.equal(named, city.resident.outpatient.annualDeductible === undefined, city.cityCode)
    }
  })

  test('every rate of 0 is named as not covered', () => {
    for (const city of SOURCES) {
      const tiers = Object.values(city.resident.outpatient.tierBenefits)
      const zeros = tiers.filter(tier => tier.reimbursementRatio.decimal === '0').length
      const named = findingsOf(city.cityCode).filter(({ rule }) => rule === 'zero-rate')
      assert.equal(named.length, zeros, city.cityCode)
    }
  })

  test('that factors may be points is said of every city', () => {
    for (const { cityCode } of SOURCES) {
      const named = findingsOf(cityCode).filter(({ rule }) => rule === 'factor-or-points')
      assert.equal(named.length, 2, cityCode)
    }
  })

  test('no figure is said to differ from its text but those that do', () => {
    const differing = SOURCES.flatMap(({ cityCode }) =>
      findingsOf(cityCode)
        .filter(({ rule }) => rule === 'figure-against-text')
        .map(({ path }) => `${cityCode} ${path}`),
    )
    assert.deepEqual(
      differing.sort(),
      [
        ...AGAINST_QUOTE.map(([city, , path]) => `${city} ${path}`),
        ...['220100', '230100', '632800', '640100', '650100'].map(
          city => `${city} employee.inpatient.annualCap`,
        ),
        '420200 resident.inpatient.annualCap',
      ].sort(),
    )
  })
})
