/** What became of a bill. */
import type { EventOf } from '@tongchou/contracts/avro/codec.ts'
import { assert, unreachable } from '@tongchou/contracts/decision.ts'
import type { BillIssued, BillPaid } from '@tongchou/contracts/events.generated.ts'
import type { BusinessDate } from '@tongchou/contracts/time.ts'

export type BillEventType =
  | 'BillIssued'
  | 'ArrearsNoticed'
  | 'BillPaid'
  | 'PremiumReceived'
  | 'AccountCredited'

export type BillEvent = EventOf<BillEventType>

export type Bill = {
  readonly issued: BillIssued
  /** Day on which the written notice was delivered. */
  readonly noticeOn: BusinessDate | null
  readonly payments: readonly BillPaid[]
}

/** Null while nothing is billed for the person and period. */
export type BillState = Bill | null

export function evolve(state: BillState, event: BillEvent): BillState {
  if (event.type === 'BillIssued') return { issued: event.data, noticeOn: null, payments: [] }
  assert(state !== null, 'a bill is issued before anything else happens to it')
  switch (event.type) {
    case 'ArrearsNoticed':
      return { ...state, noticeOn: event.data.deliveredOn }
    case 'BillPaid':
      return { ...state, payments: [...state.payments, event.data] }
    case 'PremiumReceived':
    case 'AccountCredited':
      return state
    default:
      return unreachable(event)
  }
}
