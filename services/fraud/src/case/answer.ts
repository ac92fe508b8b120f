/** Rows and histories of cases as what a reviewer is shown. */
import { unreachable } from '@tongchou/contracts/decision.ts'
import type { CaseJson, CaseRowJson } from '@tongchou/contracts/http/case.ts'
import { fen, fenToJson } from '@tongchou/contracts/money.ts'
import type { CaseEvent } from './events.ts'
import type { CaseState } from './state.ts'
import { evolve, initialState } from './state.ts'
import type { CaseRow } from './view.ts'

export function rowJson(row: CaseRow): CaseRowJson {
  const { claimId, status, institutionCode, insuredRegion, treatingRegion } = row
  const { approvalsNeeded, openedAt, decidedAt } = row
  return {
    claimId,
    status,
    institutionCode,
    insuredRegion,
    treatingRegion,
    totalFen: fenToJson(fen(row.totalFen)),
    reasons: JSON.parse(row.reasons),
    approvalsNeeded,
    openedAt,
    decidedAt,
    reviewers: JSON.parse(row.reviewers),
  }
}

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
