import type { Decision } from '@tongchou/contracts/decision.ts'
import { accept, refuse, unreachable } from '@tongchou/contracts/decision.ts'
import type {
  CaseCommand,
  CloseCase,
  OpenCase,
  RejectCase,
  ReleaseCase,
  Review,
} from './commands.ts'
import type { CaseEvent } from './events.ts'
import type { CaseState } from './state.ts'
import { evolve, initialState } from './state.ts'

/** In the order in which they are checked. */
export type CaseRefusal =
  | { readonly kind: 'unknown-case' }
  | { readonly kind: 'other-region'; readonly treatingRegion: string }
  | { readonly kind: 'case-not-open'; readonly reason: string }
  | { readonly kind: 'already-decided'; readonly decision: 'released' | 'rejected' }
  | { readonly kind: 'same-reviewer'; readonly approvals: number; readonly approvalsNeeded: number }

export type CaseDecision = Decision<CaseEvent, CaseRefusal>

export function decide(command: CaseCommand, state: CaseState): CaseDecision {
  switch (command.type) {
    case 'OpenCase':
      return open(command, state)
    case 'ReleaseCase':
      return release(command, state)
    case 'RejectCase':
      return reject(command, state)
    case 'CloseCase':
      return close(command, state)
    default:
      return unreachable(command)
  }
}

/**
 * Opens once; a held claim that is delivered again changes nothing, whatever became of the case.
 */
function open({ data }: OpenCase, state: CaseState): CaseDecision {
  if (state.status !== 'none') return accept()
  return accept({ type: 'CaseOpened', data })
}

/**
 * One reviewer agrees that the held claim is settled; with as many different reviewers as the case
 * needs, it is released. Refuses unknown-case, other-region, case-not-open, already-decided,
 * same-reviewer.
 */
function release({ data }: ReleaseCase, state: CaseState): CaseDecision {
  const undecided = reviewable(data, state, 'released')
  if ('accepted' in undecided) return undecided
  const { opened, approvals } = undecided
  const { claimId, personId, approvalsNeeded } = opened
  const { reviewer, note } = data
  if (approvals.some(approval => approval.reviewer === reviewer)) {
    return refuse({ kind: 'same-reviewer', approvals: approvals.length, approvalsNeeded })
  }
  const reviewers = [...approvals.map(approval => approval.reviewer), reviewer]
  if (reviewers.length < approvalsNeeded) {
    return accept({ type: 'ReleaseApproved', data: { claimId, personId, reviewer, note } })
  }
  return accept({ type: 'CaseReleased', data: { claimId, personId, reviewers, note } })
}

/**
 * One reviewer is enough to refuse the claim for good, whatever the amount: no money leaves a fund
 * by it, and the institution may submit a corrected claim under a new number. A reviewer who agreed
 * to a release may still reject. Refuses unknown-case, other-region, case-not-open,
 * already-decided.
 */
function reject({ data }: RejectCase, state: CaseState): CaseDecision {
  const undecided = reviewable(data, state, 'rejected')
  if ('accepted' in undecided) return undecided
  const { claimId, personId } = undecided.opened
  const { reviewer, note } = data
  return accept({ type: 'CaseRejected', data: { claimId, personId, reviewers: [reviewer], note } })
}

/**
 * The open case that the reviewer may decide; else the refusal, or the first answer to a decision
 * sent again.
 */
function reviewable(
  { reviewer, reviewerRegion }: Review,
  state: CaseState,
  wanted: 'released' | 'rejected',
): Extract<CaseState, { status: 'open' }> | CaseDecision {
  if (state.status === 'none') return refuse({ kind: 'unknown-case' })
  const { treatingRegion } = state.opened
  if (reviewerRegion !== null && reviewerRegion !== treatingRegion) {
    return refuse({ kind: 'other-region', treatingRegion })
  }
  if (state.status === 'closed') return refuse({ kind: 'case-not-open', reason: state.reason })
  if (state.status === 'open') return state
  if (state.status === wanted && state.reviewers.includes(reviewer)) return accept()
  return refuse({ kind: 'already-decided', decision: state.status })
}

/**
 * Closes an open case. Withdrawn claims that were never held have none; decided cases stay decided.
 */
function close({ data }: CloseCase, state: CaseState): CaseDecision {
  if (state.status !== 'open') return accept()
  return accept({ type: 'CaseClosed', data })
}

/** One stream a held claim; its decision or the claim's withdrawal closes it for ever. */
export const heldCase = {
  category: 'case',
  initialState,
  decide,
  evolve,
  keyOf: (event: CaseEvent) => event.data.personId,
  closes: (event: CaseEvent) => event.type !== 'CaseOpened' && event.type !== 'ReleaseApproved',
} as const
