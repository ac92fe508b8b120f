/**
 * Running totals of one person and calendar year. A claim's effect on them is added once and can
 * be taken away exactly.
 */
import { type Fen, fen, negate, sum, ZERO } from '@tongchou/contracts/money.ts'
import {
  type BenefitTotals,
  FEN_TOTALS,
  type FenTotal,
  isFenTotal,
  isOwn,
  type OwnName,
  type OwnTotals,
  type Stays,
  type YearTotals,
} from '@tongchou/contracts/policy/rule/totals.ts'
import { LEVELS, type Level } from './facts.ts'

export type {
  BenefitTotals,
  FenTotal,
  OwnName,
  OwnTotals,
  Stays,
  TotalName,
  YearTotals,
} from '@tongchou/contracts/policy/rule/totals.ts'
export { FEN_TOTALS, isTotalName, totalNamed } from '@tongchou/contracts/policy/rule/totals.ts'

/** What one claim adds. `accountFen` is what the balance grows by: 0 or negative. */
export type TotalsDelta = {
  readonly stays: number
  readonly stayLevel: Level | null
  readonly own: OwnTotals
} & Readonly<Record<FenTotal | 'accountFen', Fen>>

const NO_STAYS: Stays = { total: 0, community: 0, tier1: 0, tier2: 0, tier3: 0, tier3_top: 0 }

const NOTHING: Readonly<Record<FenTotal, Fen>> = {
  dedInFen: ZERO,
  dedChronicFen: ZERO,
  dedOutFen: ZERO,
  paidInFen: ZERO,
  paidOutFen: ZERO,
  paidCatFen: ZERO,
  paidLargeFen: ZERO,
  burdenFen: ZERO,
  aboveDeductibleFen: ZERO,
  costInFen: ZERO,
  costOutFen: ZERO,
}

/** Of a policy that declares no counter. */
export const NO_OWN: OwnTotals = {}

/** A year without claims. */
export const EMPTY_YEAR: YearTotals = { stays: NO_STAYS, ...NOTHING, own: NO_OWN }

/** What a claim adds that counts for nothing. */
export const NO_EFFECT: TotalsDelta = {
  stays: 0,
  stayLevel: null,
  ...NOTHING,
  own: NO_OWN,
  accountFen: ZERO,
}

export function totalsOf(year: YearTotals, accountFen: Fen): BenefitTotals {
  return { ...year, accountFen }
}

/** The totals after a claim. */
export function apply(totals: BenefitTotals, delta: TotalsDelta): BenefitTotals {
  return {
    stays: addStays(totals.stays, delta.stays, delta.stayLevel),
    dedInFen: sum(totals.dedInFen, delta.dedInFen),
    dedChronicFen: sum(totals.dedChronicFen, delta.dedChronicFen),
    dedOutFen: sum(totals.dedOutFen, delta.dedOutFen),
    paidInFen: sum(totals.paidInFen, delta.paidInFen),
    paidOutFen: sum(totals.paidOutFen, delta.paidOutFen),
    paidCatFen: sum(totals.paidCatFen, delta.paidCatFen),
    paidLargeFen: sum(totals.paidLargeFen, delta.paidLargeFen),
    burdenFen: sum(totals.burdenFen, delta.burdenFen),
    aboveDeductibleFen: sum(totals.aboveDeductibleFen, delta.aboveDeductibleFen),
    costInFen: sum(totals.costInFen, delta.costInFen),
    costOutFen: sum(totals.costOutFen, delta.costOutFen),
    own: addOwn(totals.own, delta.own),
    accountFen: sum(totals.accountFen, delta.accountFen),
  }
}

/**
 * The totals without a claim that was applied, whatever came between: exactly the inverse of
 * `apply`.
 */
export function undo(totals: BenefitTotals, delta: TotalsDelta): BenefitTotals {
  return apply(totals, inverse(delta))
}

function inverse(delta: TotalsDelta): TotalsDelta {
  return {
    stays: -delta.stays,
    stayLevel: delta.stayLevel,
    dedInFen: negate(delta.dedInFen),
    dedChronicFen: negate(delta.dedChronicFen),
    dedOutFen: negate(delta.dedOutFen),
    paidInFen: negate(delta.paidInFen),
    paidOutFen: negate(delta.paidOutFen),
    paidCatFen: negate(delta.paidCatFen),
    paidLargeFen: negate(delta.paidLargeFen),
    burdenFen: negate(delta.burdenFen),
    aboveDeductibleFen: negate(delta.aboveDeductibleFen),
    costInFen: negate(delta.costInFen),
    costOutFen: negate(delta.costOutFen),
    own: addOwn(NO_OWN, delta.own, -1n),
    accountFen: negate(delta.accountFen),
  }
}

/** Running totals by name, zeros left out: how events and views keep them. */
export type TotalsMap = Readonly<Record<string, bigint>>

const STAYS_OF: Readonly<Record<Level, string>> = {
  community: 'stays.community',
  tier1: 'stays.tier1',
  tier2: 'stays.tier2',
  tier3: 'stays.tier3',
  tier3_top: 'stays.tier3_top',
}

/** Every name, in the order in which maps hold them. */
const NAMES: readonly string[] = ['stays', ...LEVELS.map(level => STAYS_OF[level]), ...FEN_TOTALS]

/** The totals of a year as the event keeps them; the account stands apart. */
export function totalsToMap(totals: YearTotals): TotalsMap {
  const map: Record<string, bigint> = {}
  if (totals.stays.total !== 0) map['stays'] = BigInt(totals.stays.total)
  for (const level of LEVELS) {
    if (totals.stays[level] !== 0) map[STAYS_OF[level]] = BigInt(totals.stays[level])
  }
  putAmounts(map, totals)
  return map
}

/**
 * The inverse of `totalsToMap`; a name that is absent is 0, one that nobody knows throws
 * RangeError.
 */
export function totalsFromMap(map: TotalsMap): YearTotals {
  const stays = { ...NO_STAYS }
  const totals = { ...EMPTY_YEAR, stays }
  let own: OwnTotals = NO_OWN
  for (const name in map) {
    const value = map[name] ?? 0n
    if (isFenTotal(name)) totals[name] = fen(value)
    else if (isOwn(name)) own = { ...own, [name]: fen(value) }
    else stays[staysOf(name)] = Number(value)
  }
  return own === NO_OWN ? totals : { ...totals, own }
}

const STAYS: ReadonlyMap<string, keyof Stays> = new Map([
  ['stays', 'total'],
  ...LEVELS.map(level => [STAYS_OF[level], level] as const),
])

function staysOf(name: string): keyof Stays {
  const found = STAYS.get(name)
  if (found === undefined) throw new RangeError(`unknown running total: ${name}`)
  return found
}

/** The totals with an effect added (`sign` 1) or taken away (-1), both as maps. */
export function addToMap(totals: TotalsMap, effect: TotalsMap, sign: 1n | -1n): TotalsMap {
  const map: Record<string, bigint> = {}
  for (const name of NAMES) {
    const value = (totals[name] ?? 0n) + sign * (effect[name] ?? 0n)
    if (value !== 0n) map[name] = value
  }
  for (const name of ownNames(totals, effect)) {
    const value = (totals[name] ?? 0n) + sign * (effect[name] ?? 0n)
    if (value !== 0n) map[name] = value
  }
  return map
}

/** Sorted, so that the same totals are the same text whatever came first. */
function ownNames(totals: TotalsMap, effect: TotalsMap): readonly string[] {
  const names: string[] = []
  for (const name in totals) if (isOwn(name)) names.push(name)
  for (const name in effect) if (isOwn(name) && !Object.hasOwn(totals, name)) names.push(name)
  return names.length > 1 ? names.sort() : names
}

/**
 * An effect as the event keeps it: what the year's totals grow by. The account stands in its own
 * field.
 */
export function deltaToMap(delta: TotalsDelta): TotalsMap {
  const { stays, stayLevel } = delta
  const map: Record<string, bigint> = {}
  if (stays !== 0) {
    map['stays'] = BigInt(stays)
    if (stayLevel !== null) map[STAYS_OF[stayLevel]] = BigInt(stays)
  }
  putAmounts(map, delta)
  return map
}

/** The effect from its map and from what the personal account paid. */
export function deltaFromMap(map: TotalsMap, paidByAccountFen: Fen): TotalsDelta {
  const { stays, ...amounts } = totalsFromMap(map)
  const stayLevel = LEVELS.find(level => stays[level] !== 0) ?? null
  return { ...amounts, stays: stays.total, stayLevel, accountFen: negate(paidByAccountFen) }
}

type OwnAndNamed = Readonly<Record<FenTotal, Fen>> & { readonly own: OwnTotals }

function putAmounts(map: Record<string, bigint>, from: OwnAndNamed): void {
  for (const name of FEN_TOTALS) if (from[name] !== 0n) map[name] = from[name]
  for (const name of Object.keys(from.own).sort()) {
    if (isOwn(name) && from.own[name] !== 0n) map[name] = from.own[name] ?? 0n
  }
}

function addOwn(totals: OwnTotals, delta: OwnTotals, sign: 1n | -1n = 1n): OwnTotals {
  if (delta === NO_OWN) return totals
  const own: Record<OwnName, Fen> = { ...totals }
  for (const name in delta) {
    if (!isOwn(name)) continue
    const value = fen((own[name] ?? 0n) + sign * (delta[name] ?? 0n))
    if (value === 0n) delete own[name]
    else own[name] = value
  }
  return Object.keys(own).length === 0 ? NO_OWN : own
}

function addStays(stays: Stays, count: number, level: Level | null): Stays {
  if (count === 0) return stays
  const total = stays.total + count
  return level === null ? { ...stays, total } : { ...stays, total, [level]: stays[level] + count }
}
