import type { EventOf } from '@tongchou/contracts/avro/codec.ts'

export const CLAIM_EVENTS = [
  'ClaimSubmitted',
  'AdjudicationReceived',
  'ScoreReceived',
  'ClaimHeld',
  'ClaimSettled',
  'ClaimRejected',
  'ClaimWithdrawn',
  'ClaimReversed',
] as const

export type ClaimEventType = (typeof CLAIM_EVENTS)[number]
export type ClaimEvent = EventOf<ClaimEventType>
