import type { CommandMeta } from '@tongchou/contracts/decision.ts'
import type { ClaimId, PersonId } from '@tongchou/contracts/id.ts'
import type { Fen } from '@tongchou/contracts/money.ts'
import type { BenefitFacts, Scheme } from '../policy/facts.ts'
import type { Plan } from '../policy/plan/plan.ts'
import type { MovementCommand } from './movement/commands.ts'

export type ReceiveCredit = {
  readonly type: 'ReceiveCredit'
  readonly data: {
    readonly personId: PersonId
    readonly regionCode: string
    readonly scheme: Scheme
    /** Unique in contributions: a credit that comes twice counts once. */
    readonly creditNo: string
    /** Negative: a correction takes money back. */
    readonly amountFen: Fen
    /** Of which it is a credit; none: it was there before, as an opening balance is. */
    readonly year?: number
  }
  readonly meta: CommandMeta
}

export type Adjudicate = {
  readonly type: 'Adjudicate'
  readonly data: {
    readonly claimId: ClaimId
    readonly personId: PersonId
    readonly institutionCode: string
    readonly facts: BenefitFacts
    /** The pack in force on the end date, compiled; its hash goes into the event. */
    readonly plan: Plan
  }
  readonly meta: CommandMeta
}

export type UndoAdjudication = {
  readonly type: 'UndoAdjudication'
  readonly data: { readonly claimId: ClaimId; readonly personId: PersonId }
  readonly meta: CommandMeta
}

export type CloseYear = {
  readonly type: 'CloseYear'
  readonly data: { readonly personId: PersonId; readonly year: number }
  readonly meta: CommandMeta
}

export type AccountCommand =
  | ReceiveCredit
  | Adjudicate
  | UndoAdjudication
  | CloseYear
  | MovementCommand
