/**
 * The log on one machine: each topic is its producer's store, read by position. No relay, no second
 * copy.
 */
import { assert } from '@tongchou/contracts/decision.ts'
import type { ServiceName } from '@tongchou/contracts/services.ts'
import type { Topic } from '@tongchou/contracts/topics.ts'
import { type LogOptions, openLog } from './log.ts'
import type { MessageLog } from './port.ts'
import { type LogSource, StoreFeed } from './store-feed.ts'

export type StoreLogOptions = LogOptions & {
  /** Stores of the producers that this process listens to. */
  readonly stores: ReadonlyMap<ServiceName, LogSource>
}

export function openStoreLog({ stores, ...options }: StoreLogOptions): MessageLog {
  function sourceOf(topic: Topic): LogSource {
    const source = stores.get(topic.service)
    assert(source !== undefined, `${topic.name}: the store of ${topic.service} is not open here`)
    return source
  }

  return openLog(
    {
      open: (topic, { pageSize }, broadcast) => {
        const source = sourceOf(topic)
        return ({ wake }) => new StoreFeed(source, { topic, pageSize, broadcast, wake })
      },
      head: async topic => (await sourceOf(topic).head()).position,
    },
    options,
  )
}
