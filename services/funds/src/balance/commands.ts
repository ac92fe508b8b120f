import type { CommandMeta } from '@tongchou/contracts/decision.ts'
import type { BalancesStruck } from '@tongchou/contracts/events.generated.ts'

export type StrikeBalances = {
  readonly type: 'StrikeBalances'
  readonly data: BalancesStruck
  readonly meta: CommandMeta
}

export type BalancesCommand = StrikeBalances
