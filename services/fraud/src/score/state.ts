import { unreachable } from '@tongchou/contracts/decision.ts'
import type { ClaimId } from '@tongchou/contracts/id.ts'
import type { BusinessDate } from '@tongchou/contracts/time.ts'
import type { ScoreEvent } from './events.ts'

export type Stay = {
  readonly claimId: ClaimId
  readonly beginOn: BusinessDate
  /** Day of discharge. */
  readonly endOn: BusinessDate
}

export type Bill = { readonly claimId: ClaimId; readonly fingerprint: string }

/**
 * What was seen of one person, in all regions. Held claims count like settled ones; withdrawn,
 * reversed and rejected ones do not, but stay known, so that a message delivered again is not
 * scored again.
 */
export type WatchState = {
  /**
   * Events of the stream so far: frozen in each score, it says on which history the score stands.
   */
  readonly revision: number
  /** Inpatient claims that count. */
  readonly stays: readonly Stay[]
  /** All claims that count. */
  readonly bills: readonly Bill[]
  readonly withdrawn: readonly ClaimId[]
}

export const initialState: WatchState = { revision: 0, stays: [], bills: [], withdrawn: [] }

export function evolve(state: WatchState, event: ScoreEvent): WatchState {
  const revision = state.revision + 1
  switch (event.type) {
    case 'ClaimScored': {
      const { claimId, kind, beginOn, endOn, fingerprint } = event.data
      const bills = [...state.bills, { claimId, fingerprint }]
      if (kind !== 'inpatient') return { ...state, revision, bills }
      return { ...state, revision, bills, stays: [...state.stays, { claimId, beginOn, endOn }] }
    }
    case 'ScoreWithdrawn': {
      const { claimId } = event.data
      return {
        revision,
        stays: state.stays.filter(stay => stay.claimId !== claimId),
        bills: state.bills.filter(bill => bill.claimId !== claimId),
        withdrawn: [...state.withdrawn, claimId],
      }
    }
    default:
      return unreachable(event)
  }
}

export function counts({ bills }: WatchState, claimId: ClaimId): boolean {
  return bills.some(bill => bill.claimId === claimId)
}
