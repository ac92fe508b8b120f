/**
 * The explanation of one adjudication: computed again from the event, step by step, and compared
 * with it.
 */
import type { ClaimAdjudicated } from '@tongchou/contracts/events.generated.ts'
import type { ExplanationJson } from '@tongchou/contracts/http/account.ts'
import type { ClaimId } from '@tongchou/contracts/id.ts'
import { totalsFor } from '../account/adjudicated.ts'
import { explanationJson } from '../account/answer.ts'
import type { AccountEvent } from '../account/events.ts'
import { factsOfEvent } from '../account/facts.ts'
import { type AccountState, entryOf } from '../account/state.ts'
import { explain } from '../policy/adjudicate.ts'
import type { Plan } from '../policy/plan/plan.ts'
import { totalsFromMap } from '../policy/totals.ts'
import { type Difference, differenceOf, recomputeAdjudication } from './recompute.ts'

export type Explained =
  | { readonly ok: true; readonly event: ClaimAdjudicated; readonly answer: ExplanationJson }
  | { readonly ok: false; readonly event: ClaimAdjudicated; readonly difference: Difference }

/** Undefined when the account never adjudicated the claim. */
export function explained(
  { events, state }: { readonly events: readonly AccountEvent[]; readonly state: AccountState },
  claimId: ClaimId,
  packOf: (hash: string) => Plan | undefined,
): Explained | undefined {
  const event = adjudicationOf(events, claimId)
  if (event === undefined) return undefined
  const difference = recomputeAdjudication(event, packOf)
  if (difference !== null) return { ok: false, event, difference }
  const plan = packOf(event.packHash)
  if (plan === undefined) return undefined
  const before = totalsFor(totalsFromMap(event.before), event.balanceBeforeFen)
  const explanation = explain(plan, factsOfEvent(event), before)
  const { outcome } = explanation
  const told =
    outcome.kind === 'adjudicated' ? differenceOf(event, outcome) : noOutcome(outcome.path)
  if (told !== null) return { ok: false, event, difference: told }
  const counts = (entryOf(state, claimId)?.entry.effect ?? null) !== null
  return { ok: true, event, answer: explanationJson(event, explanation, { plan, counts }) }
}

function noOutcome(path: string): Difference {
  return { field: 'packHash', stored: 'adjudicated', recomputed: path }
}

/** The adjudication of the claim; a claim is adjudicated once. */
export function adjudicationOf(
  events: readonly AccountEvent[],
  claimId: ClaimId,
): ClaimAdjudicated | undefined {
  for (const event of events) {
    if (event.type === 'ClaimAdjudicated' && event.data.claimId === claimId) return event.data
  }
  return undefined
}
