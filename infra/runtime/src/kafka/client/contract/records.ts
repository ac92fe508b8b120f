import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../../../service/fault.ts'
import type { KafkaRecord } from '../../client.ts'
import { newName, newTopic, type OpenBed, read, recordsOf, until } from './bed.ts'

const AT_MS = 1_764_000_000_000

const SHAPES: Readonly<Record<string, KafkaRecord>> = {
  'a null key': { key: null, value: Buffer.from('v'), headers: {}, timestampMs: AT_MS },
  'a null value': { key: Buffer.from('k'), value: null, headers: {}, timestampMs: AT_MS },
  'an empty key and value': {
    key: Buffer.alloc(0),
    value: Buffer.alloc(0),
    headers: {},
    timestampMs: AT_MS,
  },
  'headers of bytes, also none and 0xff': {
    key: Buffer.from([0, 255]),
    value: Buffer.from([255, 0, 128]),
    headers: { ce_id: Buffer.from('统筹'), empty: Buffer.alloc(0), raw: Buffer.from([255, 0]) },
    timestampMs: AT_MS + 1,
  },
}

export function recordLaws(open: OpenBed): void {
  togetherLaws(open)

  test('records of a partition come in their order, each once', async t => {
    const bed = await open(t)
    const topic = await newTopic(bed, 2)
    const client = bed.client()
    const values = Array.from({ length: 200 }, (_, at) => `${at}`)
    for (let at = 0; at < values.length; at += 20) {
      const page = recordsOf(...values.slice(at, at + 20))
      await Promise.all([0, 1].map(partition => client.produce(topic, partition, page)))
    }
    const reader = await read(client, newName(bed, 'group'), topic)
    await until('all read', () => reader.given.length >= 400)
    for (const partition of [0, 1]) assert.deepEqual(reader.values(partition), values)
    const offsets = reader.given.filter(({ partition }) => partition === 1)
    assert.deepEqual(
      offsets.map(({ record }) => record.offset),
      values.map(BigInt),
    )
  })

  test('what is sent while somebody reads arrives without being asked for', async t => {
    const bed = await open(t)
    const topic = await newTopic(bed, 1)
    const client = bed.client()
    const reader = await read(client, newName(bed, 'group'), topic)
    await until('assigned', () => reader.assigned().size === 1)
    await client.produce(topic, 0, recordsOf('a'))
    await until('a read', () => reader.values().includes('a'))
  })

  test('keys, values, headers and times arrive as they were sent', async t => {
    const bed = await open(t)
    const topic = await newTopic(bed, 1)
    const client = bed.client()
    const shapes = Object.values(SHAPES)
    await client.produce(topic, 0, shapes)
    const reader = await read(client, newName(bed, 'group'), topic)
    await until('all read', () => reader.given.length >= shapes.length)
    for (const [at, name] of Object.keys(SHAPES).entries()) {
      const { offset: _, ...record } = reader.given[at]?.record ?? assert.fail(name)
      assert.deepEqual({ ...record, headers: { ...record.headers } }, SHAPES[name], name)
    }
  })
}

function togetherLaws(open: OpenBed): void {
  test('what goes to several partitions at once comes in order, too', async t => {
    const bed = await open(t)
    const topics = [await newTopic(bed, 2), await newTopic(bed, 2)]
    const client = bed.client()
    const places = topics.flatMap(topic => [0, 1].map(partition => ({ topic, partition })))
    for (const value of ['a', 'b', 'c']) {
      const records = recordsOf(`${value}1`, `${value}2`)
      const faults = await client.produceAll(places.map(place => ({ ...place, records })))
      assert.deepEqual(faults, [null, null, null, null])
    }
    for (const topic of topics) {
      const reader = await read(client, newName(bed, 'group'), topic)
      await until('all read', () => reader.given.length >= 12)
      for (const at of [0, 1]) {
        assert.deepEqual(reader.values(at), ['a1', 'a2', 'b1', 'b2', 'c1', 'c2'])
      }
    }
    assert.deepEqual(await client.produceAll([]), [])
  })

  test('of several at once, one that is refused keeps none of the others back', async t => {
    const bed = await open(t)
    const [small, other] = [newName(bed, 'small'), await newTopic(bed, 1)]
    const client = bed.client()
    const config = { 'max.message.bytes': '1000', 'retention.ms': '-1' }
    await client.ensureTopics([{ name: small, partitions: 1, config }])
    const [refused, taken] = await client.produceAll([
      { topic: small, partition: 0, records: recordsOf('x'.repeat(2000)) },
      { topic: other, partition: 0, records: recordsOf('a') },
    ])
    assert.match(refused?.message ?? '', new RegExp(small))
    assert.ok(refused instanceof Fault && !refused.retryable)
    assert.equal(taken, null)
    const reader = await read(client, newName(bed, 'group'), other)
    await until('read', () => reader.values().includes('a'))
  })
}
