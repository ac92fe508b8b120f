/** Facts put into a store past every door: what the doors refuse and consumers must live with. */
import type { EventType } from '@tongchou/contracts/events.generated.ts'
import { newUuid } from '@tongchou/contracts/id.ts'
import type { ServiceName } from '@tongchou/contracts/services.ts'
import { instantFromMs } from '@tongchou/contracts/time.ts'
import { chain, EMPTY_HEAD } from '@tongchou/runtime/event-store/chain.ts'
import type { NewEvent } from '@tongchou/runtime/event-store/port.ts'
import type { EventOf } from '@tongchou/runtime/service/recorded.ts'
import { toStore } from '@tongchou/runtime/service/recorded.ts'
import type { System } from './system.ts'

export type Injected = {
  readonly service: ServiceName
  readonly stream: string
  readonly key: string
  readonly event: EventOf<EventType>
  /** The bytes that are stored instead. */
  readonly data?: Buffer
}

/** Appends behind what stands in the stream; returns the position. */
export async function inject(system: System, injected: Injected): Promise<bigint> {
  const { service, stream, key, event, data } = injected
  const store = await system.stores.of(service)
  const last = (await store.readLast([stream])).get(stream)
  const head = last === undefined ? EMPTY_HEAD : { version: last.version, hash: last.hash }
  const commandId = newUuid()
  const meta = {
    commandId,
    correlationId: commandId,
    causationId: null,
    actor: 'service:test',
    now: instantFromMs(Date.now()),
  }
  const made = toStore(event, meta, 0, key, false)
  const events: NewEvent[] = [data === undefined ? made : { ...made, data }]
  const hashes = chain(head, stream, events)
  const [outcome] = await store.append([{ stream, expected: head, events, hashes }])
  if (outcome?.status !== 'appended') throw new Error(`${stream}: ${outcome?.status}`)
  return outcome.position
}
