import type { EventType } from '@tongchou/contracts/events.generated.ts'
import type { EventStore, StoredEvent } from './port.ts'

export type Range = {
  readonly after: bigint
  /** Last position to read; without it, up to where the log ends. */
  readonly upTo?: bigint
  readonly pageSize?: number
  readonly only?: ReadonlySet<EventType>
}

/**
 * Pages in order, for replay and audit: the next one is fetched while the caller works on this one.
 */
export async function* readRange(
  store: Pick<EventStore, 'readAll'>,
  { after, upTo, pageSize = 2000, only }: Range,
): AsyncGenerator<readonly StoredEvent[], void> {
  const fetch = (from: bigint): Promise<readonly StoredEvent[]> => {
    const left = upTo === undefined ? BigInt(pageSize) : upTo - from
    const limit = left < BigInt(pageSize) ? Number(left) : pageSize
    return limit <= 0 ? Promise.resolve([]) : store.readAll(from, limit, only)
  }
  let next = fetch(after)
  for (;;) {
    const page = await next
    const last = page.at(-1)
    if (last === undefined) return
    next = fetch(last.position)
    next.catch(() => {}) // seen at the next turn, or not wanted any more
    yield page
  }
}
