/** The compiled rules on premiums, accounts, funds, guards and earlier years. */
import type { BasisPoints, Fen } from '@tongchou/contracts/money.ts'
import type { AccountPurpose } from '@tongchou/contracts/policy/language.ts'
import type { Scheme } from '../facts.ts'
import type { FenTotal } from '../totals.ts'
import type { Leaf, Rate, Rule, Source } from './plan.ts'

export type PersonalAccountPlan = {
  readonly mayPay: ReadonlyMap<AccountPurpose, Rule<boolean>>
  readonly toCard: Rule<Rate> | null
  readonly withdrawalFrom: Rule<Fen> | null
}

export type RiskReservePlan = {
  readonly drawBp: Leaf<number>
  readonly ceilingBp: Leaf<number>
}

export type Monthly =
  | { readonly kind: 'quotaTwelfth' }
  | { readonly kind: 'lastMonth'; readonly bp: BasisPoints }

export type TotalBudgetPlan = {
  readonly monthly: Rule<Monthly>
  readonly payByDay: Rule<number> | null
  readonly surplusKept: Rule<Rate>
  readonly overspendShare: Rule<Rate>
}

export type PenaltyPlan = {
  readonly fineTimesMin: Rule<number>
  readonly fineTimesMax: Rule<number>
  readonly suspensionMonthsMin: Rule<number>
  readonly suspensionMonthsMax: Rule<number>
}

export type RunwayPlan = {
  readonly withoutPrepaid: Rule<boolean> | null
  readonly warnBelowMonths: Rule<number> | null
  readonly keepLiquidMonths: Rule<number> | null
}

export type FundPlan = {
  readonly runway: RunwayPlan | null
  readonly totalBudget: TotalBudgetPlan | null
  readonly penalty: PenaltyPlan | null
}

export const NO_FUND_RULES: FundPlan = { runway: null, totalBudget: null, penalty: null }

/** What a pack demands of other packs. A warning needs an approved exception. */
export type Guard = {
  readonly id: string
  readonly severity: 'warning' | 'refusal'
  /** Null: of every scheme. */
  readonly scheme: Scheme | null
  readonly sources: readonly Source[]
} & (
  | { readonly kind: 'fundRateAtLeast'; readonly bp: BasisPoints }
  | { readonly kind: 'capAtLeast'; readonly amountFen: Fen }
  | { readonly kind: 'rateChangeOnlyInDeficit' }
)

/**
 * What earlier years say, told to rules as an attribute: years in a row up to the last one within
 * the amount; Σ of what was not used of it; the total of the last year; whole years in a row.
 */
export type History = { readonly attribute: string } & (
  | {
      readonly kind: 'streak' | 'unused'
      readonly total: FenTotal
      readonly atMost: Rule<Fen>
    }
  | { readonly kind: 'lastYear'; readonly total: FenTotal }
  | { readonly kind: 'insuredYears' | 'creditsOfYear' | 'episode' }
)
