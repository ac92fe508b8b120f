/** Reads what a text says of the deductible of further stays in a year (多次住院起付线). */
import type { CityLevel } from '@tongchou/contracts/city/city-document.ts'
import { scaled } from '../decimal.ts'

/**
 * How the deductible goes on after the first stay. `same`: said so; `unsaid`: no text; `unclear`:
 * a text without figures, or about something that a ladder cannot hold.
 */
export type FurtherStays =
  | { readonly kind: 'same' | 'unsaid' | 'unclear' | 'none' | 'halfThenNone' }
  | { readonly kind: 'half'; readonly except: readonly CityLevel[] }
  | { readonly kind: 'list'; readonly first: readonly bigint[]; readonly next: readonly bigint[] }
  | { readonly kind: 'less'; readonly fen: bigint }
  | { readonly kind: 'lessEach'; readonly fen: bigint; readonly floorFen: bigint }
  | { readonly kind: 'percentLessEach'; readonly percent: bigint }

export type StayRule = {
  readonly further: FurtherStays
  readonly count: 'all' | 'sameLevel'
  /** The deductibles of a year together are at most this. */
  readonly maxPerYearFen: bigint | null
  /** Students and children pay half of the deductible at every stay. */
  readonly childHalf: boolean
  /** Moved from a higher to a lower hospital: none at the lower one. */
  readonly noneAfterMovingDown: boolean
}

export function readFurtherStays(text: string | undefined): StayRule {
  const rule = text ?? ''
  const max = /年度累计不超过(\d+)元/.exec(rule)?.[1]
  return {
    further: furtherOf(rule),
    count: /同级别/.test(rule) && /减半|降低/.test(rule) ? 'sameLevel' : 'all',
    maxPerYearFen: max === undefined ? null : scaled(max, 2),
    childHalf: /学生儿童住院起付线均减半/.test(rule),
    noneAfterMovingDown: /从上级医疗机构转往下级医疗机构住院的，取消/.test(rule),
  }
}

function furtherOf(rule: string): FurtherStays {
  if (rule === '') return { kind: 'unsaid' }
  return (
    listOf(rule) ??
    lessEachOf(rule) ??
    lessOf(rule) ??
    halfOf(rule) ??
    noneOf(rule) ?? { kind: isSame(rule) ? 'same' : 'unclear' }
  )
}

/** 首次住院起付线为800/1100/1700元，第二次及以上降低为270/350/500元 */
function listOf(rule: string): FurtherStays | null {
  const found = /首次住院起付线为([\d/]+)元，第二次及以上降低为([\d/]+)元/.exec(rule)
  const [, first = '', next = ''] = found ?? []
  return found === null ? null : { kind: 'list', first: amounts(first), next: amounts(next) }
}

function amounts(text: string): readonly bigint[] {
  return text.split('/').map(amount => scaled(amount, 2))
}

/** 起付线每次递减20%，但最低不得低于一级医院标准 · 起付线每次递减50元，但最低不得低于100元 */
function lessEachOf(rule: string): FurtherStays | null {
  const percent = /起付线每次递减(\d+)%，但最低不得低于一级医院标准/.exec(rule)?.[1]
  if (percent !== undefined) return { kind: 'percentLessEach', percent: BigInt(percent) }
  const [, yuan, floor] = /起付线每次递减(\d+)元，但最低不得低于(\d+)元/.exec(rule) ?? []
  if (yuan === undefined || floor === undefined) return null
  return { kind: 'lessEach', fen: scaled(yuan, 2), floorFen: scaled(floor, 2) }
}

/** 住院2次及以上的，起付标准降低100元 */
function lessOf(rule: string): FurtherStays | null {
  const yuan = /2次及以上的，起付标准降低(\d+)元/.exec(rule)?.[1]
  return yuan === undefined ? null : { kind: 'less', fen: scaled(yuan, 2) }
}

const SECOND_STAY = /第二次|二次及|二次住院|第二次及/

/**
 * 第二次及以后住院起付线减半 · 第二次减半，第三次及以上免除. Halved in turn (依次减半), without saying at
 * which stay, is not plain.
 */
function halfOf(rule: string): FurtherStays | null {
  if (!/减半/.test(rule) || !SECOND_STAY.test(rule)) return null
  if (/(第三次及以上|三次)免除/.test(rule)) return { kind: 'halfThenNone' }
  const except: readonly CityLevel[] = /社区及一级机构除外/.test(rule) ? ['community', 'tier1'] : []
  return { kind: 'half', except }
}

/** 第二次及以上住院不再设起付线 */
function noneOf(rule: string): FurtherStays | null {
  const none = SECOND_STAY.test(rule) && /不再设起付线|不再收取|取消起付线|免除/.test(rule)
  return none ? { kind: 'none' } : null
}

function isSame(rule: string): boolean {
  return /多次住院不递减|每次住院支付一次起付标准/.test(rule)
}

/** The ladder of one level; the last entry holds for every later stay. */
export function ladderOf(
  firstFen: bigint,
  {
    further,
    level,
    tier1Fen,
  }: {
    readonly further: FurtherStays
    readonly level: CityLevel
    readonly tier1Fen: bigint
  },
): readonly bigint[] {
  switch (further.kind) {
    case 'same':
    case 'unsaid':
    case 'unclear':
      return [firstFen]
    case 'none':
      return firstFen === 0n ? [firstFen] : [firstFen, 0n]
    case 'halfThenNone':
      return [firstFen, firstFen / 2n, 0n]
    case 'half':
      return further.except.includes(level) ? [firstFen] : [firstFen, firstFen / 2n]
    case 'list':
      return [firstFen, further.next[further.first.indexOf(firstFen)] ?? firstFen]
    case 'less':
      return [firstFen, firstFen > further.fen ? firstFen - further.fen : 0n]
    case 'lessEach':
      return descending(firstFen, further.fen, further.floorFen)
    case 'percentLessEach':
      return descending(firstFen, (firstFen * further.percent) / 100n, tier1Fen)
  }
}

function descending(firstFen: bigint, stepFen: bigint, floorFen: bigint): readonly bigint[] {
  const ladder = [firstFen]
  let nextFen = firstFen - stepFen
  while (stepFen > 0n && nextFen > floorFen) {
    ladder.push(nextFen)
    nextFen -= stepFen
  }
  return firstFen > floorFen ? [...ladder, floorFen] : ladder
}
