/** When a year's money is due (缴费期限), and what is added when it comes late (滞纳金). */
import { divide, type Fen, ZERO } from '../../money.ts'
import { addDays, type BusinessDate, businessDate, dayNumber } from '../../time.ts'
import { ROUNDING } from '../rule/figure.ts'
import type { NoPolicy } from '../rule/no-policy.ts'
import { resolve } from '../rule/rule.ts'
import { type ContributionFacts, noDues, refusal, ruleFacts } from './contribution.ts'
import type { DuesPlan } from './plan.ts'

type Asked = Pick<ContributionFacts, 'status' | 'age' | 'year' | 'attributes'>

/** The last day on which the year's money is in time. @source P05-R03 */
export function dueDate(
  plan: DuesPlan,
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

/** The rule on late money that holds for a bill, resolved once. */
export type LateFeeRule = {
  readonly kind: 'late-fee-rule'
  readonly noticeDays: number
  /** Basis points a day. */
  readonly perDayBp: number
}

/** No policy where there is no rule, or a figure of it is unknown. @source P05-R21, P05-R22 */
export function lateFeeRule(plan: DuesPlan, asked: Asked): LateFeeRule | NoPolicy {
  const rules = plan.contribution?.lateFee ?? null
  if (rules === null) return noDues(plan, 'contribution.lateFee')
  const notice = resolve(rules.noticeDays, ruleFacts(asked))
  if (notice.value === null) return refusal(plan, notice)
  if (rules.perDayBp.value === null) return refusal(plan, rules.perDayBp)
  return {
    kind: 'late-fee-rule',
    noticeDays: notice.value,
    perDayBp: rules.perDayBp.value,
  }
}

export type LateFee = { readonly kind: 'late-fee'; readonly days: number; readonly feeFen: Fen }

/**
 * Nothing until the days of grace after the notice are over; then for every day after the due date
 * up to and including the day of payment, a simple daily rate, rounded half up once.
 * @source P05-R21, P05-R22 and the reading 4 of P05
 */
export function lateFeeBy(
  { noticeDays, perDayBp }: Pick<LateFeeRule, 'noticeDays' | 'perDayBp'>,
  { amountFen, dueOn, noticeOn, paidOn }: Arrears,
): LateFee {
  const inTime = noticeOn === null || paidOn <= addDays(noticeOn, noticeDays)
  if (inTime || paidOn <= dueOn) return { kind: 'late-fee', days: 0, feeFen: ZERO }
  const days = dayNumber(paidOn) - dayNumber(dueOn)
  const daily = amountFen * BigInt(perDayBp)
  return { kind: 'late-fee', days, feeFen: divide(daily * BigInt(days), 10_000n, ROUNDING) }
}

/** `lateFeeBy` under the policy's own rule. */
export function lateFee(plan: DuesPlan, asked: Asked, arrears: Arrears): LateFee | NoPolicy {
  const rule = lateFeeRule(plan, asked)
  return rule.kind === 'no-policy' ? rule : lateFeeBy(rule, arrears)
}
