/** Why a command on a bill is refused. */
import { type Decision, refuse } from '@tongchou/contracts/decision.ts'
import type { BillWithdrawn } from '@tongchou/contracts/events.generated.ts'
import type { Fen } from '@tongchou/contracts/money.ts'
import type { BusinessDate } from '@tongchou/contracts/time.ts'
import type { AssessRefusal } from './assess.ts'
import type { Bill, BillEvent, BillState } from './state.ts'

/** In the order in which they are checked. */
export type BillRefusal =
  | AssessRefusal
  /** Names the fields that differ. */
  | { readonly kind: 'already-billed'; readonly differs: readonly string[] }
  | { readonly kind: 'unknown-bill' }
  | { readonly kind: 'other-region' }
  /** Nothing is done with it any more, and it is not issued again from the same facts. */
  | { readonly kind: 'bill-withdrawn'; readonly withdrawalNo: string }
  | { readonly kind: 'unknown-payment' }
  | { readonly kind: 'receipt-number-reused'; readonly differs: readonly string[] }
  | { readonly kind: 'payment-undone'; readonly undoneOn: BusinessDate }
  | { readonly kind: 'already-noticed'; readonly deliveredOn: BusinessDate }
  | {
      readonly kind: 'date-in-the-future'
      readonly field: 'paidOn' | 'deliveredOn' | 'foundOn'
      readonly on: BusinessDate
    }
  /** A notice before the day after the due date or the finding, or of a bill that has none. */
  | { readonly kind: 'not-in-arrears'; readonly dueOn: BusinessDate | null }
  | { readonly kind: 'payer-not-billed'; readonly payers: readonly string[] }
  | { readonly kind: 'already-paid'; readonly payers: readonly string[] }
  | {
      readonly kind: 'amount-not-owed'
      readonly field: 'amountFen'
      readonly duesFen: Fen
      readonly lateFeeFen: Fen
      readonly owedFen: Fen
    }
  /** Of a withdrawal: payments count that would have to be undone first. */
  | { readonly kind: 'bill-paid'; readonly receiptNos: readonly string[] }
  /** Of a withdrawal: supplements rest on the bill that would have to be withdrawn first. */
  | { readonly kind: 'bill-supplemented'; readonly supplementNos: readonly number[] }
  | { readonly kind: 'finding-number-reused'; readonly differs: readonly string[] }
  /** A part would be less than what is billed of it. */
  | { readonly kind: 'base-not-higher'; readonly part: string | null }

export type BillDecision = Decision<BillEvent, BillRefusal>

/** The bill or a supplement to it. Refuses unknown-bill, other-region. */
export function billFor(
  actingRegion: string | null,
  state: BillState,
  supplementNo: number,
): Bill | { readonly kind: 'unknown-bill' | 'other-region' } {
  const bill = state?.bills[supplementNo]
  if (bill === undefined) return { kind: 'unknown-bill' }
  const own = actingRegion === null || actingRegion === bill.issued.regionCode
  return own ? bill : { kind: 'other-region' }
}

export function refuseWithdrawn({ withdrawalNo }: BillWithdrawn): BillDecision {
  return refuse({ kind: 'bill-withdrawn', withdrawalNo })
}
