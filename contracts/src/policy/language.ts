/**
 * The parts of the policy language beyond the shares of a claim: premiums, accounts, funds, guards,
 * what earlier years say, and packs that build on another.
 */
import type {
  Cited,
  CountLeaf,
  FenLeaf,
  FlagLeaf,
  MultipleLeaf,
  RateLeaf,
  RuleDocument,
  Text,
} from '../policy-document.ts'

type Table<T> = { readonly [key: string]: T }
type Multiple = MultipleLeaf & Cited

export type DueLeaf = { readonly fen?: number | null; readonly baseBp?: number | null }
export type DayLeaf = { readonly monthDay: string | null }
export type MonthlyLeaf = { readonly quotaTwelfth?: true; readonly lastMonthBp?: number | null }

export type DueDocument = {
  readonly id: string
  readonly payer: string
  readonly to: string
  readonly when?: RuleDocument<FlagLeaf>
  readonly amount: RuleDocument<DueLeaf>
  /** Ids of earlier parts that this one is the rest of. */
  readonly less?: readonly string[]
  /** At most what the earlier parts leave of the base. */
  readonly withinBase?: boolean
}

/** Exactly one of: a wage within floor and ceiling, a stated amount, one that is handed in. */
export type BaseDocument = {
  readonly counts?: RuleDocument<FlagLeaf>
  readonly floor?: Multiple
  readonly ceiling?: Multiple
  readonly amount?: RuleDocument<FenLeaf>
  readonly given?: string
}

export type ContributionDocument = {
  readonly per?: 'month' | 'year'
  readonly base: BaseDocument | null
  readonly dues: readonly DueDocument[]
  readonly dueOn?: RuleDocument<DayLeaf>
  readonly lateFee?: { readonly noticeDays: RuleDocument<CountLeaf>; readonly perDay: Multiple }
}

export const ACCOUNT_PURPOSES = [
  'ownOutpatient',
  'ownInScopeShare',
  'belowDeductible',
  'relativesPremium',
  'relativesCare',
  'vaccines',
  'healthCheck',
  'commercialInsurance',
] as const
export type AccountPurpose = (typeof ACCOUNT_PURPOSES)[number]

export type PersonalAccountDocument = {
  readonly mayPay?: { readonly [purpose in AccountPurpose]?: RuleDocument<FlagLeaf> }
  /** Share of a month's credit that goes to the card's own bank account. */
  readonly toCard?: RuleDocument<RateLeaf>
  /** Inpatient cost of the year from which the whole balance may be drawn. */
  readonly withdrawalFrom?: RuleDocument<FenLeaf>
}

export type FundDocument = {
  readonly runway?: {
    /** Money paid in advance for later years is no free reserve. */
    readonly withoutPrepaid?: RuleDocument<FlagLeaf>
    readonly warnBelowMonths?: RuleDocument<CountLeaf>
    readonly keepLiquidMonths?: RuleDocument<CountLeaf>
  }
  readonly totalBudget?: {
    readonly monthly: RuleDocument<MonthlyLeaf>
    readonly payByDay?: RuleDocument<CountLeaf>
    readonly surplusKept: RuleDocument<RateLeaf>
    readonly overspendShare: RuleDocument<RateLeaf>
  }
  readonly penalty?: {
    readonly fineTimesMin: RuleDocument<CountLeaf>
    readonly fineTimesMax: RuleDocument<CountLeaf>
    readonly suspensionMonthsMin: RuleDocument<CountLeaf>
    readonly suspensionMonthsMax: RuleDocument<CountLeaf>
  }
}

export type GuardDocument = Cited & {
  readonly id: string
  readonly kind: 'fundRateAtLeast' | 'capAtLeast' | 'rateChangeOnlyInDeficit'
  readonly scheme?: 'employee' | 'resident'
  /** A warning needs an approved exception; a refusal none can pass. */
  readonly severity: 'warning' | 'refusal'
  readonly bp?: number
  readonly fen?: number
}

/** What earlier years and the account say, as an attribute of the claim. */
export type HistoryDocument = {
  readonly kind: 'streak' | 'unused' | 'lastYear' | 'insuredYears' | 'creditsOfYear' | 'episode'
  readonly total?: string
  readonly atMost?: RuleDocument<FenLeaf>
}

/** A pack that builds on another one: only what differs is written, each place named. */
export type OverrideDocument = {
  readonly form: 'override'
  readonly packId: string
  readonly name: Text
  readonly parent: { readonly packId: string; readonly hash: string }
  readonly region: string | null
  readonly effectiveFrom: string | null
  readonly effectiveTo: string | null
  readonly documents: Table<{
    readonly title: string
    readonly number: string | null
    readonly effective: string | null
  }>
  readonly clauses: Table<{ readonly document: string; readonly quote: string }>
  readonly readings: Table<Text>
  /** By path in the parent; the value takes the place of what stands there. */
  readonly set: Table<unknown>
}
