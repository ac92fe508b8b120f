import type { CommandMeta } from '@tongchou/contracts/decision.ts'
import type { WindowNetted } from '@tongchou/contracts/events.generated.ts'
import type { Uuid } from '@tongchou/contracts/id.ts'
import type { BusinessDate } from '@tongchou/contracts/time.ts'

type CommandOf<Type extends string, Data> = {
  readonly type: Type
  readonly data: Data
  readonly meta: CommandMeta
}

/** `previousCut` is the position of the cut before, 0 for the first window. */
export type CloseWindow = CommandOf<
  'CloseWindow',
  {
    readonly windowId: Uuid
    readonly windowNo: number
    readonly label: string
    readonly previousCut: bigint
  }
>
export type NetWindow = CommandOf<'NetWindow', WindowNetted>
export type ConfirmPayment = CommandOf<
  'ConfirmPayment',
  { readonly regionCode: string; readonly reference: string; readonly paidOn: BusinessDate }
>

export type WindowCommand = CloseWindow | NetWindow | ConfirmPayment
