/** What may be asked of a bill. */
import type { CommandMeta } from '@tongchou/contracts/decision.ts'
import type { BillIssued } from '@tongchou/contracts/events.generated.ts'
import type { Fen } from '@tongchou/contracts/money.ts'
import type { BusinessDate } from '@tongchou/contracts/time.ts'
import type { DuesPack } from '../pack/shelf.ts'
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

type Acting = {
  /** Null: the centre, which acts for every region. */
  readonly actingRegion: string | null
  /** 0: the bill of the period. */
  readonly supplementNo: number
}

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

export type UndoPayment = {
  readonly type: 'UndoPayment'
  readonly data: Acting & { readonly receiptNo: string; readonly reason: string }
  readonly meta: CommandMeta
}

export type WithdrawBill = {
  readonly type: 'WithdrawBill'
  readonly data: Acting & { readonly withdrawalNo: string; readonly reason: string }
  readonly meta: CommandMeta
}

export type SupplementBill = {
  readonly type: 'SupplementBill'
  readonly data: Pick<Acting, 'actingRegion'> & {
    readonly findingNo: string
    readonly foundOn: BusinessDate
    /** Null: as billed. Amounts that are given replace those of the same name. */
    readonly facts: Pick<BillAsked, 'averageWageFen' | 'wageFen' | 'given'>
    /** The one that the bill was assessed by. */
    readonly pack: DuesPack | undefined
  }
  readonly meta: CommandMeta
}

export type BillCommand =
  | IssueBill
  | NoticeArrears
  | PayBill
  | UndoPayment
  | WithdrawBill
  | SupplementBill
