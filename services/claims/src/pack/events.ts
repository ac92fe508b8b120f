import type { EventOf } from '@tongchou/contracts/avro/codec.ts'

export type PackEventType = 'PackPublished'
export type PackEvent = EventOf<PackEventType>
