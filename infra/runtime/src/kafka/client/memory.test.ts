/** The faults that a test can ask for. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { Fault } from '../../service/fault.ts'
import type { KafkaRecord } from '../client.ts'
import { MemoryKafka, type SendFate } from './memory.ts'

const TOPIC = 'facts'

async function open(): Promise<MemoryKafka> {
  const kafka = new MemoryKafka()
  await kafka.client().ensureTopics([{ name: TOPIC, partitions: 2, config: {} }])
  return kafka
}

function recordsOf(...values: readonly string[]): KafkaRecord[] {
  return values.map(value => ({
    key: null,
    value: Buffer.from(value),
    headers: {},
    timestampMs: 0,
  }))
}

function storedIn(kafka: MemoryKafka): (string | undefined)[] {
  return kafka.read(TOPIC, 0, 0n, 100).map(({ value }) => value?.toString())
}

const FATES: readonly (readonly [SendFate, string | null, readonly string[]])[] = [
  ['stored', null, ['a', 'b']],
  ['refused', 'unavailable', []],
  ['unanswered', 'timeout', ['a', 'b']],
  ['in-part', 'timeout', ['a']],
  ['twice', null, ['a', 'b', 'a', 'b']],
  ['lost', null, []],
]

for (const [fate, code, stored] of FATES) {
  test(`a send that is ${fate} ${code === null ? 'comes back' : `fails: ${code}`}`, async () => {
    const kafka = await open()
    kafka.fateOf = () => fate
    const sent = kafka.client().produce(TOPIC, 0, recordsOf('a', 'b'))
    if (code === null) await sent
    else await assert.rejects(sent, (error: Error) => error instanceof Fault && error.code === code)
    assert.deepEqual(storedIn(kafka), stored)
  })
}

for (const [how, stored] of [
  ['frozen', ['a']],
  ['killed', []],
] as const) {
  test(`what was sent to a ${how} broker and given up is stored: ${stored.length}`, async () => {
    const kafka = await open()
    kafka.stop(how)
    const sent = kafka.client({ sendTimeoutMs: 10 }).produce(TOPIC, 0, recordsOf('a'))
    await assert.rejects(sent, { code: 'timeout' })
    kafka.start()
    await turn()
    assert.deepEqual(storedIn(kafka), stored)
  })
}

test('a send that waits past its deadline may be stored after the next one', async () => {
  const kafka = await open()
  const gate = Promise.withResolvers<SendFate>()
  const client = kafka.client({ sendTimeoutMs: 10 })
  kafka.fateOf = () => gate.promise
  await assert.rejects(client.produce(TOPIC, 0, recordsOf('a')), { code: 'timeout' })
  kafka.fateOf = () => 'stored'
  await client.produce(TOPIC, 0, recordsOf('b'))
  gate.resolve('stored')
  await turn()
  assert.deepEqual(storedIn(kafka), ['b', 'a'])
})

test('records of more than max.message.bytes are refused and not to be tried again', async () => {
  const kafka = new MemoryKafka()
  const config = { 'max.message.bytes': '3' }
  await kafka.client().ensureTopics([{ name: TOPIC, partitions: 1, config }])
  const sent = kafka.client().produce(TOPIC, 0, recordsOf('ab', 'cd'))
  await assert.rejects(sent, { code: 'too-large', retryable: false, message: /facts.*4 bytes/ })
})

test('a group that throws its members out tells each of them', async () => {
  const kafka = await open()
  const crashed = Promise.withResolvers<Error>()
  await kafka.client().consume({
    group: 'readers',
    topic: TOPIC,
    onAssigned: () => {},
    onRecords: () => {},
    onFault: () => {},
    onCrash: crashed.resolve,
  })
  kafka.groups.crash('readers')
  assert.match((await crashed.promise).message, /readers/)
})

test('records before the cut are gone, and reading begins behind it', async () => {
  const kafka = await open()
  const client = kafka.client()
  await client.produce(TOPIC, 0, recordsOf('a', 'b', 'c'))
  kafka.truncate(TOPIC, 0, 2n)
  assert.deepEqual((await client.offsets(TOPIC)).get(0), { first: 2n, next: 3n })
  assert.deepEqual(storedIn(kafka), ['c'])
})
