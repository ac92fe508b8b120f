/** What became of a person's bill for a period, and of the supplements to it. */
import type { EventOf } from '@tongchou/contracts/avro/codec.ts'
import { assert, unreachable } from '@tongchou/contracts/decision.ts'
import type {
  BillIssued,
  BillPaid,
  BillWithdrawn,
  PaymentUndone,
} from '@tongchou/contracts/events.generated.ts'
import type { BusinessDate } from '@tongchou/contracts/time.ts'

export type BillEventType =
  | 'BillIssued'
  | 'ArrearsNoticed'
  | 'BillPaid'
  | 'PaymentUndone'
  | 'BillWithdrawn'
  | 'PremiumReceived'
  | 'AccountCredited'

export type BillEvent = EventOf<BillEventType>

/** `round`: 1, and one more for each payment that was undone before: tells what it booked apart. */
export type Payment = BillPaid & { readonly round: number }

export type Bill = {
  readonly issued: BillIssued
  /** Day on which the written notice was delivered. */
  readonly noticeOn: BusinessDate | null
  /** Those that count. */
  readonly payments: readonly Payment[]
  /** Of this bill and of one that it replaced. */
  readonly undone: readonly PaymentUndone[]
  readonly withdrawn: BillWithdrawn | null
}

export type Bills = {
  /** At 0 the bill of the period, then the supplements by number. */
  readonly bills: readonly Bill[]
  /** Withdrawn and issued anew from other facts. */
  readonly replaced: readonly Bill[]
}

/** Null while nothing is billed for the person and period. */
export type BillState = Bills | null

export function evolve(state: BillState, event: BillEvent): BillState {
  if (event.type === 'BillIssued') return issued(state, event.data)
  assert(state !== null, 'a bill is issued before anything else happens to it')
  switch (event.type) {
    case 'ArrearsNoticed': {
      const { deliveredOn } = event.data
      return changed(state, event.data, bill => ({ ...bill, noticeOn: deliveredOn }))
    }
    case 'BillPaid':
      return changed(state, event.data, bill => ({
        ...bill,
        payments: [...bill.payments, { ...event.data, round: roundOf(bill) }],
      }))
    case 'PaymentUndone':
      return changed(state, event.data, bill => ({
        ...bill,
        payments: bill.payments.filter(({ receiptNo }) => receiptNo !== event.data.receiptNo),
        undone: [...bill.undone, event.data],
      }))
    case 'BillWithdrawn':
      return changed(state, event.data, bill => ({ ...bill, withdrawn: event.data }))
    case 'PremiumReceived':
    case 'AccountCredited':
      return state
    default:
      return unreachable(event)
  }
}

/** Of the next payment. */
export function roundOf({ undone }: Pick<Bill, 'undone'>): number {
  return undone.length + 1
}

function issued(state: BillState, data: BillIssued): Bills {
  const bill = { issued: data, noticeOn: null, payments: [], undone: [], withdrawn: null }
  if (state === null) return { bills: [bill], replaced: [] }
  const before = state.bills[data.supplementNo]
  if (before === undefined) {
    assert(data.supplementNo === state.bills.length, 'supplements are numbered one by one')
    return { ...state, bills: [...state.bills, bill] }
  }
  assert(before.withdrawn !== null, 'only what was withdrawn is billed anew')
  const again = changed(state, data, ({ undone }) => ({ ...bill, undone }))
  return { ...again, replaced: [...state.replaced, before] }
}

function changed(
  state: Bills,
  { supplementNo }: { readonly supplementNo: number },
  change: (bill: Bill) => Bill,
): Bills {
  const bills = state.bills.map((bill, no) => (no === supplementNo ? change(bill) : bill))
  return { ...state, bills }
}
