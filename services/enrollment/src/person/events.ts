import type { EventOf } from '@tongchou/contracts/avro/codec.ts'
import { TOPICS } from '@tongchou/contracts/topics.ts'

/** Facts of one person in one stream; the last one stays inside the service. */
export const PERSON_EVENTS = [...TOPICS.coverage.events, 'PersonalDataErased'] as const

export type PersonEventType = (typeof PERSON_EVENTS)[number]
export type PersonEvent = EventOf<PersonEventType>
