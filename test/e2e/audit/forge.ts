/**
 * Damage by someone who knows the product: contents rewritten, and every hash behind them computed
 * anew.
 */
import assert from 'node:assert/strict'
import { encodeEvent } from '@tongchou/contracts/avro/codec.ts'
import type { EventData, EventType } from '@tongchou/contracts/events.generated.ts'
import type { ServiceName } from '@tongchou/contracts/services.ts'
import { EMPTY_HEAD, eventHash } from '@tongchou/runtime/event-store/chain.ts'
import { recorded } from '@tongchou/runtime/service/recorded.ts'
import type { System } from '../system/system.ts'

/**
 * Statements that put other content into the event at a position, with the hashes that then belong
 * there.
 */
export async function forged<T extends EventType>(
  system: System,
  at: { readonly service: ServiceName; readonly position: bigint; readonly type: T },
  change: (data: EventData[T]) => EventData[T],
): Promise<readonly string[]> {
  const store = await system.stores.of(at.service)
  const [stored] = await store.readAll(at.position - 1n, 1)
  assert.ok(stored !== undefined && stored.type === at.type)
  const stream = (await store.readStreams([stored.stream])).get(stored.stream) ?? []
  const statements: string[] = []
  let before = EMPTY_HEAD.hash
  for (const event of stream) {
    const isIt = event.position === at.position
    const old = recorded(event).data as EventData[T]
    const data = isIt ? encodeEvent(at.type, change(old)) : event.data
    const hash = eventHash(before, event.stream, event.version, { ...event, data })
    if (!hash.equals(event.hash)) {
      const values = `data = '\\x${data.toString('hex')}', hash = '\\x${hash.toString('hex')}'`
      statements.push(`update ${at.service}.event set ${values} where pos = ${event.position}`)
    }
    before = hash
  }
  return statements
}
