import type { EventOf } from '@tongchou/contracts/avro/codec.ts'

export const ACCOUNT_EVENTS = [
  'AccountCreditReceived',
  'ClaimAdjudicated',
  'AdjudicationUndone',
  'YearClosed',
  'AccountMoved',
  'RelativeRegistered',
] as const

export type AccountEventType = (typeof ACCOUNT_EVENTS)[number]
export type AccountEvent = EventOf<AccountEventType>

const TYPES: ReadonlySet<string> = new Set<AccountEventType>(ACCOUNT_EVENTS)

export function isAccountEvent<E extends { readonly type: string }>(
  event: E,
): event is E & AccountEvent {
  return TYPES.has(event.type)
}
