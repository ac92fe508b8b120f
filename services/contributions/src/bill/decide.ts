/** A person's bill for a period: issued once, noticed when late, paid by each of its payers. */
import { accept, type Decision, refuse, unreachable } from '@tongchou/contracts/decision.ts'
import type { BillPaid } from '@tongchou/contracts/events.generated.ts'
import { NAMESPACE, uuidFrom } from '@tongchou/contracts/id.ts'
import { type Fen, minus, sum } from '@tongchou/contracts/money.ts'
import { type BusinessDate, businessDateOf } from '@tongchou/contracts/time.ts'
import type { Aggregate } from '@tongchou/runtime/service/aggregate.ts'
import { isFuture } from '../rules.ts'
import { openPayersOf, owedBy, payersOf } from './arrears.ts'
import { type AssessRefusal, sumOf } from './assess.ts'
import type { BillAsked, BillCommand, IssueBill, NoticeArrears, PayBill } from './commands.ts'
import { bookedOf } from './payment.ts'
import { type Bill, type BillEvent, type BillEventType, type BillState, evolve } from './state.ts'

/** In the order in which they are checked. */
export type BillRefusal =
  | AssessRefusal
  /** Names the fields that differ. */
  | { readonly kind: 'already-billed'; readonly differs: readonly string[] }
  | { readonly kind: 'unknown-bill' }
  | { readonly kind: 'other-region' }
  | { readonly kind: 'receipt-number-reused'; readonly differs: readonly string[] }
  | { readonly kind: 'already-noticed'; readonly deliveredOn: BusinessDate }
  | {
      readonly kind: 'date-in-the-future'
      readonly field: 'paidOn' | 'deliveredOn'
      readonly on: BusinessDate
    }
  /** A notice before the day after the due date, or of a bill that has none. */
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

export type BillDecision = Decision<BillEvent, BillRefusal>

export function decide(command: BillCommand, state: BillState): BillDecision {
  switch (command.type) {
    case 'IssueBill':
      return issue(command, state)
    case 'NoticeArrears':
      return notice(command, state)
    case 'PayBill':
      return pay(command, state)
    default:
      return unreachable(command)
  }
}

const ASKED = [
  ...['employerNo', 'status', 'age', 'averageWageFen', 'wageFen', 'given', 'attributes'],
] as readonly (keyof BillAsked)[]

/** What was billed once stays, whatever policy comes later. Refuses what the assessment does. */
function issue({ data, meta }: IssueBill, state: BillState): BillDecision {
  const { asked, assessed } = data
  if (state === null) {
    if (!assessed.ok) return refuse(assessed.refusal)
    const issuedOn = businessDateOf(meta.now)
    return accept({ type: 'BillIssued', data: { ...asked, ...assessed.assessment, issuedOn } })
  }
  const { issued } = state
  const differs: string[] = ASKED.filter(field => textOf(asked[field]) !== textOf(issued[field]))
  if (asked.dueOn !== null && asked.dueOn !== issued.dueOn) differs.push('dueOn')
  return differs.length === 0 ? accept() : refuse({ kind: 'already-billed', differs })
}

function textOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, entry]) => `${JSON.stringify(name)}:${JSON.stringify(String(entry))}`)
    .join()
}

/** The first notice counts: the days of grace run from it. */
function notice({ data, meta }: NoticeArrears, state: BillState): BillDecision {
  const { actingRegion, deliveredOn } = data
  const bill = billFor(actingRegion, state)
  if ('kind' in bill) return refuse(bill)
  const { issued, noticeOn } = bill
  if (noticeOn === deliveredOn) return accept()
  if (noticeOn !== null) return refuse({ kind: 'already-noticed', deliveredOn: noticeOn })
  if (isFuture(deliveredOn, meta.now)) {
    return refuse({ kind: 'date-in-the-future', field: 'deliveredOn', on: deliveredOn })
  }
  const { dueOn, billId, regionCode, personId } = issued
  const late = dueOn !== null && deliveredOn > dueOn && openPayersOf(bill).length > 0
  if (!late) return refuse({ kind: 'not-in-arrears', dueOn })
  return accept({ type: 'ArrearsNoticed', data: { billId, regionCode, personId, deliveredOn } })
}

/** Each payer pays all that it owes, at once; the money goes to the funds and to the account. */
function pay({ data, meta }: PayBill, state: BillState): BillDecision {
  const { actingRegion, receiptNo, paidOn, amountFen } = data
  const bill = billFor(actingRegion, state)
  if ('kind' in bill) return refuse(bill)
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
    ...{ billId, regionCode, scheme, personId, period, receiptNo, payers: inOrder(payers, open) },
    ...{ amountFen: duesFen, lateDays: days, lateFeeFen: feeFen, paidOn, openFen },
  }
  return accept<BillEvent>({ type: 'BillPaid', data: payment }, ...bookedOf(issued, payment))
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

function billFor(
  actingRegion: string | null,
  state: BillState,
): Bill | { readonly kind: 'unknown-bill' | 'other-region' } {
  if (state === null) return { kind: 'unknown-bill' }
  const own = actingRegion === null || actingRegion === state.issued.regionCode
  return own ? state : { kind: 'other-region' }
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
