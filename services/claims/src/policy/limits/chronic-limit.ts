/** The yearly limit of a person with several chronic outpatient diseases (门诊慢性病). */
import { type Fen, greatest, minus, sum, ZERO } from '@tongchou/contracts/money.ts'
import { fundFacts, noDues, refusal } from '@tongchou/contracts/policy/dues/contribution.ts'
import { resolve } from '@tongchou/contracts/policy/rule/rule.ts'
import type { BusinessDate } from '@tongchou/contracts/time.ts'
import { fundShare } from '../layers/tiers.ts'
import type { NoPolicy } from '../outcome.ts'
import type { Plan, Rate } from '../plan/plan.ts'

/**
 * The main disease at its own limit, and a part of the sum of the others'. The main one is that
 * with the highest limit. @source P02-R12 and its reading 5
 */
export function chronicLimit(
  plan: Plan,
  limitsFen: readonly Fen[],
  on: BusinessDate,
): { readonly kind: 'chronic-limit'; readonly limitFen: Fen } | NoPolicy {
  const rule = plan.chronicOthers
  if (rule === null) return noDues(plan, 'chronicLimit')
  const share = resolve(rule, fundFacts(on))
  if (share.value === null) return refusal(plan, share)
  return { kind: 'chronic-limit', limitFen: togetherFen(limitsFen, share.value) }
}

/** The highest whole, and the share of all others together. */
export function togetherFen(limitsFen: readonly Fen[], othersShare: Rate): Fen {
  const mainFen = limitsFen.reduce((most, limit) => greatest(most, limit), ZERO)
  const othersFen = minus(sum(...limitsFen), mainFen)
  return sum(mainFen, fundShare(othersFen, othersShare))
}
