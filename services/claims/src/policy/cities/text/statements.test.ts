import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { statementsOf } from './statements.ts'

const OPEN = { scheme: null, block: null, what: null }

/** Compact: `employee inpatient rate active tier1 8500`. */
function read(text: string, about: Parameters<typeof statementsOf>[1] = OPEN): readonly string[] {
  return statementsOf(text, about).map(({ scheme, block, what, status, levels, low, high }) =>
    [
      ...[scheme, block, what, status, levels?.join('+') ?? null].filter(part => part !== null),
      low === high ? `${low}` : `${low}..${high}`,
    ].join(' '),
  )
}

describe('figures of a text', () => {
  test('money and per cent beside one another belong to the same level', () => {
    assert.deepEqual(read('居民住院起付线：一级200元/90%、二级500元（报销85%）'), [
      'resident inpatient deductible tier1 20000',
      'resident inpatient rate tier1 9000',
      'resident inpatient deductible tier2 50000',
      'resident inpatient rate tier2 8500',
    ])
  })

  test('分别 gives the figures in the order of the levels before', () => {
    assert.deepEqual(
      read('职工住院在职支付比例一级94%、二级92%、三级90%（退休人员分别为97%、96%、95%）').slice(3),
      [
        'employee inpatient rate retired tier1 9700',
        'employee inpatient rate retired tier2 9600',
        'employee inpatient rate retired tier3+tier3_top 9500',
      ],
    )
  })

  test('points on top are a bonus of retirees, a list with 提高至 is none', () => {
    assert.deepEqual(read('在职住院比例三级80%（退休人员提高5个百分点）'), [
      'employee inpatient rate active tier3+tier3_top 8000',
      'employee inpatient bonus retired 500',
    ])
    assert.deepEqual(read('在职报销60%（退休人员提高至70%）'), [
      'employee rate active 6000',
      'employee rate retired 7000',
    ])
  })

  test('where the highest hospitals stand apart, plain 三级 means the others', () => {
    assert.deepEqual(read('居民住院起付线三甲1400元、三级600元'), [
      'resident inpatient deductible tier3_top 140000',
      'resident inpatient deductible tier3 60000',
    ])
  })

  test('ranges keep both ends, and a level behind a figure is its level', () => {
    assert.deepEqual(read('居民住院报销三级75%-78%'), [
      'resident inpatient rate tier3+tier3_top 7500..7800',
    ])
    assert.deepEqual(read('在职职工年度起付标准为200元（一级及以下）、400元（二级）'), [
      'employee deductible active community+tier1 20000',
      'employee deductible active tier2 40000',
    ])
  })

  test('免起付线 is a deductible of 0 where levels are named', () => {
    assert.deepEqual(read('门诊起付标准一级及以下免起付线、二级100元'), [
      'outpatient deductible community+tier1 0',
      'outpatient deductible tier2 10000',
    ])
  })

  test('bounds of bands, shares of a wage and further stays are no figures of a benefit', () => {
    assert.deepEqual(read('起付线至5500元区间'), [])
    assert.deepEqual(read('5500元以上至10000元区间'), [])
    assert.deepEqual(read('年度限额为社平工资的5%'), [])
    assert.deepEqual(read('第二次及以后住院起付线650元'), [])
    assert.deepEqual(read('门诊年度起付线累计300元，起付标准累计不超过300元'), [])
  })

  test('a rate behind one level and a comma is of that level, behind a list it is for all', () => {
    assert.deepEqual(read('二级及以上医疗机构门诊起付线100元，在职报销55%'), [
      'outpatient deductible tier2+tier3+tier3_top 10000',
      'employee outpatient rate active tier2+tier3+tier3_top 5500',
    ])
    assert.deepEqual(read('居民住院起付线一级100元、二级200元，报销比例80%').slice(2), [
      'resident inpatient rate 8000',
    ])
  })

  test('caps of both statuses are told apart', () => {
    assert.deepEqual(read('年度门诊最高支付限额在职职工4000元，退休人员1.2万元'), [
      'employee outpatient cap active 400000',
      'employee outpatient cap retired 1200000',
    ])
  })

  test('what the caller knows holds until the text says otherwise', () => {
    assert.deepEqual(
      read('首次住院在职1000元/退休500元', {
        scheme: 'employee',
        block: 'inpatient',
        what: 'deductible',
      }),
      [
        'employee inpatient deductible active 100000',
        'employee inpatient deductible retired 50000',
      ],
    )
  })
})
