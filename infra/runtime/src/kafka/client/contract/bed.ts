/** What the laws of a Kafka client stand on: clients, a member that can be killed, the broker. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Fault } from '../../../service/fault.ts'
import type {
  ConsumedRecord,
  KafkaClient,
  KafkaClientOptions,
  KafkaConsumer,
  KafkaRecord,
  Sending,
} from '../../client.ts'

export type Bed = {
  /** Before names of topics and groups, so that tests on one broker do not meet. */
  readonly prefix: string
  /** As another process would have one; closed at the end of the test. */
  client(options?: Partial<KafkaClientOptions>): KafkaClient
  /** A member elsewhere; comes back when it has partitions. `kill` is that of `kill -9`. */
  victim(group: string, topic: string): Promise<{ kill(): Promise<void> }>
}

export type OpenBed = (t: TestContext) => Promise<Bed>

/** Of a bed whose only broker may be stopped. */
export type BrokenBed = Bed & {
  stop(how: 'killed' | 'frozen'): Promise<void>
  start(): Promise<void>
}

export type OpenBrokenBed = (t: TestContext) => Promise<BrokenBed>

/** Waits for a condition that must come true. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  limitMs = 30_000,
): Promise<void> {
  const giveUpMs = performance.now() + limitMs
  while (!(await holds())) {
    assert.ok(performance.now() < giveUpMs, `not in time: ${what}`)
    await sleep(10)
  }
}

export function newName({ prefix }: Pick<Bed, 'prefix'>, what: string): string {
  return `${prefix}.${what}.${randomBytes(4).toString('hex')}`
}

/** Kept for ever: with a limit the broker removes records by their own time, which is old here. */
export async function newTopic(bed: Bed, partitions: number): Promise<string> {
  const name = newName(bed, 'topic')
  const config = { 'retention.ms': '-1' }
  await bed.client().ensureTopics([{ name, partitions, config }])
  return name
}

export function recordOf(value: string): KafkaRecord {
  return {
    key: Buffer.from('key'),
    value: Buffer.from(value),
    headers: {},
    timestampMs: 1_764_000_000_000,
  }
}

export function recordsOf(...values: readonly string[]): KafkaRecord[] {
  return values.map(recordOf)
}

/** As a relay does: the same records again until they are acknowledged. */
export async function sendUntilStored(
  client: KafkaClient,
  [topic, partition]: readonly [string, number],
  records: readonly KafkaRecord[],
): Promise<void> {
  for (;;) {
    try {
      return await client.produce(topic, partition, records)
    } catch (error) {
      if (!(error instanceof Fault) || !error.retryable) throw error
      await sleep(100)
    }
  }
}

/** The same with several at once: those that were not acknowledged go again. */
export async function sendAllUntilStored(
  client: KafkaClient,
  sendings: readonly Sending[],
): Promise<void> {
  for (let left = sendings; left.length > 0; ) {
    const faults = await client.produceAll(left)
    left = left.filter((_, n) => faults[n] !== null)
    if (left.length > 0) await sleep(100)
  }
}

export type Reader = {
  readonly consumer: KafkaConsumer
  assigned(): ReadonlySet<number>
  /** Everything that was handed over, also twice. */
  readonly given: readonly { readonly partition: number; readonly record: ConsumedRecord }[]
  /** Values of one partition, or of all. */
  values(partition?: number): readonly string[]
  fault(): Error | null
  crash(): Error | null
}

export async function read(client: KafkaClient, group: string, topic: string): Promise<Reader> {
  const given: { readonly partition: number; readonly record: ConsumedRecord }[] = []
  const now: { assigned: ReadonlySet<number>; fault: Error | null; crash: Error | null } = {
    assigned: new Set(),
    fault: null,
    crash: null,
  }
  const consumer = await client.consume({
    group,
    topic,
    onAssigned: partitions => {
      now.assigned = partitions
    },
    onRecords: (partition, records) => {
      given.push(...records.map(record => ({ partition, record })))
    },
    onFault: error => {
      now.fault = error
    },
    onCrash: error => {
      now.crash = error
    },
  })
  return {
    consumer,
    given,
    assigned: () => now.assigned,
    fault: () => now.fault,
    crash: () => now.crash,
    values: partition =>
      given
        .filter(each => partition === undefined || each.partition === partition)
        .map(({ record }) => record.value?.toString() ?? 'null'),
  }
}

/** Reads all that stands in the topic now with a group of its own; values by partition. */
export async function readBack(bed: Bed, topic: string): Promise<ReadonlyMap<number, string[]>> {
  const client = bed.client()
  const ranges = await client.offsets(topic)
  const reader = await read(client, newName(bed, 'back'), topic)
  const found = new Map<number, string[]>()
  for (const [partition, { first, next }] of ranges) {
    const count = Number(next - first)
    await until(`${topic}/${partition} read`, () => reader.values(partition).length >= count)
    found.set(partition, [...reader.values(partition)])
  }
  await reader.consumer.close()
  return found
}

/** Values in the order of their first appearance: what is left when repeats are dropped. */
export function withoutRepeats(values: readonly string[]): readonly string[] {
  return [...new Set(values)]
}
