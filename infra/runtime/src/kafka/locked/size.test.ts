/** Records beyond what a topic takes: the relay says so, waits, and loses nothing. */
import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import {
  Admin,
  ConfigResourceTypes,
  IncrementalAlterConfigOperationTypes,
} from '@platformatic/kafka'
import type { EventType } from '@tongchou/contracts/events.generated.ts'
import { openMemoryStore } from '../../event-store/memory.ts'
import { keyOf, say, TOPIC, until } from '../../message-log/testing.ts'
import { openKafkajs } from '../client/kafkajs.ts'
import { openPlatformatic } from '../client/platformatic.ts'
import type { KafkaClient } from '../client.ts'
import { openMemoryMarks } from '../relay/marks.ts'
import { internalRecords } from '../relay/outgoing.ts'
import { Relay } from '../relay/relay.ts'
import { noKafka, testKafka } from '../testing.ts'
import { prefixed } from '../testing-bed.ts'
import { arrivalOf } from '../wire.ts'

const CLIENTS = { kafkajs: openKafkajs, platformatic: openPlatformatic }
const TIMES = { ttlMs: 6000, lingerMs: 0, saveMs: 10, watermarkMs: 10, pollMs: 50 }

describe('a topic with a small limit', { skip: await noKafka() }, () => {
  for (const [name, open] of Object.entries(CLIENTS)) {
    test(`${name}: gets a page in parts that it takes, in order`, async t => {
      const { producer, relay, keys } = await bedOf(t, open, 2000)
      const wanted = Array.from({ length: 40 }, (_, n) => `p1-${n}-${'x'.repeat(100)}`)
      await say(producer, wanted)
      await until('all sent', async () => relay().lag() === 0n && (await keys()).length >= 40)
      assert.deepEqual(await keys(), wanted)
      assert.equal(relay().fault(), null)
    })

    test(`${name}: stops the relay at a record beyond it, until the limit is raised`, async t => {
      const { topic, producer, relay, keys, raise } = await bedOf(t, open, 2000)
      const large = `p1-b-${'x'.repeat(3000)}`
      await say(producer, ['p1-a', large, 'p1-c', 'p2-a'])
      const wanted = new RegExp(
        `${topic}/1: .*one record of \\d{4} bytes.*raise max.message.bytes of the topic`,
      )
      await until('it says so', () => wanted.test(relay().fault()?.message ?? ''))
      await say(producer, ['p1-d', 'p2-b'])
      await until('tried again', () => relay().lag() !== 0n && relay().fault() !== null)
      await until('what is before it, and others', async () => (await keys()).length === 2)
      assert.deepEqual(await keys(), ['p1-a', 'p2-a'])
      await raise(100_000)
      await until('it goes on', () => relay().lag() === 0n && relay().fault() === null)
      const sent = ['p1-a', large, 'p1-c', 'p1-d', 'p2-a', 'p2-b']
      await until('all of it', async () => (await keys()).length === sent.length)
      assert.deepEqual(await keys(), sent)
    })
  }
})

async function bedOf(t: TestContext, open: typeof openKafkajs, limit: number) {
  const { bootstrap, topicPrefix } = await testKafka()
  const brokers = bootstrap.split(',')
  const inner = open({ brokers, clientId: 'size', sendTimeoutMs: 5000, sessionTimeoutMs: 6000 })
  const prefix = `${topicPrefix}.`
  const topic = `${prefix}${TOPIC.name}`
  const config = { 'max.message.bytes': String(limit), 'retention.ms': '-1' }
  await inner.ensureTopics([{ name: topic, partitions: 8, config }])
  const client = prefixed(inner, prefix)
  const producer = openMemoryStore()
  const marks = openMemoryMarks()
  let relay: Relay | null = null
  const opened = () => {
    relay ??= new Relay({
      ...{ service: TOPIC.service, store: producer, marks, client, topics: [TOPIC] },
      types: new Set<EventType>(TOPIC.events),
      outgoing: internalRecords(TOPIC.service, [TOPIC], () => 1),
      nowMs: () => Date.now(),
      times: TIMES,
    })
    return relay
  }
  t.after(async () => {
    await relay?.stop()
    await inner.close()
  })
  return {
    topic,
    producer,
    /** Starts with the first call, so that all that was said before is one page. */
    relay: opened,
    keys: await standing(client),
    raise: (bytes: number) => raise(brokers, topic, bytes),
  }
}

/** Keys of what stands in the topic, by partition, each position once. */
async function standing(client: KafkaClient): Promise<() => Promise<readonly string[]>> {
  const found = new Map<number, Map<bigint, string>>()
  await client.consume({
    group: 'spectator',
    topic: TOPIC.name,
    onAssigned: () => {},
    onRecords: (partition, records) => {
      const keys = found.get(partition) ?? new Map<bigint, string>()
      found.set(partition, keys)
      for (const one of records) {
        const { message, position } = arrivalOf(TOPIC.name, one)
        if (message !== null) keys.set(position, keyOf(message))
      }
    },
    onFault: () => {},
    onCrash: () => {},
  })
  return async () =>
    [...found.keys()].sort().flatMap(partition => [...(found.get(partition)?.values() ?? [])])
}

async function raise(bootstrapBrokers: string[], topic: string, bytes: number): Promise<void> {
  const admin = new Admin({ clientId: 'operator', bootstrapBrokers })
  const configs = [
    {
      name: 'max.message.bytes',
      configOperation: IncrementalAlterConfigOperationTypes.SET,
      value: String(bytes),
    },
  ]
  const resource = { resourceType: ConfigResourceTypes.TOPIC, resourceName: topic, configs }
  try {
    await admin.incrementalAlterConfigs({ resources: [resource] })
  } finally {
    await admin.close()
  }
}
