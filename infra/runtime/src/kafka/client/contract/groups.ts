import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KafkaClient } from '../../client.ts'
import { newName, newTopic, type OpenBed, type Reader, read, recordsOf, until } from './bed.ts'

const PARTITIONS = 4

async function sendToAll(client: KafkaClient, topic: string, value: string): Promise<void> {
  const partitions = Array.from({ length: PARTITIONS }, (_, at) => at)
  await Promise.all(partitions.map(at => client.produce(topic, at, recordsOf(`${value}${at}`))))
}

async function untilShared(a: Reader, b: Reader): Promise<void> {
  await until('shared', () => {
    const both = [...a.assigned(), ...b.assigned()].sort()
    return a.assigned().size === 2 && both.join() === '0,1,2,3'
  })
}

export function sharingLaws(open: OpenBed): void {
  test('two members share the partitions; when one closes the other has all at once', async t => {
    const bed = await open(t)
    const topic = await newTopic(bed, PARTITIONS)
    const group = newName(bed, 'group')
    const [one, two] = [bed.client(), bed.client()]
    const a = await read(one, group, topic)
    await until('all given', () => a.assigned().size === PARTITIONS)
    const b = await read(two, group, topic)
    await untilShared(a, b)
    await sendToAll(one, topic, 'x')
    await until('each read', () => {
      const all = new Set([...a.values(), ...b.values()])
      return all.size === PARTITIONS && b.values().length >= 2
    })
    await b.consumer.close()
    await until('taken over', () => a.assigned().size === PARTITIONS, 5000)
    await sendToAll(one, topic, 'y')
    await until('read', () => a.values().filter(value => value.startsWith('y')).length >= 4)
    assert.equal(a.crash(), null)
  })

  test('the partitions of a member that dies go to the others after its session', async t => {
    const bed = await open(t)
    const topic = await newTopic(bed, PARTITIONS)
    const group = newName(bed, 'group')
    const victim = await bed.victim(group, topic)
    const a = await read(bed.client(), group, topic)
    await until('shared', () => a.assigned().size === 2)
    await victim.kill()
    await until('taken over', () => a.assigned().size === PARTITIONS)
    await sendToAll(bed.client(), topic, 'x')
    await until('read', () => new Set(a.values()).size === PARTITIONS)
  })

  test('the next member begins where the last one committed, else at the first record', async t => {
    const bed = await open(t)
    const topic = await newTopic(bed, 2)
    const group = newName(bed, 'group')
    const client = bed.client()
    for (const at of [0, 1]) await client.produce(topic, at, recordsOf('a', 'b', 'c'))
    const first = await read(client, group, topic)
    await until('read', () => first.given.length >= 6)
    const other = 7 // has no such partition: left out
    await first.consumer.commit(
      new Map([
        [0, 2n],
        [other, 1n],
      ]),
    )
    await first.consumer.close()
    const next = await read(client, group, topic)
    await until('read', () => next.given.length >= 4)
    assert.deepEqual(next.values(0), ['c'])
    assert.deepEqual(next.values(1), ['a', 'b', 'c'])
  })

  test('another group reads for itself', async t => {
    const bed = await open(t)
    const topic = await newTopic(bed, 1)
    const client = bed.client()
    await client.produce(topic, 0, recordsOf('a'))
    const readers = await Promise.all([0, 1].map(() => read(client, newName(bed, 'group'), topic)))
    await until('both read', () => readers.every(reader => reader.values().length > 0))
  })
}

export function flowLaws(open: OpenBed): void {
  test('a paused partition gives nothing until it is resumed; others go on', async t => {
    const bed = await open(t)
    const topic = await newTopic(bed, 2)
    const client = bed.client()
    const reader = await read(client, newName(bed, 'group'), topic)
    await until('assigned', () => reader.assigned().size === 2)
    reader.consumer.pause(0)
    for (const value of ['a', 'b']) {
      await client.produce(topic, 0, recordsOf(value))
      await client.produce(topic, 1, recordsOf(value))
      await until('other read', () => reader.values(1).includes(value))
    }
    assert.deepEqual(reader.values(0), [])
    reader.consumer.resume(0)
    await until('resumed', () => reader.values(0).length >= 2)
    assert.deepEqual(reader.values(0), ['a', 'b'])
  })

  test('what was paused within onRecords stays so, and nothing is left out later', async t => {
    const bed = await open(t)
    const topic = await newTopic(bed, 1)
    const client = bed.client()
    const values = Array.from({ length: 50 }, (_, at) => `${at}`)
    const sent = (async () => {
      for (const value of values) await client.produce(topic, 0, recordsOf(value))
    })()
    const got: string[] = []
    const calls: number[] = []
    const consumer = await client.consume({
      group: newName(bed, 'group'),
      topic,
      onAssigned: () => {},
      onFault: () => {},
      onCrash: assert.fail,
      onRecords: (_, records) => {
        calls.push(records.length)
        got.push(...records.map(({ value }) => `${value}`))
        consumer.pause(0)
      },
    })
    await sent
    await until('all read', () => {
      consumer.resume(0)
      return got.length >= values.length
    })
    assert.deepEqual(got, values)
  })

  test('after a seek the next record is that of the offset', async t => {
    const bed = await open(t)
    const topic = await newTopic(bed, 1)
    const client = bed.client()
    const reader = await read(client, newName(bed, 'group'), topic)
    await client.produce(topic, 0, recordsOf('a', 'b', 'c'))
    await until('read', () => reader.values().length >= 3)
    reader.consumer.seek(0, 1n)
    await until('read again', () => reader.values().length >= 5)
    assert.deepEqual(reader.values().slice(3), ['b', 'c'])
  })
}
