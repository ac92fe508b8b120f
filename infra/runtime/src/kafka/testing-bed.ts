/** Producer, relay, consumer and Kafka between them, for the laws of the message log. */
import type { TestContext } from 'node:test'
import type { EventType } from '@tongchou/contracts/events.generated.ts'
import { newUuid } from '@tongchou/contracts/id.ts'
import { openMemoryStore } from '../event-store/memory.ts'
import type { Bed } from '../message-log/testing.ts'
import { TOPIC, until } from '../message-log/testing.ts'
import type { KafkaClient, KafkaConsumer } from './client.ts'
import { openKafkaLog } from './log.ts'
import { openMemoryMarks } from './relay/marks.ts'
import { internalRecords, kafkaPartitions } from './relay/outgoing.ts'
import { Relay } from './relay/relay.ts'

const RELAY_TIMES = { ttlMs: 400, saveMs: 10, watermarkMs: 10, pollMs: 50 }

/** Each instance has a client and a relay of its own, and one producer's and consumer's store. */
export async function kafkaBed(t: TestContext, openClient: () => KafkaClient): Promise<Bed> {
  const [producer, consumer] = [openMemoryStore(), openMemoryStore()]
  const marks = openMemoryMarks()
  const prefix = `test-${newUuid()}.`
  const admin = openClient()
  t.after(() => admin.close())
  const name = `${prefix}${TOPIC.name}`
  await admin.ensureTopics([{ name, partitions: kafkaPartitions(TOPIC), config: {} }])
  return {
    instance: async times => {
      const { client, freeze } = freezable(openClient(), prefix)
      const relay = new Relay({
        service: TOPIC.service,
        store: producer,
        marks,
        client,
        topics: [TOPIC],
        types: new Set<EventType>(TOPIC.events),
        outgoing: internalRecords(TOPIC.service, [TOPIC], () => 1),
        nowMs: () => Date.now(),
        times: RELAY_TIMES,
      })
      const log = openKafkaLog({
        ...times,
        client,
        service: 'claims',
        store: consumer,
        headOf: async () => (await producer.head()).position,
      })
      t.after(async () => {
        await log.close()
        await relay.stop()
        await client.close()
      })
      const arrived = () =>
        until('the relay is at the end', async () => {
          const { position } = await producer.head()
          return (await marks.load(0)).position === position
        })
      return { producer, consumer, log, freeze, arrived }
    },
  }
}

/** Keeps tests on one broker apart: names of topics and groups begin with the prefix. */
export function prefixed(inner: KafkaClient, prefix: string): KafkaClient {
  const named = (name: string) => `${prefix}${name}`
  return {
    ensureTopics: specs => inner.ensureTopics(specs),
    offsets: topic => inner.offsets(named(topic)),
    produce: (topic, partition, records) => inner.produce(named(topic), partition, records),
    produceAll: sendings =>
      inner.produceAll(sendings.map(each => ({ ...each, topic: named(each.topic) }))),
    consume: options =>
      inner.consume({ ...options, group: named(options.group), topic: named(options.topic) }),
    close: () => inner.close(),
  }
}

/** A frozen process is put out of its group and is told nothing of it. */
function freezable(
  inner: KafkaClient,
  prefix: string,
): { client: KafkaClient; freeze: () => Promise<void> } {
  const named = prefixed(inner, prefix)
  const consumers: KafkaConsumer[] = []
  let frozen = false
  const client: KafkaClient = {
    ...named,
    consume: async options => {
      const consumer = await named.consume({
        ...options,
        onAssigned: partitions => {
          if (!frozen) options.onAssigned(partitions)
        },
        onRecords: (partition, records) => {
          if (!frozen) options.onRecords(partition, records)
        },
      })
      consumers.push(consumer)
      return consumer
    },
  }
  return {
    client,
    freeze: async () => {
      frozen = true
      await Promise.all(consumers.map(consumer => consumer.close()))
    },
  }
}
