/** Payment of a hospital under a total budget (总额控制): by month, then cleared at year's end. */
import { divide, type Fen, minus, remainder, share, sum, ZERO } from '@tongchou/contracts/money.ts'
import { fundFacts, noDues, refusal } from '@tongchou/contracts/policy/dues/contribution.ts'
import { resolve } from '@tongchou/contracts/policy/rule/rule.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import type { Attributes } from '../facts.ts'
import { ROUNDING } from '../layers/steps.ts'
import { fundShare } from '../layers/tiers.ts'
import type { NoPolicy } from '../outcome.ts'
import type { Plan } from '../plan/plan.ts'

const MONTHS = 12

export type BudgetYear = {
  readonly year: number
  readonly quotaFen: Fen
  /** The pooled fund's share of the cost of each month. */
  readonly actualFen: readonly Fen[]
  /** By which a pack tells its payers apart. */
  readonly attributes: Attributes
}

export type BudgetCleared = {
  readonly kind: 'budget-cleared'
  readonly monthlyFen: readonly Fen[]
  readonly settledFen: Fen
  /** Paid at year's end; negative: the hospital pays back. */
  readonly yearEndFen: Fen
  /** Of the overspend, what stays with the hospital. */
  readonly hospitalBearsFen: Fen
}

/**
 * Monthly: a twelfth of the quota, or a part of the month's actual share. Settled: actual and the
 * surplus that is kept, or quota and the fund's share of the overspend. @source P08-R02 to R05,
 * P03-R34
 */
export function clearBudget(plan: Plan, year: BudgetYear): BudgetCleared | NoPolicy {
  const rules = plan.fund.totalBudget
  if (rules === null) return noDues(plan, 'fund.totalBudget')
  const facts = fundFacts(businessDate(`${year.year}-12-31`), year.attributes)
  const monthly = resolve(rules.monthly, facts)
  if (monthly.value === null) return refusal(plan, monthly)
  const actualFen = sum(...year.actualFen)
  const overFen = remainder(actualFen, year.quotaFen)
  const rate = resolve(overFen === 0n ? rules.surplusKept : rules.overspendShare, facts)
  if (rate.value === null) return refusal(plan, rate)
  const byFundFen = overFen === 0n ? ZERO : fundShare(overFen, rate.value)
  const keptFen = fundShare(remainder(year.quotaFen, actualFen), rate.value)
  const settledFen = overFen === 0n ? sum(actualFen, keptFen) : sum(year.quotaFen, byFundFen)
  const { value } = monthly
  const monthlyFen =
    value.kind === 'quotaTwelfth'
      ? twelfths(year.quotaFen)
      : year.actualFen.map(amount => share(amount, value.bp, ROUNDING))
  return {
    kind: 'budget-cleared',
    monthlyFen,
    settledFen,
    yearEndFen: minus(settledFen, sum(...monthlyFen)),
    hospitalBearsFen: minus(overFen, byFundFen),
  }
}

/** The last month takes what is left of whole fen. @source P08-W3 */
function twelfths(quotaFen: Fen): readonly Fen[] {
  const each = divide(quotaFen, BigInt(MONTHS), 'down')
  const others = Array.from({ length: MONTHS - 1 }, () => each)
  return [...others, minus(quotaFen, sum(...others))]
}
