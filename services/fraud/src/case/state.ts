import { assert, unreachable } from '@tongchou/contracts/decision.ts'
import type { CaseOpened } from '@tongchou/contracts/events.generated.ts'
import type { CaseEvent } from './events.ts'

/** Reviewers that agreed to a release that needs more of them. */
export type Approval = { readonly reviewer: string; readonly note: string }

export type CaseState =
  | { readonly status: 'none' }
  | {
      readonly status: 'open'
      readonly opened: CaseOpened
      readonly approvals: readonly Approval[]
    }
  | {
      readonly status: 'released' | 'rejected'
      readonly opened: CaseOpened
      readonly reviewers: readonly string[]
      readonly note: string
    }
  | { readonly status: 'closed'; readonly opened: CaseOpened; readonly reason: string }

export const initialState: CaseState = { status: 'none' }

export function evolve(state: CaseState, event: CaseEvent): CaseState {
  if (event.type === 'CaseOpened') {
    assert(state.status === 'none', 'a case is opened once')
    return { status: 'open', opened: event.data, approvals: [] }
  }
  assert(state.status === 'open', 'nothing happens to a case before it is opened or after its end')
  const { opened, approvals } = state
  switch (event.type) {
    case 'ReleaseApproved': {
      const { reviewer, note } = event.data
      return { status: 'open', opened, approvals: [...approvals, { reviewer, note }] }
    }
    case 'CaseReleased':
      return { status: 'released', opened, ...decisionOf(event) }
    case 'CaseRejected':
      return { status: 'rejected', opened, ...decisionOf(event) }
    case 'CaseClosed':
      return { status: 'closed', opened, reason: event.data.reason }
    default:
      return unreachable(event)
  }
}

function decisionOf({ data }: Extract<CaseEvent, { type: 'CaseReleased' | 'CaseRejected' }>) {
  return { reviewers: data.reviewers, note: data.note }
}
