import type { ServiceRuntime } from '@tongchou/runtime/service/definition.ts'
import type { CommandHandler } from '@tongchou/runtime/service/handle-command.ts'
import type { BillCommand } from './bill/commands.ts'
import type { BillRefusal } from './bill/refusals.ts'
import type { BillEventType, BillState } from './bill/state.ts'
import type { Packs } from './consume/policy.ts'
import type { CreditAccount, CreditRefusal, CreditState } from './credit/decide.ts'
import type { PremiumRefusal, PremiumState, ReceivePremium } from './premium/decide.ts'

/** What the routes of this service need. */
export type Ports = {
  readonly runtime: ServiceRuntime
  readonly premiums: CommandHandler<ReceivePremium, PremiumState, 'PremiumReceived', PremiumRefusal>
  readonly packs: Pick<Packs, 'shelf' | 'caughtUp'>
  readonly bills: CommandHandler<BillCommand, BillState, BillEventType, BillRefusal>
  readonly credits: CommandHandler<CreditAccount, CreditState, 'AccountCredited', CreditRefusal>
}
