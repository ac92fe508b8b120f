import type { EventOf } from '@tongchou/contracts/avro/codec.ts'
import type { TOPICS } from '@tongchou/contracts/topics.ts'

export type InstitutionEventType = (typeof TOPICS)['institution']['events'][number]
export type InstitutionEvent = EventOf<InstitutionEventType>
