/** Ceiling of everything over Kafka: the bare client, records as large as events are. */
import { openKafkajs } from '@tongchou/runtime/kafka/client/kafkajs.ts'
import type { BenchBroker } from '../instance/broker.ts'

export type BrokerFigures = {
  readonly producedPerSecond: number
  readonly consumedPerSecond: number
}

const TOPIC = 'bench.ceiling'
const PARTITIONS = 8
const BATCH = 300
const BATCHES = 200
const VALUE_BYTES = 900
const HEADER_BYTES = 500

export async function benchBroker({ bootstrap }: BenchBroker): Promise<BrokerFigures> {
  const client = openKafkajs({
    brokers: bootstrap.split(','),
    clientId: 'bench',
    sendTimeoutMs: 30_000,
    sessionTimeoutMs: 10_000,
  })
  try {
    await client.ensureTopics([{ name: TOPIC, partitions: PARTITIONS, config: {} }])
    const headers = { tc: Buffer.alloc(HEADER_BYTES) }
    const record = { key: Buffer.from('key'), value: Buffer.alloc(VALUE_BYTES), headers }
    const batch = Array.from({ length: BATCH }, () => ({ ...record, timestampMs: Date.now() }))
    const count = BATCH * BATCHES
    const startedMs = performance.now()
    await Promise.all(
      Array.from({ length: PARTITIONS }, async (_, partition) => {
        for (let n = 0; n < BATCHES / PARTITIONS; n++) await client.produce(TOPIC, partition, batch)
      }),
    )
    const producedMs = performance.now() - startedMs
    const consumedMs = await consumeAll(client, count)
    const perSecond = (ms: number) => Math.round((count * 1_000) / ms)
    return { producedPerSecond: perSecond(producedMs), consumedPerSecond: perSecond(consumedMs) }
  } finally {
    await client.close()
  }
}

/** From the first record on: the group's beginning is no part of it. */
async function consumeAll(client: ReturnType<typeof openKafkajs>, count: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  let seen = 0
  let firstMs = 0
  const consumer = await client.consume({
    group: 'bench.ceiling',
    topic: TOPIC,
    onAssigned: () => {},
    onRecords: (_, records) => {
      if (seen === 0) firstMs = performance.now()
      seen += records.length
      if (seen >= count) resolve(performance.now() - firstMs)
    },
    onFault: () => {},
    onCrash: reject,
  })
  try {
    return await promise
  } finally {
    await consumer.close()
  }
}
