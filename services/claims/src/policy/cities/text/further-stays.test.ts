import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { LEVELS } from '../../facts.ts'
import { ladderOf, readFurtherStays } from './further-stays.ts'

function ladder(text: string | undefined, firstFen: bigint, level: (typeof LEVELS)[number]) {
  const { further } = readFurtherStays(text)
  return ladderOf(firstFen, { further, level, tier1Fen: 20_000n })
}

describe('the ladder of stays', () => {
  const rows: readonly (readonly [string | undefined, bigint, readonly bigint[]])[] = [
    [undefined, 80_000n, [80_000n]],
    ['年度内第一次住院1300元，第二次及以后住院起付线减半为650元。', 130_000n, [130_000n, 65_000n]],
    ['当年第二次住院起付标准减半，第三次及以上免除', 80_000n, [80_000n, 40_000n, 0n]],
    ['二次住院减半，三次免除', 30_000n, [30_000n, 15_000n, 0n]],
    ['自然年度内第二次及以上住院不再设起付线。', 50_000n, [50_000n, 0n]],
    [
      '首次住院起付线为800/1100/1700元，第二次及以上降低为270/350/500元。',
      110_000n,
      [110_000n, 35_000n],
    ],
    ['一个自然年度内住院2次及以上的，起付标准降低100元。', 50_000n, [50_000n, 40_000n]],
    [
      '同一自然年度内多次住院，起付线每次递减20%，但最低不得低于一级医院标准。',
      120_000n,
      [120_000n, 96_000n, 72_000n, 48_000n, 24_000n, 20_000n],
    ],
    [
      '一个自然年度内多次住院，起付线每次递减50元，但最低不得低于100元。',
      25_000n,
      [25_000n, 20_000n, 15_000n, 10_000n],
    ],
    ['在职住院起付线1500元（退休1200元），当年多次住院不递减。', 150_000n, [150_000n]],
    ['二次及多次住院起付线依次递减', 50_000n, [50_000n]],
    ['多次住院起付线依次减半。', 50_000n, [50_000n]],
  ]
  for (const [text, first, expected] of rows) {
    test(`${text ?? 'no text'}`, () => assert.deepEqual(ladder(text, first, 'tier3'), expected))
  }

  test('社区及一级机构除外 leaves these levels at their first deductible', () => {
    const text = '第二次及以上住院，起付标准减半（社区及一级机构除外）。'
    assert.deepEqual(ladder(text, 20_000n, 'tier1'), [20_000n])
    assert.deepEqual(ladder(text, 20_000n, 'tier2'), [20_000n, 10_000n])
  })

  test('no entry is below the floor, whatever the first one', () => {
    const text = '起付线每次递减50元，但最低不得低于100元。'
    assert.deepEqual(ladder(text, 10_000n, 'tier1'), [10_000n])
    assert.deepEqual(ladder(text, 12_500n, 'tier1'), [12_500n, 10_000n])
  })
})

describe('what else the rule says', () => {
  test('同级别 counts the stays of the same level, 年度累计不超过 limits the year', () => {
    const rule = readFurtherStays('同级别第二次及以上住院起付线减半，年度累计不超过3000元。')
    assert.equal(rule.count, 'sameLevel')
    assert.equal(rule.maxPerYearFen, 300_000n)
  })

  test('a text without figures is unclear, not the same as no text', () => {
    assert.equal(readFurtherStays('同年度内多次住院起付线按规定递减。').further.kind, 'unclear')
    assert.equal(readFurtherStays(undefined).further.kind, 'unsaid')
    assert.equal(readFurtherStays('当年多次住院不递减').further.kind, 'same')
  })

  test('children and transfers are read from their own words', () => {
    assert.equal(readFurtherStays('第二次及以后减半；学生儿童住院起付线均减半。').childHalf, true)
    const down = '从上级医疗机构转往下级医疗机构住院的，取消下级医疗机构住院起付线。'
    assert.equal(readFurtherStays(down).noneAfterMovingDown, true)
  })
})
