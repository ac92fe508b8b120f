/** What follows on money obtained by fraud: all of it back, a fine within bounds, a suspension. */
import { type Fen, fen } from '@tongchou/contracts/money.ts'
import { fundFacts, noDues, refusal } from '@tongchou/contracts/policy/dues/contribution.ts'
import { resolve } from '@tongchou/contracts/policy/rule/rule.ts'
import type { BusinessDate } from '@tongchou/contracts/time.ts'
import type { NoPolicy } from '../outcome.ts'
import type { PenaltyPlan } from '../plan/money-plan.ts'
import type { Plan } from '../plan/plan.ts'

export type Penalty = {
  readonly kind: 'penalty'
  readonly recoverFen: Fen
  readonly fineMinFen: Fen
  readonly fineMaxFen: Fen
  /** Months for which the card settles nothing. */
  readonly suspensionMonths: { readonly min: number; readonly max: number }
}

/** By the rules of the day on which it was found. @source P03-R38, P03-R40 */
export function penalty(plan: Plan, fraudFen: Fen, foundOn: BusinessDate): Penalty | NoPolicy {
  const rules = plan.fund.penalty
  if (rules === null) return noDues(plan, 'fund.penalty')
  const facts = fundFacts(foundOn)
  const unknown = Object.values(rules)
    .map(rule => resolve(rule, facts))
    .find(({ value }) => value === null)
  if (unknown !== undefined) return refusal(plan, unknown)
  const number = (name: keyof PenaltyPlan): number => resolve(rules[name], facts).value ?? 0
  return {
    kind: 'penalty',
    recoverFen: fraudFen,
    fineMinFen: fen(fraudFen * BigInt(number('fineTimesMin'))),
    fineMaxFen: fen(fraudFen * BigInt(number('fineTimesMax'))),
    suspensionMonths: { min: number('suspensionMonthsMin'), max: number('suspensionMonthsMax') },
  }
}
