import type { ServiceRuntime } from '@tongchou/runtime/service/definition.ts'
import type { CommandHandler } from '@tongchou/runtime/service/handle-command.ts'
import type { CreditAccount, CreditRefusal, CreditState } from './credit/decide.ts'
import type { PremiumRefusal, PremiumState, ReceivePremium } from './premium/decide.ts'

/** What the routes of this service need. */
export type Ports = {
  readonly runtime: ServiceRuntime
  readonly premiums: CommandHandler<ReceivePremium, PremiumState, 'PremiumReceived', PremiumRefusal>
  readonly credits: CommandHandler<CreditAccount, CreditState, 'AccountCredited', CreditRefusal>
}
