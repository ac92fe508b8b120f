/**
 * One held claim of a hospital in Beijing of a person insured in Xi'an, and what may be asked of
 * its case.
 */
import type { CaseOpened } from '@tongchou/contracts/events.generated.ts'
import { fen } from '@tongchou/contracts/money.ts'
import type { CloseCase, OpenCase, RejectCase, ReleaseCase, Review } from '../case/commands.ts'
import type { CaseEvent } from '../case/events.ts'
import type { CaseState } from '../case/state.ts'
import { evolve, initialState } from '../case/state.ts'
import { idOf, META, PERSON } from './claims.ts'

export const CLAIM = idOf('1')

export function opened(given: Partial<CaseOpened> = {}): CaseOpened {
  return {
    claimId: CLAIM,
    personId: PERSON,
    insuredRegion: '610100',
    treatingRegion: '110100',
    institutionCode: 'H11010000001',
    totalFen: fen(120_000),
    reasons: [
      { rule: 'same-bill-twice', detail: 'the same days and lines', otherClaimId: idOf('2') },
    ],
    approvalsNeeded: 1,
    ...given,
  }
}

export function openCase(given: Partial<CaseOpened> = {}): OpenCase {
  return { type: 'OpenCase', data: opened(given), meta: META }
}

function review(given: Partial<Review>): Review {
  return { claimId: CLAIM, reviewer: 'r-1', reviewerRegion: '110100', note: 'seen', ...given }
}

export function releaseCase(given: Partial<Review> = {}): ReleaseCase {
  return { type: 'ReleaseCase', data: review(given), meta: META }
}

export function rejectCase(given: Partial<Review> = {}): RejectCase {
  return { type: 'RejectCase', data: review(given), meta: META }
}

export function closeCase(): CloseCase {
  const data = { claimId: CLAIM, personId: PERSON, reason: 'entered twice' }
  return { type: 'CloseCase', data, meta: META }
}

export function openedEvent(given: Partial<CaseOpened> = {}): CaseEvent {
  return { type: 'CaseOpened', data: opened(given) }
}

export function approvedEvent(reviewer: string): CaseEvent {
  return {
    type: 'ReleaseApproved',
    data: { claimId: CLAIM, personId: PERSON, reviewer, note: 'seen' },
  }
}

export function decidedEvent(
  type: 'CaseReleased' | 'CaseRejected',
  ...reviewers: readonly string[]
): CaseEvent {
  return { type, data: { claimId: CLAIM, personId: PERSON, reviewers, note: 'seen' } }
}

export function closedEvent(): CaseEvent {
  return { type: 'CaseClosed', data: closeCase().data }
}

export function stateAfter(...events: readonly CaseEvent[]): CaseState {
  return events.reduce(evolve, initialState)
}
