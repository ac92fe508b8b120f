import type { EventOf } from '@tongchou/contracts/avro/codec.ts'

export type ScoreEvent = EventOf<'ClaimScored' | 'ScoreWithdrawn'>
