/** A person's bill for a period: issued once, noticed when late, paid by each of its payers. */
import { accept, refuse, unreachable } from '@tongchou/contracts/decision.ts'
import type { BillPaid } from '@tongchou/contracts/events.generated.ts'
import { NAMESPACE, uuidFrom } from '@tongchou/contracts/id.ts'
import { minus, sum } from '@tongchou/contracts/money.ts'
import { businessDateOf } from '@tongchou/contracts/time.ts'
import type { Aggregate } from '@tongchou/runtime/service/aggregate.ts'
import { isFuture } from '../rules.ts'
import { openPayersOf, owedBy, partsOf, payersOf } from './arrears.ts'
import { sumOf } from './assess.ts'
import type { BillAsked, BillCommand, IssueBill, NoticeArrears, PayBill } from './commands.ts'
import { supplement } from './correction/supplement.ts'
import { undoPayment, withdraw } from './correction/undo.ts'
import { differing } from './facts.ts'
import { bookedOf } from './payment/booked.ts'
import { type BillDecision, type BillRefusal, billFor, refuseWithdrawn } from './refusals.ts'
import { type BillEvent, type BillEventType, type BillState, evolve, roundOf } from './state.ts'

export function decide(command: BillCommand, state: BillState): BillDecision {
  switch (command.type) {
    case 'IssueBill':
      return issue(command, state)
    case 'NoticeArrears':
      return notice(command, state)
    case 'PayBill':
      return pay(command, state)
    case 'UndoPayment':
      return undoPayment(command, state)
    case 'WithdrawBill':
      return withdraw(command, state)
    case 'SupplementBill':
      return supplement(command, state)
    default:
      return unreachable(command)
  }
}

/**
 * What was billed once stays, whatever policy comes later, unless it was withdrawn: then other
 * facts make another bill. Refuses what the assessment does, bill-withdrawn, already-billed.
 */
function issue({ data, meta }: IssueBill, state: BillState): BillDecision {
  const { asked, assessed } = data
  const known = state?.bills[0]
  if (known !== undefined && known.withdrawn === null) {
    const differs = differing(asked, known.issued)
    return differs.length === 0 ? accept() : refuse({ kind: 'already-billed', differs })
  }
  const past = known === undefined ? [] : [known, ...(state?.replaced ?? [])]
  const same = past.find(({ issued }) => differing(asked, issued).length === 0)
  if (same !== undefined && same.withdrawn !== null) return refuseWithdrawn(same.withdrawn)
  if (!assessed.ok) return refuse(assessed.refusal)
  const issuedOn = businessDateOf(meta.now)
  const place = { supplementNo: 0, finding: null }
  const issued = { ...asked, ...assessed.assessment, ...place, issuedOn }
  return accept({ type: 'BillIssued', data: issued })
}

/** The first notice counts: the days of grace run from it. */
function notice({ data, meta }: NoticeArrears, state: BillState): BillDecision {
  const { actingRegion, supplementNo, deliveredOn } = data
  const bill = billFor(actingRegion, state, supplementNo)
  if ('kind' in bill) return refuse(bill)
  if (bill.withdrawn !== null) return refuseWithdrawn(bill.withdrawn)
  const { issued, noticeOn } = bill
  if (noticeOn === deliveredOn) return accept()
  if (noticeOn !== null) return refuse({ kind: 'already-noticed', deliveredOn: noticeOn })
  if (isFuture(deliveredOn, meta.now)) {
    return refuse({ kind: 'date-in-the-future', field: 'deliveredOn', on: deliveredOn })
  }
  const { dueOn, finding, billId, regionCode, personId } = issued
  const owed = openPayersOf(bill).length > 0 && deliveredOn >= (finding?.foundOn ?? deliveredOn)
  if (dueOn === null || deliveredOn <= dueOn || !owed) {
    return refuse({ kind: 'not-in-arrears', dueOn })
  }
  const place = { billId, supplementNo, regionCode, personId }
  return accept({ type: 'ArrearsNoticed', data: { ...place, deliveredOn } })
}

/** Each payer pays all that it owes, at once; the money goes to the funds and to the account. */
function pay({ data, meta }: PayBill, state: BillState): BillDecision {
  const { actingRegion, supplementNo, receiptNo, paidOn, amountFen } = data
  const bill = billFor(actingRegion, state, supplementNo)
  if ('kind' in bill) return refuse(bill)
  if (bill.withdrawn !== null) return refuseWithdrawn(bill.withdrawn)
  const undone = bill.undone.find(one => one.receiptNo === receiptNo)
  if (undone !== undefined) return refuse({ kind: 'payment-undone', undoneOn: undone.undoneOn })
  const before = bill.payments.find(payment => payment.receiptNo === receiptNo)
  if (before !== undefined) return again(data, before)
  if (isFuture(paidOn, meta.now)) {
    return refuse({ kind: 'date-in-the-future', field: 'paidOn', on: paidOn })
  }
  const { issued } = bill
  const open = openPayersOf(bill)
  const payers = data.payers ?? open
  const strange = payers.filter(payer => !payersOf(issued).includes(payer))
  if (strange.length > 0) return refuse({ kind: 'payer-not-billed', payers: strange })
  const paid = payers.filter(one => !open.includes(one))
  if (paid.length > 0 || payers.length === 0) return refuse({ kind: 'already-paid', payers: paid })
  const { duesFen, days, feeFen } = owedBy(bill, payers, paidOn)
  const owedFen = sum(duesFen, feeFen)
  if (amountFen !== owedFen) {
    const figures = { duesFen, lateFeeFen: feeFen, owedFen }
    return refuse({ kind: 'amount-not-owed', field: 'amountFen', ...figures })
  }
  const { billId, regionCode, scheme, personId, period } = issued
  const openFen = minus(sumOf(issued.lines.filter(({ payer }) => open.includes(payer))), duesFen)
  const payment: BillPaid = {
    ...{ billId, supplementNo, regionCode, scheme, personId, period, receiptNo },
    ...{ payers: inOrder(payers, open), amountFen: duesFen },
    ...{ lateDays: days, lateFeeFen: feeFen, paidOn, openFen, ...partsOf(issued, payers) },
  }
  return accept<BillEvent>(
    { type: 'BillPaid', data: payment },
    ...bookedOf(issued, { ...payment, round: roundOf(bill) }),
  )
}

/** The same payment is one set of payers, whatever order they were named in. */
function inOrder(payers: readonly string[], open: readonly string[]): readonly string[] {
  return open.filter(payer => payers.includes(payer))
}

function again(data: PayBill['data'], before: BillPaid): BillDecision {
  const { payers, amountFen, paidOn } = data
  const differs = [
    ...(payers !== null && [...payers].sort().join() !== [...before.payers].sort().join()
      ? ['payers']
      : []),
    ...(amountFen === sum(before.amountFen, before.lateFeeFen) ? [] : ['amountFen']),
    ...(paidOn === before.paidOn ? [] : ['paidOn']),
  ]
  return differs.length === 0 ? accept() : refuse({ kind: 'receipt-number-reused', differs })
}

/**
 * Stream `bill-<bill id>`. What is said of the bill is keyed by person, what it pays into funds by
 * region, so each topic keeps its order.
 */
export const billAggregate: Aggregate<BillCommand, BillState, BillEventType, BillRefusal> = {
  category: 'bill',
  initialState: null,
  decide,
  evolve,
  keyOf: event => (event.type === 'PremiumReceived' ? event.data.regionCode : event.data.personId),
}

type Natural = Pick<BillAsked, 'regionCode' | 'scheme' | 'personId' | 'period'>

/** One bill for a person, scheme and period in a region. */
export function billIdOf({ regionCode, scheme, personId, period }: Natural): BillAsked['billId'] {
  return uuidFrom(NAMESPACE.bill, [regionCode, scheme, personId, period].join('\u0000'))
}

export function billStreamOf(billId: string): string {
  return `${billAggregate.category}-${billId}`
}
