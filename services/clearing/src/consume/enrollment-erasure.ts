/**
 * Who was erased in enrollment is erased here: the key of what hospitals sent of the person is
 * destroyed, so that it opens nowhere. Destroying again does nothing, so a crash before the
 * checkpoint moved is harmless.
 */
import type { PersonId } from '@tongchou/contracts/id.ts'
import { TOPICS } from '@tongchou/contracts/topics.ts'
import type { EventStore } from '@tongchou/runtime/event-store/port.ts'
import type { KeyStore } from '@tongchou/runtime/keys/port.ts'
import type { Batch, MessageLog, RunningSubscription } from '@tongchou/runtime/message-log/port.ts'
import { recorded } from '@tongchou/runtime/service/recorded.ts'

export const ERASURE_GROUP = 'clearing.erasure'

export type Erasing = {
  readonly store: Pick<EventStore, 'append'>
  readonly keys: Pick<KeyStore, 'destroy'>
  /** Called with whose key is gone. */
  readonly erased: (personId: PersonId) => void
}

export function eraseSubmissions(
  options: Erasing & { readonly log: MessageLog; readonly store: EventStore },
): Promise<RunningSubscription> {
  const { log, store } = options
  return log.subscribe({
    group: ERASURE_GROUP,
    topic: TOPICS.erasure,
    store,
    maxBatch: 100,
    handle: batch => eraseAll(options, batch),
  })
}

export async function eraseAll({ store, keys, erased }: Erasing, batch: Batch): Promise<void> {
  for (const event of batch.messages.map(recorded)) {
    if (event.type !== 'PersonalDataErased') continue
    await keys.destroy(event.data.personId)
    erased(event.data.personId)
  }
  await store.append([], [batch.progress])
}
