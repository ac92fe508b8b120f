/** What an event becomes on the broker, and where. */
import { decodeMeta } from '@tongchou/contracts/avro/codec.ts'
import type { Topic } from '@tongchou/contracts/topics.ts'
import { PARTITIONS } from '@tongchou/contracts/topics.ts'
import type { StoredEvent } from '../../event-store/port.ts'
import type { KafkaRecord } from '../client.ts'
import type { Link } from '../wire.ts'
import { eventRecord, fingerprintIn } from '../wire.ts'
import { lineName } from './marks.ts'

/** One record that an event becomes; an event may become several. */
export type Outgoing = {
  readonly topic: string
  readonly partition: number
  readonly record: (link: Link) => KafkaRecord
}

/** Number of a schema in the registry. Throws Fault where it is not known. */
export type SchemaIds = (topic: string, fingerprint: bigint) => number

/** The event itself on its internal topic, for the topics of one service. */
export function internalRecords(
  service: string,
  topics: readonly Topic[],
  schemaIds: SchemaIds,
): (event: StoredEvent) => readonly Outgoing[] {
  const topicsOf = Map.groupBy(
    topics.flatMap(topic => topic.events.map(type => ({ type, topic }))),
    ({ type }) => type,
  )
  return event =>
    (topicsOf.get(event.type) ?? []).map(({ topic }) => {
      const partition = kafkaPartitions(topic) === 1 ? 0 : event.partition
      const schemaId = schemaIds(topic.name, fingerprintIn(event.data))
      const record = (link: Link) =>
        eventRecord({ event, service, schemaId, ...keyAndTrace(event) }, link)
      return { topic: topic.name, partition, record }
    })
}

/** Partitions of a topic on the broker: a broadcast has one, its order holds over all of it. */
export function kafkaPartitions({ keyedBy }: Topic): number {
  return keyedBy === 'broadcast' ? 1 : PARTITIONS
}

export type TopicPartition = {
  readonly topic: string
  readonly partition: number
  /** `lineName` of them. */
  readonly name: string
}

/** Every partition of the topics. */
export function partitionsOf(topics: readonly Topic[]): readonly TopicPartition[] {
  return topics.flatMap(topic =>
    Array.from({ length: kafkaPartitions(topic) }, (_, partition) => {
      return { topic: topic.name, partition, name: lineName(topic.name, partition) }
    }),
  )
}

/** Key and trace of an event stand in its metadata. */
export function keyAndTrace({ meta, stream }: StoredEvent): {
  readonly key: string
  readonly traceparent: string | null
} {
  try {
    return decodeMeta(meta)
  } catch {
    return { key: stream, traceparent: null }
  }
}
