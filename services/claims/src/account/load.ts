/** One account read from the store itself, so that what another replica decided is seen. */
import type { PersonId } from '@tongchou/contracts/id.ts'
import type { EventStore } from '@tongchou/runtime/event-store/port.ts'
import { type Recorded, recorded } from '@tongchou/runtime/service/recorded.ts'
import { type AccountEvent, isAccountEvent } from './events.ts'
import { type AccountState, evolve, initialState } from './state.ts'

export type AccountHistory = {
  readonly events: readonly (Recorded & AccountEvent)[]
  readonly state: AccountState
}

export async function readAccount(
  store: Pick<EventStore, 'readStreams'>,
  personId: PersonId,
): Promise<AccountHistory> {
  const stream = `account-${personId}`
  const stored = (await store.readStreams([stream])).get(stream) ?? []
  const events = stored.map(recorded).filter(isAccountEvent)
  return { events, state: events.reduce<AccountState>(evolve, initialState) }
}
