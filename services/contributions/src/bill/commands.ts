/** What may be asked of a bill. */
import type { CommandMeta } from '@tongchou/contracts/decision.ts'
import type { BillIssued } from '@tongchou/contracts/events.generated.ts'
import type { Fen } from '@tongchou/contracts/money.ts'
import type { BusinessDate } from '@tongchou/contracts/time.ts'
import type { Assessed } from './assess.ts'

/** What an agency says of a person and period. `dueOn` only where the policy names no day. */
export type BillAsked = Pick<
  BillIssued,
  | 'billId'
  | 'regionCode'
  | 'scheme'
  | 'personId'
  | 'employerNo'
  | 'period'
  | 'status'
  | 'age'
  | 'averageWageFen'
  | 'wageFen'
  | 'given'
  | 'attributes'
  | 'dueOn'
>

export type IssueBill = {
  readonly type: 'IssueBill'
  readonly data: { readonly asked: BillAsked; readonly assessed: Assessed }
  readonly meta: CommandMeta
}

/** Null: the centre, which acts for every region. */
type Acting = { readonly actingRegion: string | null }

export type NoticeArrears = {
  readonly type: 'NoticeArrears'
  readonly data: Acting & { readonly deliveredOn: BusinessDate }
  readonly meta: CommandMeta
}

export type PayBill = {
  readonly type: 'PayBill'
  readonly data: Acting & {
    readonly receiptNo: string
    /** Payers as the bill names them; null: all that still owe. */
    readonly payers: readonly string[] | null
    /** With the late fee of the day. */
    readonly amountFen: Fen
    readonly paidOn: BusinessDate
  }
  readonly meta: CommandMeta
}

export type BillCommand = IssueBill | NoticeArrears | PayBill
