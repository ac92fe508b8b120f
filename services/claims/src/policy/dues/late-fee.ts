/** When a year's money is due (缴费期限), and what is added when it comes late (滞纳金). */
import { divide, type Fen, ZERO } from '@tongchou/contracts/money.ts'
import { addDays, type BusinessDate, businessDate, dayNumber } from '@tongchou/contracts/time.ts'
import { ROUNDING } from '../layers/steps.ts'
import type { NoPolicy } from '../outcome.ts'
import type { Plan } from '../plan/plan.ts'
import { resolve } from '../plan/rule.ts'
import { type ContributionFacts, noDues, refusal, ruleFacts } from './contribution.ts'

type Asked = Pick<ContributionFacts, 'status' | 'age' | 'year' | 'attributes'>

/** The last day on which the year's money is in time. @source P05-R03 */
export function dueDate(
  plan: Plan,
  asked: Asked,
): { readonly kind: 'due-date'; readonly dueOn: BusinessDate } | NoPolicy {
  const rule = plan.contribution?.dueOn ?? null
  if (rule === null) return noDues(plan, 'contribution.dueOn')
  const leaf = resolve(rule, ruleFacts(asked))
  if (leaf.value === null) return refusal(plan, leaf)
  return { kind: 'due-date', dueOn: businessDate(`${asked.year}-${leaf.value}`) }
}

export type Arrears = {
  readonly amountFen: Fen
  readonly dueOn: BusinessDate
  /** Day on which the written notice was delivered; null: none yet, so no fee. */
  readonly noticeOn: BusinessDate | null
  readonly paidOn: BusinessDate
}

/**
 * Nothing until the days of grace after the notice are over; then for every day after the due date
 * up to and including the day of payment, a simple daily rate, rounded half up once.
 * @source P05-R21, P05-R22 and the reading 4 of P05
 */
export function lateFee(
  plan: Plan,
  asked: Asked,
  { amountFen, dueOn, noticeOn, paidOn }: Arrears,
): { readonly kind: 'late-fee'; readonly days: number; readonly feeFen: Fen } | NoPolicy {
  const rules = plan.contribution?.lateFee ?? null
  if (rules === null) return noDues(plan, 'contribution.lateFee')
  const notice = resolve(rules.noticeDays, ruleFacts(asked))
  if (notice.value === null) return refusal(plan, notice)
  if (rules.perDayBp.value === null) return refusal(plan, rules.perDayBp)
  const inTime = noticeOn === null || paidOn <= addDays(noticeOn, notice.value)
  if (inTime || paidOn <= dueOn) return { kind: 'late-fee', days: 0, feeFen: ZERO }
  const days = dayNumber(paidOn) - dayNumber(dueOn)
  const daily = amountFen * BigInt(rules.perDayBp.value)
  return { kind: 'late-fee', days, feeFen: divide(daily * BigInt(days), 10_000n, ROUNDING) }
}
