import type { EventOf } from '@tongchou/contracts/avro/codec.ts'
import { TOPICS } from '@tongchou/contracts/topics.ts'

/** Facts of one person in one stream. Referrals stay inside: what comes of one is a filing. */
export const PERSON_EVENTS = [
  ...TOPICS.coverage.events,
  'PersonalDataErased',
  'ReferralRequested',
  'ReferralApproved',
  'ReferralReturned',
] as const

export type PersonEventType = (typeof PERSON_EVENTS)[number]
export type PersonEvent = EventOf<PersonEventType>
