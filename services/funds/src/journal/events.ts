import type { EventOf } from '@tongchou/contracts/avro/codec.ts'

export type JournalEventType = 'JournalPosted'
export type JournalEvent = EventOf<JournalEventType>
