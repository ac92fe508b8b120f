/** Two relays of one service on a real broker: one stands still while its lease runs out. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { EventType } from '@tongchou/contracts/events.generated.ts'
import { openMemoryStore } from '../../event-store/memory.ts'
import { byPartition, keyOf, keysOf, record, say, TOPIC, until } from '../../message-log/testing.ts'
import { openKafkajs } from '../client/kafkajs.ts'
import { MEMORY_OPTIONS } from '../client/memory.ts'
import type { KafkaClient } from '../client.ts'
import { openKafkaLog } from '../log.ts'
import { noKafka, testKafka } from '../testing.ts'
import { prefixed } from '../testing-bed.ts'
import { arrivalOf } from '../wire.ts'
import { openMemoryMarks } from './marks.ts'
import { internalRecords, kafkaPartitions } from './outgoing.ts'
import { Relay } from './relay.ts'

const TIMES = { ttlMs: 400, lingerMs: 0, saveMs: 10, watermarkMs: 10, pollMs: 50 }

test('a relay that wakes after its lease has run out doubles and moves nothing', {
  skip: await noKafka(),
}, async t => {
  const bed = await openBed(t)
  const { producer, marks } = bed
  const gate = closable()
  const old = bed.relay(gate)
  await say(producer, ['p1-a'])
  await until('marked', async () => (await marks.load(0)).position === 1n)

  gate.close()
  await say(producer, ['p1-b', 'p2-b'])
  await until('the old one holds a send in its hands', () => gate.waiting() > 0)
  const next = bed.relay(closable())
  const handed = await bed.consumer()
  await until('the next one sends', () => handed().includes('p1-b'))
  await say(producer, ['p1-c'])
  await until('and goes on', () => handed().includes('p1-c'))

  gate.open()
  const keys = await bed.standing(1)
  await until('the old one sends late', () => keys.filter(key => key === 'p1-b').length === 2)
  await until('and has lost', () => old.lag() === null)
  await say(producer, ['p1-d'])
  await until('all is there', () => handed().includes('p1-d'))
  const wanted = ['p1-a', 'p1-b', 'p1-c', 'p1-d', 'p2-b']
  assert.deepEqual(byPartition(handed()), byPartition(wanted))
  assert.ok(keys.lastIndexOf('p1-b') > keys.indexOf('p1-c'), 'it came behind what is newer')
  await until('marked', async () => (await marks.load(0)).position === 5n)
  assert.equal(next.lag(), 0n)
})

type Gate = ReturnType<typeof closable>

/** What a frozen process was about to do waits here. */
function closable() {
  let opened = Promise.withResolvers<void>()
  let waiting = 0
  opened.resolve()
  return {
    close: (): void => {
      opened = Promise.withResolvers()
    },
    open: (): void => opened.resolve(),
    waiting: (): number => waiting,
    pass: async (): Promise<void> => {
      waiting += 1
      await opened.promise
      waiting -= 1
    },
  }
}

/** A relay that waits for an answer does not renew its lease either. */
function behind(gate: Gate, client: KafkaClient): KafkaClient {
  return {
    ...client,
    produceAll: async sendings => {
      await gate.pass()
      return client.produceAll(sendings)
    },
  }
}

async function openBed(t: TestContext) {
  const { bootstrap, topicPrefix } = await testKafka()
  const prefix = `${topicPrefix}.`
  const options = { ...MEMORY_OPTIONS, brokers: bootstrap.split(','), sessionTimeoutMs: 6000 }
  const client = prefixed(openKafkajs({ ...options, sendTimeoutMs: 5000 }), prefix)
  t.after(() => client.close())
  const name = `${prefix}${TOPIC.name}`
  await client.ensureTopics([{ name, partitions: kafkaPartitions(TOPIC), config: {} }])
  const producer = openMemoryStore()
  const marks = openMemoryMarks()
  return {
    producer,
    marks,
    relay: (gate: Gate): Relay => {
      const relay = new Relay({
        service: TOPIC.service,
        store: producer,
        client: behind(gate, client),
        marks,
        topics: [TOPIC],
        types: new Set<EventType>(TOPIC.events),
        outgoing: internalRecords(TOPIC.service, [TOPIC], () => 1),
        nowMs: () => Date.now(),
        times: TIMES,
      })
      t.after(() => {
        gate.open()
        return relay.stop()
      })
      return relay
    },
    consumer: async () => {
      const consumer = openMemoryStore()
      const headOf = async () => (await producer.head()).position
      const log = openKafkaLog({ client, service: 'claims', store: consumer, headOf })
      t.after(() => log.close())
      const { batches } = await record({ producer, consumer, log })
      return () => keysOf(batches)
    },
    /** Keys of the messages in a partition, as they stand; grows. */
    standing: async (partition: number): Promise<readonly string[]> => {
      const keys: string[] = []
      await client.consume({
        group: 'spectator',
        topic: TOPIC.name,
        onAssigned: () => {},
        onRecords: (of, records) => {
          for (const one of of === partition ? records : []) {
            const { message } = arrivalOf(TOPIC.name, one)
            if (message !== null) keys.push(keyOf(message))
          }
        },
        onFault: () => {},
        onCrash: () => {},
      })
      return keys
    },
  }
}
