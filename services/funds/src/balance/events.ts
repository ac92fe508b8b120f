import type { EventOf } from '@tongchou/contracts/avro/codec.ts'

export type BalancesEventType = 'BalancesStruck'
export type BalancesEvent = EventOf<BalancesEventType>
