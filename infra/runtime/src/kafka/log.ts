/**
 * The log of one service on Kafka: what others say comes from their topics, what it says itself
 * from its own store.
 */
import type { ServiceName } from '@tongchou/contracts/services.ts'
import type { Topic } from '@tongchou/contracts/topics.ts'
import { type LogOptions, openLog } from '../message-log/log.ts'
import type { MessageLog } from '../message-log/port.ts'
import { type LogSource, StoreFeed } from '../message-log/store-feed.ts'
import type { KafkaClient } from './client.ts'
import { KafkaFeed } from './feed.ts'

export type KafkaLogOptions = LogOptions & {
  readonly client: KafkaClient
  readonly service: ServiceName
  /** The service's own. */
  readonly store: LogSource
  /** Position at which the log of another service ends now: asked at its door. */
  readonly headOf: (service: ServiceName) => Promise<bigint>
}

/**
 * A process for each service shares the cores with brokers and database: small batches cost more
 * than the pause. Measured at 200 claims/s: contracts/decisions/0006-kafka-clients.md.
 */
const LINGER_MS = 35

export function openKafkaLog(options: KafkaLogOptions): MessageLog {
  const { client, service, store, headOf, ...times } = options
  return openLog(
    {
      open: (topic: Topic, { pageSize }, broadcast) =>
        topic.service === service
          ? ({ wake }) => new StoreFeed(store, { topic, pageSize, broadcast, wake })
          : given => new KafkaFeed(client, topic, groupOf(topic, given)),
      head: async topic =>
        topic.service === service ? (await store.head()).position : headOf(topic.service),
    },
    { lingerMs: LINGER_MS, ...times },
  )
}

/** One group reads one topic: members of a group must all want the same. */
function groupOf<T extends { readonly group: string | null }>({ name }: Topic, given: T): T {
  return given.group === null ? given : { ...given, group: `${given.group}@${name}` }
}
