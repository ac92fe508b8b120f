/**
 * What the hospital is told of a claim: a function of its events alone, so equal requests get equal
 * bodies.
 */
import { assert } from '@tongchou/contracts/decision.ts'
import type { Reason } from '@tongchou/contracts/events.generated.ts'
import type { ClaimAnswerJson } from '@tongchou/contracts/http/claim.ts'
import { sharesJson } from '@tongchou/contracts/http/claim.ts'
import type { ClaimState } from '../claim/state.ts'

/** True when the claim waits for nothing but people: what `Prefer: wait` waits for. */
export function isAnswered(state: ClaimState): boolean {
  return state.status !== 'none' && state.status !== 'submitted'
}

export function answerOf(state: ClaimState): ClaimAnswerJson {
  assert(state.status !== 'none', 'an answer needs a claim')
  const { claimId, claimNo, institutionCode } = state.submission
  const shares = 'adjudication' in state && state.status !== 'submitted' ? state.adjudication : null
  const reasons = state.status === 'held' ? state.reasons : []
  return {
    claimId,
    claimNo,
    institutionCode,
    state: state.status,
    shares: shares === null ? null : sharesJson(shares),
    reasons: reasons.map(reasonJson),
  }
}

function reasonJson({ rule, detail, otherClaimId }: Reason): ClaimAnswerJson['reasons'][number] {
  return { rule, detail, otherClaimId }
}
