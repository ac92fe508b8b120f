/** The life of a claim: submitted, joined with shares and score, settled or held, undone. */
import type { Decision } from '@tongchou/contracts/decision.ts'
import { accept, refuse, unreachable } from '@tongchou/contracts/decision.ts'
import type { ClaimSettled, Obligation } from '@tongchou/contracts/events.generated.ts'
import { sum } from '@tongchou/contracts/money.ts'
import type {
  Adjudication,
  ClaimCommand,
  NoteAdjudication,
  NoteScore,
  RejectClaim,
  ReleaseClaim,
  ReverseClaim,
  Score,
  SubmitClaim,
} from './commands.ts'
import type { ClaimEvent } from './events.ts'
import type { ClaimState, Submission } from './state.ts'

export type ClaimRefusal =
  | { readonly kind: 'claim-number-reused'; readonly claimNo: string }
  | { readonly kind: 'unknown-claim' }
  | { readonly kind: 'already-reversed'; readonly reason: string }
  | { readonly kind: 'not-held'; readonly status: ClaimState['status'] }

export type ClaimDecision = Decision<ClaimEvent, ClaimRefusal>

export function decide(command: ClaimCommand, state: ClaimState): ClaimDecision {
  switch (command.type) {
    case 'SubmitClaim':
      return submit(command, state)
    case 'NoteAdjudication':
      return noteAdjudication(command, state)
    case 'NoteScore':
      return noteScore(command, state)
    case 'ReleaseClaim':
      return release(command, state)
    case 'RejectClaim':
      return reject(command, state)
    case 'ReverseClaim':
      return reverse(command, state)
    default:
      return unreachable(command)
  }
}

/**
 * The same content again changes nothing; another content under the same number:
 * `claim-number-reused`.
 */
function submit({ data }: SubmitClaim, state: ClaimState): ClaimDecision {
  if (state.status === 'none') return accept({ type: 'ClaimSubmitted', data })
  if (state.submission.contentDigest === data.contentDigest) return accept()
  return refuse({ kind: 'claim-number-reused', claimNo: data.claimNo })
}

/**
 * First of the two: noted. Second: settles or holds. A claim that has ended, or has them, ignores
 * it (law 9).
 */
function noteAdjudication({ data }: NoteAdjudication, state: ClaimState): ClaimDecision {
  if (state.status === 'none') return refuse({ kind: 'unknown-claim' })
  if (state.status !== 'submitted' || state.adjudication !== null) return accept()
  if (state.score === null) return accept({ type: 'AdjudicationReceived', data })
  return conclude(state.submission, data, state.score)
}

function noteScore({ data }: NoteScore, state: ClaimState): ClaimDecision {
  if (state.status === 'none') return refuse({ kind: 'unknown-claim' })
  if (state.status !== 'submitted' || state.score !== null) return accept()
  if (state.adjudication === null) return accept({ type: 'ScoreReceived', data })
  return conclude(state.submission, state.adjudication, data)
}

function conclude(submission: Submission, adjudication: Adjudication, score: Score): ClaimDecision {
  const { claimNo } = submission
  if (score.outcome === 'hold') {
    const { reasons } = score
    return accept({ type: 'ClaimHeld', data: { ...sharesOf(adjudication), claimNo, reasons } })
  }
  return accept({ type: 'ClaimSettled', data: settlement(adjudication, claimNo, false) })
}

function settlement(shares: Adjudication, claimNo: string, released: boolean): ClaimSettled {
  return { ...sharesOf(shares), claimNo, obligation: obligationOf(shares), released }
}

/**
 * Insured region owes treating region what the funds and the account paid; nothing between a region
 * and itself.
 */
export function obligationOf(shares: Adjudication): Obligation | null {
  const { insuredRegion, treatingRegion, pooledFen, catastrophicFen, otherFundFen, accountFen } =
    shares
  if (insuredRegion === treatingRegion) return null
  const owedFen = sum(pooledFen, catastrophicFen, otherFundFen, accountFen)
  return {
    debtor: insuredRegion,
    creditor: treatingRegion,
    pooledFen,
    catastrophicFen,
    otherFundFen,
    accountFen,
    owedFen,
  }
}

/** A reviewer lets a held claim through. Refuses `unknown-claim`, `not-held`. */
function release(_command: ReleaseClaim, state: ClaimState): ClaimDecision {
  if (state.status === 'none') return refuse({ kind: 'unknown-claim' })
  if (state.status === 'submitted') return refuse({ kind: 'not-held', status: state.status })
  if (state.status !== 'held') return accept()
  const { adjudication, submission } = state
  return accept({ type: 'ClaimSettled', data: settlement(adjudication, submission.claimNo, true) })
}

/** A reviewer refuses a held claim for good. Refuses `unknown-claim`, `not-held`. */
function reject({ data }: RejectClaim, state: ClaimState): ClaimDecision {
  if (state.status === 'none') return refuse({ kind: 'unknown-claim' })
  if (state.status === 'submitted') return refuse({ kind: 'not-held', status: state.status })
  if (state.status !== 'held') return accept()
  const { claimId, personId } = state.submission
  return accept({ type: 'ClaimRejected', data: { claimId, personId, ...data } })
}

/**
 * Legal in every state (law 9): nothing booked yet → withdrawn, settled → reversed with the shares
 * of the settlement. The same reason again is a resend; another one: `already-reversed`.
 */
function reverse({ data }: ReverseClaim, state: ClaimState): ClaimDecision {
  switch (state.status) {
    case 'none':
      return refuse({ kind: 'unknown-claim' })
    case 'submitted':
    case 'held':
    case 'rejected': {
      const { claimId, personId } = state.submission
      return accept({ type: 'ClaimWithdrawn', data: { claimId, personId, reason: data.reason } })
    }
    case 'settled': {
      const { adjudication, obligation, submission } = state
      const { claimNo } = submission
      const shares = { ...sharesOf(adjudication), claimNo, obligation, reason: data.reason }
      return accept({ type: 'ClaimReversed', data: shares })
    }
    case 'withdrawn':
    case 'reversed':
      if (state.reason === data.reason) return accept()
      return refuse({ kind: 'already-reversed', reason: state.reason })
    default:
      return unreachable(state)
  }
}

/** The shares alone: the fields that every event about an adjudicated claim repeats. */
export function sharesOf(adjudication: Adjudication): Adjudication {
  const { claimId, personId, institutionCode, insuredRegion, treatingRegion, scheme } = adjudication
  const { status, kind, endOn, packHash, filing, fundBp, layers } = adjudication
  const { fullSelfFen, overLimitFen, firstShareFen, inScopeFen, deductibleFen } = adjudication
  const { pooledFen, catastrophicFen, otherFundFen, accountFen, cashFen, totalFen } = adjudication
  return {
    claimId,
    personId,
    institutionCode,
    insuredRegion,
    treatingRegion,
    scheme,
    status,
    kind,
    endOn,
    packHash,
    filing,
    fundBp,
    fullSelfFen,
    overLimitFen,
    firstShareFen,
    inScopeFen,
    deductibleFen,
    pooledFen,
    catastrophicFen,
    otherFundFen,
    accountFen,
    cashFen,
    totalFen,
    layers,
  }
}
