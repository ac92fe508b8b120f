/** What a claim would come to now: the engine on the account as it stands, nothing stored. */
import type { ClaimAdjudicated, ClaimSubmitted } from '@tongchou/contracts/events.generated.ts'
import type { Adjudicate } from '../account/commands.ts'
import { type AccountRefusal, decide } from '../account/decide.ts'
import { factsOfClaim } from '../account/facts.ts'
import type { AccountState } from '../account/state.ts'
import type { Plan } from '../policy/plan/plan.ts'

export type Quoted =
  | { readonly ok: true; readonly event: ClaimAdjudicated }
  | { readonly ok: false; readonly refusal: AccountRefusal }

/**
 * The very decision that the claim would meet; undefined when the account has the claim already.
 */
export function quote(
  claim: ClaimSubmitted,
  plan: Plan,
  { state, meta }: { readonly state: AccountState; readonly meta: Adjudicate['meta'] },
): Quoted | undefined {
  const { claimId, personId, institutionCode } = claim
  const data = { claimId, personId, institutionCode, facts: factsOfClaim(claim), plan }
  const decision = decide({ type: 'Adjudicate', data, meta }, state)
  if (!decision.accepted) return { ok: false, refusal: decision.refusal }
  const [event] = decision.events
  return event?.type === 'ClaimAdjudicated' ? { ok: true, event: event.data } : undefined
}
