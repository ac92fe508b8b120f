import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, test } from 'node:test'
import { Kafka, logLevel } from 'kafkajs'
import { DataFolderInUse } from '../process/instance-lock.ts'
import { startEmbeddedKafka } from './embedded.ts'
import { noKafka } from './testing.ts'

const skip = await noKafka('own')

/** kafkajs waits on its own for a broker that comes back. */
function clientOf(bootstrap: string): Kafka {
  return new Kafka({
    brokers: bootstrap.split(','),
    logLevel: logLevel.NOTHING,
    retry: { retries: 60, initialRetryTime: 100, maxRetryTime: 500 },
  })
}

describe('an embedded broker', { skip }, () => {
  test('keeps what it acknowledged over kill -9, at the same address', async t => {
    const dataDir = mkdtempSync(path.join(os.tmpdir(), 'tongchou kafka '))
    t.after(() => rmSync(dataDir, { recursive: true, force: true }))
    const options = { dataDir, log: () => undefined, endWithParent: true }
    const kafka = await startEmbeddedKafka(options)
    t.after(() => kafka.stop())
    await assert.rejects(startEmbeddedKafka(options), DataFolderInUse)
    const client = clientOf(kafka.bootstrap)
    const admin = client.admin()
    const producer = client.producer({ idempotent: true, maxInFlightRequests: 1 })
    await admin.connect()
    await producer.connect()
    t.after(() => Promise.all([admin.disconnect(), producer.disconnect()]))
    await admin.createTopics({ topics: [{ topic: 'facts', numPartitions: 1 }] })
    const send = (value: string) =>
      producer.send({ topic: 'facts', acks: -1, messages: [{ partition: 0, value }] })
    await send('before')
    const [broker] = kafka.brokers
    await broker?.kill('SIGKILL')
    assert.equal(broker?.pid(), undefined)
    await broker?.start()
    await send('after')
    const [end] = await admin.fetchTopicOffsets('facts')
    assert.deepEqual([end?.low, end?.high], ['0', '2'])
  })

  test('a topic that nobody declared is not made by writing to it', async t => {
    const dataDir = mkdtempSync(path.join(os.tmpdir(), 'tongchou-kafka-'))
    t.after(() => rmSync(dataDir, { recursive: true, force: true }))
    const kafka = await startEmbeddedKafka({ dataDir, log: () => undefined, endWithParent: true })
    t.after(() => kafka.stop())
    const [address = ''] = kafka.bootstrap.split(',')
    const client = new Kafka({
      brokers: [address],
      logLevel: logLevel.NOTHING,
      retry: { retries: 0 },
    })
    const producer = client.producer({ allowAutoTopicCreation: true })
    await producer.connect()
    t.after(() => producer.disconnect())
    await assert.rejects(producer.send({ topic: 'undeclared', messages: [{ value: 'x' }] }))
  })
})
