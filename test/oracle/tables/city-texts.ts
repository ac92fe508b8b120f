/**
 * What the 22 city files say in words only, read by hand, each beside its words. What no words
 * settle is read as the demo tables read it: the same deductible for every stay, filings needed.
 */
import type { Claim } from '../words/claim.ts'
import { halfUp } from '../words/fen.ts'
import type { ByLevel, Table } from './table.ts'

/** The first deductible of a level and status made into those of the first, second … stay. */
export type Ladder = (
  first: bigint,
  of: { readonly level: string; readonly status: string },
) => bigint[]

export type Words = {
  readonly ladder?: Ladder
  readonly stayCount?: 'sameLevel'
  readonly deductibleMaxYuan?: number
  /** Yuan of the year, where the file has no field for retired persons. */
  readonly outpatientDeductibleRetired?: number
  readonly sharesInpatientCap?: true
  readonly deductiblePer?: 'visit'
  readonly deemedFiledFor?: readonly string[]
  /** The layer is for named diseases, which the file does not list: the claim says so. */
  readonly catastrophicOnlyIf?: string
  /** A stay without a deductible: the claim says so. */
  readonly noDeductibleIf?: string
  /** What the claim says besides. */
  readonly asks?: readonly string[]
  /** The figures of this person; ages on 1 January of the year, 以上 holds the age itself. */
  readonly ofPerson?: (table: Table, claim: Claim) => Table
}

/** The outpatient deductible or rate of one status, at the levels that have one at all. */
function outpatientOf(
  table: Table,
  status: string,
  figure: { readonly deductibleFen?: number; readonly fundBp?: number },
): Table {
  const { outpatient } = table
  const changed = (levels: Readonly<Record<string, number>>, to: number | undefined) =>
    to === undefined
      ? levels
      : Object.fromEntries(Object.entries(levels).map(([level, was]) => [level, was && to]))
  const of = (byLevel: ByLevel<number>, to: number | undefined) => ({
    ...byLevel,
    [status]: changed(byLevel[status] ?? {}, to),
  })
  return {
    ...table,
    outpatient: {
      ...outpatient,
      deductibleFen: of(outpatient.deductibleFen, figure.deductibleFen),
      fundBp: of(outpatient.fundBp, figure.fundBp),
    },
  }
}

function inpatientRates(table: Table, bp: (was: number, level: string) => number): Table {
  const { inpatient } = table
  const of = (levels: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(levels).map(([level, was]) => [level, bp(was, level)]))
  const fundBp = Object.entries(inpatient.fundBp).map(([status, levels]) => [status, of(levels)])
  return { ...table, inpatient: { ...inpatient, fundBp: Object.fromEntries(fundBp) } }
}

/** Provinces as the notes name them: the codes of their prefectures. */
const prefectures = (province: string, ...numbers: readonly number[]) =>
  numbers.map(number => `${province}${String(number).padStart(2, '0')}00`)
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1)
const HEBEI = prefectures('13', ...upTo(11))
const JIANGSU = prefectures('32', ...upTo(13))
const ZHEJIANG = prefectures('33', ...upTo(11))
const ANHUI = prefectures('34', ...upTo(8), 10, 11, 12, 13, 15, 16, 17, 18)
const HUNAN = [...prefectures('43', ...upTo(13)), '433100']
const without = (home: string, regions: readonly string[]) => regions.filter(each => each !== home)

const half = (amount: bigint) => halfUp(amount, 2n)
const everyStay: Ladder = first => [first]
/** 第二次及以上住院起付线减半 */
const halfFromSecond: Ladder = first => [first, half(first)]
/** 第二次减半，第三次及以上免除 */
const halfThenNone: Ladder = first => [first, half(first), 0n]

function step(by: bigint, floor: bigint): Ladder {
  return first => {
    const entries = [first]
    for (let next = first; next > floor; entries.push(next)) {
      next = next - by > floor ? next - by : floor
    }
    return entries
  }
}

export const WORDS: Readonly<Record<string, Words>> = {
  // 第二次及以后住院起付线减半为650元；京津冀“视同备案”
  '110100 employee': { ladder: halfFromSecond, deemedFiledFor: ['120100', ...HEBEI] },
  // 老年人和劳动年龄内居民第二次及以后减半；学生儿童住院起付线均减半
  '110100 resident': {
    ladder: (first, { status }) => (status === 'child' ? [half(first)] : [first, half(first)]),
    deemedFiledFor: ['120100', ...HEBEI],
  },
  // 首次住院起付线为800/1100/1700元，第二次及以上降低为270/350/500元
  '120100 employee': {
    ladder: first => [first, first === 80_000n ? 27_000n : first === 110_000n ? 35_000n : 50_000n],
    deemedFiledFor: ['110100', ...HEBEI],
    // 退休人员为700元（70岁以上650元）
    // 起付线至5500元区间：一级75%、二级65%、三级55%；5500元以上至10000元区间统一报销55%
    ofPerson: (table, { age }) => {
      const onCost = { firstTo: 550_000n, end: 1_000_000n, thenBp: 5500n }
      const banded = { ...table, outpatient: { ...table.outpatient, onCost } }
      return age >= 70 ? outpatientOf(banded, 'retired', { deductibleFen: 65_000 }) : banded
    },
  },
  // 第二次及以上住院不再设起付线
  '120100 resident': {
    ladder: first => [first, 0n],
    deemedFiledFor: ['110100', ...HEBEI],
    // 高档缴费提高10个百分点
    asks: ['highPremiumClass'],
    ofPerson: (table, { says }) =>
      says['highPremiumClass'] === true ? inpatientRates(table, was => was + 1000) : table,
  },
  // 退休人员降低100元（最低不低于100元）；依次递减: without figures；京津冀区域内免备案
  '130100 employee': {
    ladder: (first, { status }) =>
      status === 'retired' ? [first - 10_000n > 10_000n ? first - 10_000n : 10_000n] : [first],
    // 45周岁以下在职职工限额3500元，45周岁以上4500元
    ofPerson: (table, { age }) => {
      if (age < 45) return table
      const capFen = { ...table.outpatient.capFen, active: 450_000 }
      return { ...table, outpatient: { ...table.outpatient, capFen } }
    },
    deemedFiledFor: ['110100', '120100', ...without('130100', HEBEI)],
  },
  '130100 resident': { deemedFiledFor: ['110100', '120100', ...without('130100', HEBEI)] },
  // 累计达到年度上限后不再扣减: without the limit；门诊次均起付线
  '220100 employee': { deductiblePer: 'visit' },
  // 在职1500元（退休1200元），多次住院不递减；门诊与住院合并计算统筹封顶线
  '310100 employee': {
    ladder: (first, { status }) => [status === 'retired' ? 120_000n : first],
    sharesInpatientCap: true,
  },
  '310100 resident': {
    catastrophicOnlyIf: 'catastrophicDisease',
    // 自负段500元（学生儿童及老人300元）；19-59岁人员为500元
    ofPerson: (table, { age, status }) =>
      status === 'child' || age < 19 || age > 59
        ? outpatientOf(table, status, { deductibleFen: 30_000 })
        : table,
  },
  // 第二次减半，第三次及以上免除；门诊年度起付线退休300元
  '320800 employee': { ladder: halfThenNone, outpatientDeductibleRetired: 300 },
  // 第二次减半，第三次及以上免除；门诊年度起付线退休400元；省内就医免备案
  '330300 employee': {
    ladder: halfThenNone,
    outpatientDeductibleRetired: 400,
    deemedFiledFor: without('330300', ZHEJIANG),
  },
  // 二次住院减半，三次免除；省内就医免备案
  '330300 resident': { ladder: halfThenNone, deemedFiledFor: without('330300', ZHEJIANG) },
  // 自第二次住院起，起付标准减半；长三角一体化联网就医免备案
  '340100 employee': {
    ladder: halfFromSecond,
    deemedFiledFor: ['310100', ...JIANGSU, ...ZHEJIANG, ...without('340100', ANHUI)],
  },
  // 首次在职1000元/退休500元，第二次及以上减半；门诊退休800元；门诊住院合并年封顶
  '350200 employee': {
    ladder: (first, { status }) => {
      const own = status === 'retired' ? 50_000n : first
      return [own, half(own)]
    },
    outpatientDeductibleRetired: 800,
    sharesInpatientCap: true,
  },
  // 二次及以上住院起付线减半
  '420100 employee': { ladder: halfFromSecond },
  // 第二次及以上减半（社区及一级机构除外）
  '420100 resident': {
    ladder: (first, { level }) =>
      level === 'community' || level === 'tier1' ? [first] : [first, half(first)],
  },
  // 住院2次及以上的，起付标准降低100元
  '420200 employee': { ladder: first => [first, first - 10_000n] },
  // 从上级医疗机构转往下级医疗机构住院的，取消下级医疗机构住院起付线
  '420200 resident': { noDeductibleIf: 'movedDown' },
  // 同级别第二次及以上住院，起付标准减半；省内异地就医免备案
  '430200 employee': {
    ladder: halfFromSecond,
    stayCount: 'sameLevel',
    deemedFiledFor: without('430200', HUNAN),
  },
  // 同级别第二次及以上减半，年度累计不超过3000元
  '430200 resident': {
    ladder: halfFromSecond,
    stayCount: 'sameLevel',
    deductibleMaxYuan: 3000,
  },
  // 未成年学生一级90%、二级85%、三级80%
  '440100 resident': {
    ofPerson: (table, { status }) =>
      status === 'child'
        ? inpatientRates(table, (was, level) =>
            level === 'tier2' ? 8500 : level.startsWith('tier3') ? 8000 : was,
          )
        : table,
  },
  // 报销比例75%（60岁以上老人80%）
  '440300 resident': {
    ofPerson: (table, { age, status }) =>
      age >= 60 ? outpatientOf(table, status, { fundBp: 8000 }) : table,
  },
  // 二次及以上减半（一级100元、二级200元、三级300元）
  '440300 employee': { ladder: halfFromSecond },
  // 每次递减20%，最低不得低于一级医院标准（200元）
  '610100 employee': {
    ladder: first => step(first / 5n, 20_000n)(first, { level: '', status: '' }),
  },
  // 每次递减50元，最低不得低于100元
  '610100 resident': { ladder: step(5000n, 10_000n) },
  // 门诊次均起付标准
  '650100 employee': { deductiblePer: 'visit' },
}

export function wordsOf(city: string, scheme: string): Words & { readonly ladder: Ladder } {
  return { ladder: everyStay, ...WORDS[`${city} ${scheme}`] }
}
