/** The queue of held claims: one row a case, filled from `fraud.case.v1`. */
import type { CaseOpened } from '@tongchou/contracts/events.generated.ts'
import type { CaseRowJson } from '@tongchou/contracts/http/case.ts'
import { fen, fenToJson } from '@tongchou/contracts/money.ts'
import { TOPICS } from '@tongchou/contracts/topics.ts'
import type { Recorded } from '@tongchou/runtime/service/recorded.ts'
import type { Change, View } from '@tongchou/runtime/view/port.ts'

export type CaseRow = {
  readonly claimId: string
  readonly status: 'open' | 'released' | 'rejected' | 'closed'
  readonly institutionCode: string
  readonly insuredRegion: string
  readonly treatingRegion: string
  readonly totalFen: bigint
  /** JSON of the reasons, heaviest order of DESIGN.md §8. */
  readonly reasons: string
  readonly approvalsNeeded: number
  readonly openedAt: string
  readonly decidedAt: string | null
  /** JSON: who decided, or agreed so far. */
  readonly reviewers: string
  /** Sort keys that also are cursors: oldest first, largest first. */
  readonly byAge: string
  readonly byAmount: string
}

export const casesView: View<CaseRow> = {
  name: 'fraud_cases',
  topic: TOPICS.case,
  columns: {
    claimId: 'uuid',
    status: 'text',
    institutionCode: 'text',
    insuredRegion: 'text',
    treatingRegion: 'text',
    totalFen: 'bigint',
    reasons: 'json',
    approvalsNeeded: 'integer',
    openedAt: 'text',
    decidedAt: 'text',
    reviewers: 'json',
    byAge: 'text',
    byAmount: 'text',
  },
  key: ['claimId'],
  indexes: [
    ['status', 'treatingRegion', 'byAge'],
    ['status', 'byAge'],
    ['status', 'treatingRegion', 'byAmount'],
    ['status', 'byAmount'],
  ],
  version: 1,
  project,
}

function project(event: Recorded): readonly Change<CaseRow>[] {
  switch (event.type) {
    case 'CaseOpened':
      return [{ key: [event.data.claimId], apply: () => openedRow(event.data, event.at) }]
    case 'ReleaseApproved':
      return changed(event.data.claimId, row => {
        const agreed: unknown[] = JSON.parse(row.reviewers)
        return { ...row, reviewers: JSON.stringify([...agreed, event.data.reviewer]) }
      })
    case 'CaseReleased':
    case 'CaseRejected': {
      const status = event.type === 'CaseReleased' ? 'released' : 'rejected'
      const reviewers = JSON.stringify(event.data.reviewers)
      const { at } = event
      return changed(event.data.claimId, row => ({ ...row, status, reviewers, decidedAt: at }))
    }
    case 'CaseClosed': {
      const { at } = event
      return changed(event.data.claimId, row => ({ ...row, status: 'closed', decidedAt: at }))
    }
    default:
      return []
  }
}

function changed(claimId: string, change: (row: CaseRow) => CaseRow): readonly Change<CaseRow>[] {
  return [{ key: [claimId], apply: row => (row === undefined ? undefined : change(row)) }]
}

const AMOUNT_DIGITS = 16

function openedRow(opened: CaseOpened, openedAt: string): CaseRow {
  const { claimId, institutionCode, insuredRegion, treatingRegion, totalFen } = opened
  return {
    claimId,
    status: 'open',
    institutionCode,
    insuredRegion,
    treatingRegion,
    totalFen,
    reasons: JSON.stringify(opened.reasons),
    approvalsNeeded: opened.approvalsNeeded,
    openedAt,
    decidedAt: null,
    reviewers: '[]',
    byAge: `${openedAt}_${claimId}`,
    byAmount: `${String(totalFen).padStart(AMOUNT_DIGITS, '0')}_${claimId}`,
  }
}

/** A row as the queue shows it. */
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
