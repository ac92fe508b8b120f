import type { EventOf } from '@tongchou/contracts/avro/codec.ts'

export const ACCOUNT_EVENTS = [
  'AccountCreditReceived',
  'ClaimAdjudicated',
  'AdjudicationUndone',
  'YearClosed',
] as const

export type AccountEventType = (typeof ACCOUNT_EVENTS)[number]
export type AccountEvent = EventOf<AccountEventType>
