import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newName, newTopic, type OpenBed, recordsOf } from './bed.ts'

export function topicLaws(open: OpenBed): void {
  test('topics are made once, by whoever comes first', async t => {
    const bed = await open(t)
    const names = [newName(bed, 'a'), newName(bed, 'b')]
    const specs = names.map((name, at) => ({ name, partitions: at + 1, config: {} }))
    const clients = [bed.client(), bed.client()]
    await Promise.all(clients.map(client => client.ensureTopics(specs)))
    await bed.client().ensureTopics(specs)
    for (const { name, partitions } of specs) {
      const ranges = await bed.client().offsets(name)
      assert.deepEqual([...ranges.keys()].sort(), [0, 1].slice(0, partitions))
      assert.deepEqual(ranges.get(0), { first: 0n, next: 0n })
    }
  })

  test('a topic with another number of partitions is refused by name', async t => {
    const bed = await open(t)
    const name = await newTopic(bed, 2)
    const other = bed.client().ensureTopics([{ name, partitions: 3, config: {} }])
    await assert.rejects(other, (error: Error) => {
      assert.match(error.message, new RegExp(`${name}.*2 partitions`))
      assert.deepEqual({ ...error }, { ...error, name: 'Fault', retryable: false })
      return true
    })
  })

  test('offsets say what the broker has', async t => {
    const bed = await open(t)
    const topic = await newTopic(bed, 2)
    const client = bed.client()
    await client.produce(topic, 1, recordsOf('a', 'b', 'c'))
    const ranges = await client.offsets(topic)
    assert.deepEqual(ranges.get(0), { first: 0n, next: 0n })
    assert.deepEqual(ranges.get(1), { first: 0n, next: 3n })
  })

  test('a topic that is not there is named', async t => {
    const bed = await open(t)
    const topic = newName(bed, 'missing')
    const client = bed.client({ sendTimeoutMs: 3000 })
    await assert.rejects(client.produce(topic, 0, recordsOf('a')), new RegExp(topic))
  })

  test('what the topic is configured with counts: a larger record is refused for good', async t => {
    const bed = await open(t)
    const name = newName(bed, 'small')
    const client = bed.client()
    const config = { 'max.message.bytes': '1000' }
    await client.ensureTopics([{ name, partitions: 1, config }])
    const sent = client.produce(name, 0, recordsOf('x'.repeat(2000)))
    await assert.rejects(sent, { name: 'Fault', retryable: false, message: new RegExp(name) })
    await client.produce(name, 0, recordsOf('small'))
    assert.deepEqual((await client.offsets(name)).get(0), { first: 0n, next: 1n })
  })
}
