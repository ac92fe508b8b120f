import { assert, unreachable } from '@tongchou/contracts/decision.ts'
import type { ClaimSubmitted, Obligation, Reason } from '@tongchou/contracts/events.generated.ts'
import type { ClaimId, PersonId } from '@tongchou/contracts/id.ts'
import type { Adjudication, Score } from './commands.ts'
import type { ClaimEvent } from './events.ts'

/** What of a submission later decisions and answers need. */
export type Submission = {
  readonly claimId: ClaimId
  readonly personId: PersonId
  readonly claimNo: string
  readonly institutionCode: string
  readonly treatingRegion: string
  readonly insuredRegion: string
  readonly contentDigest: string
}

export type ClaimState =
  | { readonly status: 'none' }
  | {
      readonly status: 'submitted'
      readonly submission: Submission
      readonly adjudication: Adjudication | null
      readonly score: Score | null
    }
  | {
      readonly status: 'held'
      readonly submission: Submission
      readonly adjudication: Adjudication
      readonly reasons: readonly Reason[]
    }
  | {
      readonly status: 'settled'
      readonly submission: Submission
      readonly adjudication: Adjudication
      readonly obligation: Obligation | null
    }
  | { readonly status: 'rejected'; readonly submission: Submission; readonly note: string }
  | { readonly status: 'withdrawn'; readonly submission: Submission; readonly reason: string }
  | {
      readonly status: 'reversed'
      readonly submission: Submission
      readonly adjudication: Adjudication
      readonly reason: string
    }

export const initialState: ClaimState = { status: 'none' }

/** Applies a fact. Never judges; asserts what history makes impossible. */
export function evolve(state: ClaimState, event: ClaimEvent): ClaimState {
  if (event.type === 'ClaimSubmitted') {
    assert(state.status === 'none', 'a claim is submitted once')
    const submission = submissionOf(event.data)
    return { status: 'submitted', submission, adjudication: null, score: null }
  }
  assert(state.status !== 'none', `${event.type} before ClaimSubmitted`)
  const { submission } = state
  switch (event.type) {
    case 'AdjudicationReceived':
      assert(state.status === 'submitted', 'shares are noted on a submitted claim')
      return { ...state, adjudication: event.data }
    case 'ScoreReceived':
      assert(state.status === 'submitted', 'a score is noted on a submitted claim')
      return { ...state, score: event.data }
    case 'ClaimHeld':
      return { status: 'held', submission, adjudication: event.data, reasons: event.data.reasons }
    case 'ClaimSettled': {
      const { obligation } = event.data
      return { status: 'settled', submission, adjudication: event.data, obligation }
    }
    case 'ClaimRejected':
      return { status: 'rejected', submission, note: event.data.note }
    case 'ClaimWithdrawn':
      return { status: 'withdrawn', submission, reason: event.data.reason }
    case 'ClaimReversed':
      return { status: 'reversed', submission, adjudication: event.data, reason: event.data.reason }
    default:
      return unreachable(event)
  }
}

function submissionOf(data: ClaimSubmitted): Submission {
  const { claimId, personId, claimNo, institutionCode, treatingRegion, insuredRegion } = data
  const { contentDigest } = data
  return {
    claimId,
    personId,
    claimNo,
    institutionCode,
    treatingRegion,
    insuredRegion,
    contentDigest,
  }
}
