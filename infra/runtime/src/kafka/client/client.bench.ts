/**
 * What a Kafka client costs on one broker of this machine: `node client.bench.ts [CLIENT…]`. The
 * time of this process for a message is the figure to compare; messages a second and latency move
 * with what else the machine does.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { KafkaClient, KafkaRecord } from '../client.ts'
import { startEmbeddedKafka } from '../embedded.ts'
import { CLIENTS, type ClientName, optionsFor } from './contract/brokers.ts'

const PARTITIONS = 8
const BATCH = 500
const ROUNDS = 20
const BYTES = 500
const HOP_PER_SECOND = 1000
const HOP_SECONDS = 8
const WARM_SECONDS = 2
const TICK_MS = 5
const IDLE_CONSUMERS = 20
const IDLE_MS = 8000
const TOTAL = PARTITIONS * BATCH * ROUNDS
const PARTS = Array.from({ length: PARTITIONS }, (_, at) => at)

export type Cost = { readonly messagesPerSecond: number; readonly microsPerMessage: number }
export type Figures = {
  readonly produce: Cost
  readonly consume: Cost
  readonly hopMs: { readonly p50: number; readonly p99: number }
  /** Of one core, with 20 consumers that have nothing to read. */
  readonly idlePercent: number
}

function recordOf(bytes: number): KafkaRecord {
  const timestampMs = Date.now()
  return { key: Buffer.from('key'), value: Buffer.alloc(bytes, 7), headers: {}, timestampMs }
}

/** Time of this process in microseconds. */
function cpuMicros(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

async function costOf(count: number, act: () => Promise<void>): Promise<Cost> {
  const [beganMs, beganMicros] = [performance.now(), cpuMicros()]
  await act()
  const seconds = (performance.now() - beganMs) / 1000
  return {
    messagesPerSecond: Math.round(count / seconds),
    microsPerMessage: (cpuMicros() - beganMicros) / count,
  }
}

async function produceAll(client: KafkaClient, topic: string): Promise<void> {
  const records = Array.from({ length: BATCH }, () => recordOf(BYTES))
  for (let round = 0; round < ROUNDS; round += 1) {
    await Promise.all(PARTS.map(at => client.produce(topic, at, records)))
  }
}

/** From the first record to the last, so that joining the group does not count. */
async function consumeAll(client: KafkaClient, topic: string): Promise<Cost> {
  const [first, all] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  let count = 0
  const consumer = await client.consume({
    ...listeners(`bench-${topic}`, topic),
    onRecords: (_, records) => {
      first.resolve()
      count += records.length
      if (count >= TOTAL) all.resolve()
    },
  })
  await first.promise
  const before = count
  const cost = await costOf(TOTAL - before, () => all.promise)
  await consumer.close()
  return cost
}

function listeners(group: string, topic: string) {
  return {
    group,
    topic,
    onAssigned: () => {},
    onRecords: () => {},
    onFault: () => {},
    onCrash: (error: Error) => {
      throw error
    },
  }
}

async function hop(client: KafkaClient, topic: string): Promise<{ p50: number; p99: number }> {
  const tookMs: number[] = []
  const warmUntilMs = performance.now() + WARM_SECONDS * 1000
  const consumer = await client.consume({
    ...listeners(`bench-${topic}`, topic),
    onRecords: (_, records) => {
      const nowMs = performance.now()
      for (const { value } of records) {
        const sentMs = value?.readDoubleLE(0) ?? 0
        if (sentMs > warmUntilMs) tookMs.push(nowMs - sentMs)
      }
    },
  })
  const sent: Promise<void>[] = []
  const busy = new Map<number, Promise<void>>()
  const untilMs = performance.now() + (WARM_SECONDS + HOP_SECONDS) * 1000
  for (let tick = 0; performance.now() < untilMs; tick += 1) {
    const partition = tick % PARTITIONS
    const value = Buffer.alloc(BYTES)
    value.writeDoubleLE(performance.now(), 0)
    const count = (HOP_PER_SECOND * TICK_MS) / 1000
    const records = Array.from({ length: count }, () => ({ ...recordOf(0), value }))
    const before = busy.get(partition) ?? Promise.resolve()
    const next = before.then(() => client.produce(topic, partition, records))
    busy.set(partition, next)
    sent.push(next)
    await sleep(TICK_MS)
  }
  await Promise.all(sent)
  await sleep(200)
  await consumer.close()
  tookMs.sort((a, b) => a - b)
  const at = (share: number) => tookMs[Math.floor(tookMs.length * share)] ?? Number.NaN
  return { p50: at(0.5), p99: at(0.99) }
}

async function idlePercent(client: KafkaClient, topic: string): Promise<number> {
  const consumers = await Promise.all(
    Array.from({ length: IDLE_CONSUMERS }, (_, at) =>
      client.consume(listeners(`bench-idle-${at}-${topic}`, topic)),
    ),
  )
  await sleep(IDLE_MS / 2)
  const began = cpuMicros()
  await sleep(IDLE_MS)
  const percent = (cpuMicros() - began) / 10 / IDLE_MS
  await Promise.all(consumers.map(consumer => consumer.close()))
  return percent
}

export async function measureClient(name: ClientName, bootstrap: string): Promise<Figures> {
  const client = CLIENTS[name](optionsFor({ bootstrap }, { sendTimeoutMs: 30_000 }))
  const config = { 'retention.ms': '-1', 'max.message.bytes': '2000000' }
  const topics = ['warm', 'full', 'hop', 'idle'].map(what => `${name}-${what}`)
  await client.ensureTopics(topics.map(topic => ({ name: topic, partitions: PARTITIONS, config })))
  const [warm = '', full = '', hops = '', idle = ''] = topics
  await produceAll(client, warm)
  const produce = await costOf(TOTAL, () => produceAll(client, full))
  await consumeAll(client, warm)
  const consume = await consumeAll(client, full)
  const hopMs = await hop(client, hops)
  const idleCost = await idlePercent(client, idle)
  await client.close()
  return { produce, consume, hopMs, idlePercent: idleCost }
}

if (import.meta.main) {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'tongchou-bench-kafka-'))
  const options = { dataDir, log: () => undefined, endWithParent: true }
  const kafka = await startEmbeddedKafka(options)
  const asked = process.argv.slice(2)
  for (const name of Object.keys(CLIENTS) as ClientName[]) {
    if (asked.length > 0 && !asked.includes(name)) continue
    console.log(name, JSON.stringify(await measureClient(name, kafka.bootstrap)))
  }
  await kafka.stop()
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 })
}
