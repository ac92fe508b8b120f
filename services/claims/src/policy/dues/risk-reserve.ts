/** What a fund sets aside as risk reserve (风险储备金) at the end of a year. */
import { divide, type Fen, greatest, least, remainder, ZERO } from '@tongchou/contracts/money.ts'
import { noDues, refusal } from '@tongchou/contracts/policy/dues/contribution.ts'
import { ROUNDING } from '../layers/steps.ts'
import type { NoPolicy } from '../outcome.ts'
import type { Plan } from '../plan/plan.ts'

export type RiskReserveFacts = {
  /** Pooled income of the year. */
  readonly incomeFen: Fen
  /** Income less spending of the year; may be negative. */
  readonly surplusFen: Fen
  /** The reserve before. */
  readonly balanceFen: Fen
}

/**
 * The draw: a share of the year's pooled income, out of the year's surplus, until the reserve
 * reaches its ceiling; never below 0. @source P04-R32, P04-R33
 */
export function riskReserve(
  plan: Plan,
  { incomeFen, surplusFen, balanceFen }: RiskReserveFacts,
): { readonly kind: 'risk-reserve'; readonly drawFen: Fen } | NoPolicy {
  const rules = plan.riskReserve
  if (rules === null) return noDues(plan, 'riskReserve')
  const { drawBp, ceilingBp } = rules
  if (drawBp.value === null) return refusal(plan, drawBp)
  if (ceilingBp.value === null) return refusal(plan, ceilingBp)
  const roomFen = remainder(partOf(incomeFen, ceilingBp.value), balanceFen)
  const wantedFen = least(partOf(incomeFen, drawBp.value), roomFen)
  return { kind: 'risk-reserve', drawFen: greatest(ZERO, least(wantedFen, surplusFen)) }
}

function partOf(incomeFen: Fen, bp: number): Fen {
  return divide(incomeFen * BigInt(bp), 10_000n, ROUNDING)
}
