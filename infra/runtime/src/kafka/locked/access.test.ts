/** What users without credentials or rights are told, and what becomes of what they had to send. */
import assert from 'node:assert/strict'
import { after, before, describe, type TestContext, test } from 'node:test'
import type { EventType } from '@tongchou/contracts/events.generated.ts'
import { openMemoryStore } from '../../event-store/memory.ts'
import { GROUP, keysOf, record, say, TOPIC, until } from '../../message-log/testing.ts'
import { Fault } from '../../service/fault.ts'
import { openKafkajs } from '../client/kafkajs.ts'
import { openPlatformatic } from '../client/platformatic.ts'
import type { KafkaClient, KafkaClientOptions } from '../client.ts'
import { openKafkaLog } from '../log.ts'
import { openMemoryMarks } from '../relay/marks.ts'
import { internalRecords } from '../relay/outgoing.ts'
import { Relay } from '../relay/relay.ts'
import { noKafka } from '../testing.ts'
import { prefixed } from '../testing-bed.ts'
import { credentials, type LockedKafka, lockedKafka, PASSWORD } from './broker.ts'

const CLIENTS = { kafkajs: openKafkajs, platformatic: openPlatformatic }
const TIMES = { ttlMs: 6000, lingerMs: 0, saveMs: 10, watermarkMs: 10, pollMs: 50 }
const RECORDS = [{ key: null, value: Buffer.from('a'), headers: {}, timestampMs: 1 }]

describe('a broker with users and rights', { skip: await noKafka('own') }, () => {
  let kafka: LockedKafka
  const ends: (() => Promise<void>)[] = []
  before(async () => {
    kafka = await lockedKafka({ after: end => ends.unshift(end) })
  })
  after(async () => {
    for (const end of ends) await end()
  })

  for (const [name, open] of Object.entries(CLIENTS)) {
    function clientOf(t: TestContext, options: Partial<KafkaClientOptions> = {}): KafkaClient {
      const times = { sendTimeoutMs: 8000, sessionTimeoutMs: 6000 }
      const client = open({ brokers: [kafka.sasl], clientId: name, ...times, ...options })
      t.after(() => client.close())
      return client
    }
    const annas = (t: TestContext) => clientOf(t, { sasl: credentials('anna') })
    /** Topics that only the open door has made. */
    async function topicOf(t: TestContext, of: string): Promise<string> {
      const topic = `${name}.${of}`
      const spec = { name: topic, partitions: 1, config: { 'retention.ms': '-1' } }
      await clientOf(t, { brokers: [kafka.open] }).ensureTopics([spec])
      return topic
    }

    for (const mechanism of ['plain', 'scram-sha-256'] as const) {
      test(`${name}: ${mechanism} lets in who has the password`, async t => {
        const topic = await topicOf(t, mechanism)
        const group = `${name}.${mechanism}`
        await kafka.grant('anna', `Write topic ${topic}`, `Read topic ${topic}`)
        await kafka.grant('anna', `Read group ${group}`)
        const client = clientOf(t, { sasl: { ...credentials('anna'), mechanism } })
        await client.produce(topic, 0, RECORDS)
        const read: string[] = []
        await client.consume({
          ...{ group, topic, onAssigned: () => {}, onFault: () => {}, onCrash: () => {} },
          onRecords: (_, records) => read.push(...records.map(({ value }) => `${value}`)),
        })
        await until('read', () => read.includes('a'))
      })

      test(`${name}: ${mechanism} names the settings to who has another password`, async t => {
        const sasl = { ...credentials('anna', 'another'), mechanism }
        const client = clientOf(t, { sasl })
        const wanted = (error: Error) => {
          assert.match(error.message, /TONGCHOU_KAFKA_USERNAME and TONGCHOU_KAFKA_PASSWORD/)
          assert.match(error.message, new RegExp(`TONGCHOU_KAFKA_SASL=${mechanism}`))
          assert.ok(!error.message.includes(PASSWORD) && !error.message.includes('another'))
          return true
        }
        const topic = `${name}.none`
        await assert.rejects(
          client.ensureTopics([{ name: topic, partitions: 1, config: {} }]),
          wanted,
        )
        await assert.rejects(client.produce(topic, 0, RECORDS), wanted)
      })
    }

    test(`${name}: settings are named to who comes without credentials, or with too many`, async t => {
      const spec = { name: `${name}.none`, partitions: 1, config: {} }
      await assert.rejects(clientOf(t).ensureTopics([spec]), /TONGCHOU_KAFKA_SASL, .*_PASSWORD/)
      const open = clientOf(t, { brokers: [kafka.open], sasl: credentials('anna') })
      await assert.rejects(open.ensureTopics([spec]), /TONGCHOU_KAFKA_SASL=scram-sha-256.* none/)
      const other = clientOf(t, { sasl: { ...credentials('anna'), mechanism: 'scram-sha-512' } })
      await assert.rejects(other.ensureTopics([spec]), /TONGCHOU_KAFKA_SASL=scram-sha-512 is not/)
    })

    test(`${name}: a topic is made when the right that was named is there`, async t => {
      const topic = `${name}.made`
      const client = annas(t)
      const made = () => client.ensureTopics([{ name: topic, partitions: 1, config: {} }])
      const what = new RegExp(
        `topic ${topic}: .* user anna Describe and.* Create on topic ${topic}`,
      )
      await assert.rejects(made(), (error: Error) => {
        assert.match(error.message, what)
        assert.ok(error instanceof Fault && error.retryable)
        return true
      })
      await kafka.grant('anna', `Create topic ${topic}`, `Describe topic ${topic}`)
      await made()
    })

    test(`${name}: a relay without the right to write to a topic holds what it has for it`, async t => {
      const [refused, taken] = [await topicOf(t, TOPIC.name), await topicOf(t, 'other')]
      await kafka.grant('anna', `Write topic ${taken}`)
      const producer = openMemoryStore()
      const inside = internalRecords(TOPIC.service, [{ ...TOPIC, keyedBy: 'broadcast' }], () => 1)
      const relay = new Relay({
        ...{ service: TOPIC.service, store: producer, marks: openMemoryMarks(), topics: [] },
        client: prefixed(annas(t), `${name}.`),
        types: new Set<EventType>(TOPIC.events),
        outgoing: event => inside(event).flatMap(out => [out, { ...out, topic: 'other' }]),
        nowMs: () => Date.now(),
        times: TIMES,
      })
      t.after(() => relay.stop())
      await say(producer, ['a', 'b'])
      await until('it says so', () => relay.fault() !== null)
      const wanted = new RegExp(`user anna Write on topic ${refused.replaceAll('.', '\\.')}$`)
      await until('by name', () => wanted.test(relay.fault()?.message ?? ''))
      const boss = clientOf(t, { brokers: [kafka.open] })
      const count = async (of: string) => (await boss.offsets(of)).get(0)?.next ?? 0n
      await until('the other topic has it', async () => (await count(taken)) >= 2n)
      assert.equal(await count(refused), 0n)
      await say(producer, ['c'])
      assert.notEqual(relay.lag(), 0n)
      await kafka.grant('anna', `Write topic ${refused}`)
      await until('all of it is sent', () => relay.lag() === 0n && relay.fault() === null)
      assert.equal(await count(refused), 3n)
    })

    for (const [kind, what] of [
      ['group', 'Read on group'],
      ['topic', 'Read on topic'],
    ] as const) {
      test(`${name}: a consumer without ${what} says so and goes on when it has it`, async t => {
        const prefix = `${name}.read.${kind}.`
        const [topic, group] = [await topicOf(t, `read.${kind}.${TOPIC.name}`), prefix]
        const producer = openMemoryStore()
        const boss = prefixed(clientOf(t, { brokers: [kafka.open] }), prefix)
        const relay = new Relay({
          ...{ service: TOPIC.service, store: producer, marks: openMemoryMarks(), topics: [] },
          client: boss,
          types: new Set<EventType>(TOPIC.events),
          outgoing: internalRecords(TOPIC.service, [{ ...TOPIC, keyedBy: 'broadcast' }], () => 1),
          nowMs: () => Date.now(),
          times: TIMES,
        })
        t.after(() => relay.stop())
        await say(producer, ['p0-a', 'p0-b'])
        const rights = [`Read group ${group}*`, `Read topic ${topic}`]
        await kafka.grant('anna', `Describe topic ${topic}`)
        await kafka.grant('anna', ...rights.filter(right => !right.includes(` ${kind} `)))
        const consumer = openMemoryStore()
        const client = prefixed(annas(t), prefix)
        const headOf = async () => (await producer.head()).position
        const log = openKafkaLog({ client, service: 'claims', store: consumer, headOf })
        t.after(() => log.close())
        const reader = await record({ producer, consumer, log })
        const wanted = new RegExp(`${GROUP}.*user anna ${what} ${prefix}`)
        await until('it says so', () => wanted.test(reader.fault()?.message ?? ''))
        for (let n = 0; n < 20; n++) {
          await new Promise(resolve => setTimeout(resolve, 50))
          assert.notEqual(reader.fault(), null)
        }
        await kafka.grant('anna', ...rights)
        await until('it goes on', () => reader.fault() === null && reader.batches.length > 0)
        await until('all is read', () => keysOf(reader.batches).length === 2)
      })
    }
  }
})
