/** The history of a case as what a reviewer is shown. */
import { unreachable } from '@tongchou/contracts/decision.ts'
import type { CaseJson } from '@tongchou/contracts/http/case.ts'
import { fenToJson } from '@tongchou/contracts/money.ts'
import type { CaseEvent } from './events.ts'
import type { CaseState } from './state.ts'
import { evolve, initialState } from './state.ts'

export type KnownCase = Exclude<CaseState, { readonly status: 'none' }>
export type CaseHistory = readonly (CaseEvent & { readonly at: string })[]

export function caseAfter(history: CaseHistory): CaseState {
  return history.reduce<CaseState>(evolve, initialState)
}

/** A function of the case's events alone: the same for every equal request. */
export function caseJson(state: KnownCase, history: CaseHistory): CaseJson {
  const { claimId, institutionCode, insuredRegion, treatingRegion } = state.opened
  const { totalFen, reasons, approvalsNeeded } = state.opened
  const approvals = history.flatMap(event => (event.type === 'ReleaseApproved' ? [event.data] : []))
  const last = history.at(-1)
  return {
    claimId,
    status: state.status,
    institutionCode,
    insuredRegion,
    treatingRegion,
    totalFen: fenToJson(totalFen),
    reasons: [...reasons],
    approvalsNeeded,
    openedAt: history[0]?.at ?? '',
    decidedAt: state.status === 'open' ? null : (last?.at ?? null),
    reviewers: reviewersOf(state),
    approvals: approvals.map(({ reviewer, note }) => ({ reviewer, note })),
    note: noteOf(state),
  }
}

function reviewersOf(state: KnownCase): string[] {
  switch (state.status) {
    case 'open':
      return state.approvals.map(({ reviewer }) => reviewer)
    case 'released':
    case 'rejected':
      return [...state.reviewers]
    case 'closed':
      return []
    default:
      return unreachable(state)
  }
}

function noteOf(state: KnownCase): string | null {
  switch (state.status) {
    case 'open':
      return null
    case 'released':
    case 'rejected':
      return state.note
    case 'closed':
      return state.reason
    default:
      return unreachable(state)
  }
}
