/** Running totals of a person and year, by name: what rules of a policy may measure by. */
import { type Fen, ZERO } from '../../money.ts'
import type { Level } from './words.ts'

/** Inpatient claims that were covered: all of them, and by level of the institution. */
export type Stays = Readonly<Record<'total' | Level, number>>

/**
 * What the year holds so far. Every total is defined for every policy, whether it uses it or not;
 * claims that a policy does not cover add to none of them. "Inpatient and chronic" is written
 * `In`, outpatient `Out`.
 */
export type YearTotals = {
  readonly stays: Stays
  /** Deductibles borne: stays, chronic outpatient, ordinary outpatient. */
  readonly dedInFen: Fen
  readonly dedChronicFen: Fen
  readonly dedOutFen: Fen
  /** Paid by the pooled fund: inpatient and chronic, outpatient. */
  readonly paidInFen: Fen
  readonly paidOutFen: Fen
  /** Paid by the catastrophic and the large-amount fund. */
  readonly paidCatFen: Fen
  readonly paidLargeFen: Fen
  /** In scope less pooled, before later layers: inpatient and chronic. */
  readonly burdenFen: Fen
  /** In scope less deductible: inpatient and chronic. */
  readonly aboveDeductibleFen: Fen
  /** In scope: inpatient and chronic, outpatient. */
  readonly costInFen: Fen
  readonly costOutFen: Fen
  /** Counters that the policy declares for itself; one that is 0 is left out. */
  readonly own: OwnTotals
}

export type OwnName = `own.${string}`
export type OwnTotals = Readonly<Record<OwnName, Fen>>
/** What a measure or a cap may name. */
export type TotalName = FenTotal | OwnName

/** The totals of the claim's year with the balance of the lifelong personal account. */
export type BenefitTotals = YearTotals & { readonly accountFen: Fen }

export const FEN_TOTALS = [
  'dedInFen',
  'dedChronicFen',
  'dedOutFen',
  'paidInFen',
  'paidOutFen',
  'paidCatFen',
  'paidLargeFen',
  'burdenFen',
  'aboveDeductibleFen',
  'costInFen',
  'costOutFen',
] as const
export type FenTotal = (typeof FEN_TOTALS)[number]

const IS_FEN_TOTAL: ReadonlySet<string> = new Set(FEN_TOTALS)

export function isTotalName(name: string): name is TotalName {
  return isFenTotal(name) || isOwn(name)
}

export function isFenTotal(name: string): name is FenTotal {
  return IS_FEN_TOTAL.has(name)
}

export function isOwn(name: string): name is OwnName {
  return name.startsWith('own.')
}

/** One total by its name; a counter that the year does not know is 0. */
export function totalNamed(totals: BenefitTotals, name: TotalName): Fen {
  return isFenTotal(name) ? totals[name] : (totals.own[name] ?? ZERO)
}
