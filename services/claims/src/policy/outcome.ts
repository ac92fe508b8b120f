/**
 * What adjudicating a claim yields: the shares and their effect, or the reason why no policy
 * computes it.
 */

import type { BasisPoints, Fen } from '@tongchou/contracts/money.ts'
import type { FilingBranch } from './facts.ts'
import type { Payer } from './plan/plan.ts'
import type { TotalsDelta } from './totals.ts'

export type { NoPolicy } from '@tongchou/contracts/policy/rule/no-policy.ts'

/**
 * One fund layer that paid something. `payerFund` is the fund of the insured region:
 * `employee.pooled`.
 */
export type LayerPayment = {
  readonly layer: string
  readonly payer: Payer | 'account'
  readonly payerFund: string
  readonly amountFen: Fen
}

export type BenefitOutcome = {
  readonly kind: 'adjudicated'
  readonly filing: FilingBranch
  /**
   * The pooled fund's rate on the first fen above the deductible, after the remote factor; 0
   * without one.
   */
  readonly fundBp: BasisPoints
  readonly deductibleFen: Fen
  /** In the order of the plan, the personal account last; those that paid nothing are left out. */
  readonly layers: readonly LayerPayment[]
  readonly pooledFen: Fen
  readonly catastrophicFen: Fen
  readonly largeAmountFen: Fen
  readonly civilServantFen: Fen
  readonly assistanceFen: Fen
  readonly accountFen: Fen
  readonly cashFen: Fen
  /** Σ layers + cash. */
  readonly totalFen: Fen
  /**
   * Stays of the year that the deductible ladder counted before this one; 0 where there is no
   * ladder.
   */
  readonly ladderPosition: number
  readonly effect: TotalsDelta
}
