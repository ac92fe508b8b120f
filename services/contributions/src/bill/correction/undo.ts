/**
 * Taking back: a payment that was reported wrongly, by counter-entries to all that it booked; a
 * bill that was issued wrongly, as long as nobody has paid it.
 */
import type { EventOf } from '@tongchou/contracts/avro/codec.ts'
import { accept, refuse, unreachable } from '@tongchou/contracts/decision.ts'
import type { BillWithdrawn, PaymentUndone } from '@tongchou/contracts/events.generated.ts'
import { negate } from '@tongchou/contracts/money.ts'
import { undoneNo } from '@tongchou/contracts/policy/dues/undone.ts'
import { type BusinessDate, businessDateOf } from '@tongchou/contracts/time.ts'
import { openPayersOf, partsOf, payersOf } from '../arrears.ts'
import { sumOf } from '../assess.ts'
import type { UndoPayment, WithdrawBill } from '../commands.ts'
import { bookedOf } from '../payment/booked.ts'
import { type BillDecision, billFor, refuseWithdrawn } from '../refusals.ts'
import type { BillEvent, BillState } from '../state.ts'

type Booked = EventOf<'PremiumReceived' | 'AccountCredited'>

/**
 * The payers owe again what they owed. An account that has spent the credit falls below 0. Undone
 * before: nothing new. Refuses unknown-bill, other-region, unknown-payment.
 */
export function undoPayment({ data, meta }: UndoPayment, state: BillState): BillDecision {
  const { actingRegion, supplementNo, receiptNo, reason } = data
  const bill = billFor(actingRegion, state, supplementNo)
  if ('kind' in bill) return refuse(bill)
  if (bill.undone.some(undone => undone.receiptNo === receiptNo)) return accept()
  const payment = bill.payments.find(paid => paid.receiptNo === receiptNo)
  if (payment === undefined) return refuse({ kind: 'unknown-payment' })
  const { issued } = bill
  const { payers, amountFen, lateFeeFen } = payment
  const owing = [...openPayersOf(bill), ...payers]
  const undoneOn = businessDateOf(meta.now)
  const undone: PaymentUndone = {
    ...placeOf(issued),
    ...{ receiptNo, payers, amountFen, lateFeeFen, reason, undoneOn, paidOn: payment.paidOn },
    ...partsOf(issued, payers),
    openFen: sumOf(issued.lines.filter(({ payer }) => owing.includes(payer))),
  }
  const counter = bookedOf(issued, payment).map(booked => takenBack(booked, undoneOn))
  return accept<BillEvent>({ type: 'PaymentUndone', data: undone }, ...counter)
}

/**
 * Under the number of what it takes back, with a mark. A credit keeps its day: it is taken out of
 * the year that it was credited to.
 */
function takenBack(booked: Booked, on: BusinessDate): Booked {
  switch (booked.type) {
    case 'PremiumReceived': {
      const { receiptNo, amountFen, ...rest } = booked.data
      const money = { receiptNo: undoneNo(receiptNo), amountFen: negate(amountFen) }
      return { type: 'PremiumReceived', data: { ...rest, ...money, receivedOn: on } }
    }
    case 'AccountCredited': {
      const { creditNo, amountFen, ...rest } = booked.data
      const money = { creditNo: undoneNo(creditNo), amountFen: negate(amountFen) }
      return { type: 'AccountCredited', data: { ...rest, ...money, kind: 'correction' } }
    }
    default:
      return unreachable(booked)
  }
}

/**
 * Nothing is owed of the bill any more; the period may be billed from other facts. The same
 * withdrawal again is nothing new. Refuses unknown-bill, other-region, bill-withdrawn, bill-paid,
 * bill-supplemented.
 */
export function withdraw({ data, meta }: WithdrawBill, state: BillState): BillDecision {
  const { actingRegion, supplementNo, withdrawalNo, reason } = data
  const bill = billFor(actingRegion, state, supplementNo)
  if ('kind' in bill) return refuse(bill)
  const all = [...(state?.replaced ?? []), ...(state?.bills ?? [])]
  if (all.some(({ withdrawn }) => isSame(withdrawn, { supplementNo, withdrawalNo }))) {
    return accept()
  }
  if (bill.withdrawn !== null) return refuseWithdrawn(bill.withdrawn)
  if (bill.payments.length > 0) {
    return refuse({ kind: 'bill-paid', receiptNos: bill.payments.map(one => one.receiptNo) })
  }
  const resting = supplementNo > 0 ? [] : (state?.bills.slice(1) ?? [])
  const supplementNos = resting
    .filter(({ withdrawn }) => withdrawn === null)
    .map(({ issued }) => issued.supplementNo)
  if (supplementNos.length > 0) return refuse({ kind: 'bill-supplemented', supplementNos })
  const withdrawnOn = businessDateOf(meta.now)
  const { issued } = bill
  const parts = partsOf(issued, payersOf(issued))
  const withdrawn = { ...placeOf(issued), withdrawalNo, reason, withdrawnOn, ...parts }
  return accept({ type: 'BillWithdrawn', data: withdrawn })
}

function isSame(
  withdrawn: BillWithdrawn | null,
  { supplementNo, withdrawalNo }: Pick<BillWithdrawn, 'supplementNo' | 'withdrawalNo'>,
): boolean {
  if (withdrawn === null || withdrawn.supplementNo !== supplementNo) return false
  return withdrawn.withdrawalNo === withdrawalNo
}

type Placed = Pick<
  BillWithdrawn,
  'billId' | 'supplementNo' | 'regionCode' | 'scheme' | 'personId' | 'period'
>

function placeOf({ billId, supplementNo, regionCode, scheme, personId, period }: Placed): Placed {
  return { billId, supplementNo, regionCode, scheme, personId, period }
}
