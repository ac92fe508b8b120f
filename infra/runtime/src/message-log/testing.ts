/** A producer, a consumer whose effects can be counted, and waiting, for tests of logs. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { EventType } from '@tongchou/contracts/events.generated.ts'
import { uuidFrom } from '@tongchou/contracts/id.ts'
import { PARTITIONS, TOPICS, type Topic } from '@tongchou/contracts/topics.ts'
import type { Append, EventStore, Progress } from '../event-store/port.ts'
import { appendOf, newEvent, newStream } from '../event-store/testing.ts'
import { Fault } from '../service/fault.ts'
import type { LogOptions } from './log.ts'
import type { Batch, Message, MessageLog, RunningSubscription } from './port.ts'

export const TOPIC = TOPICS.claim
/** Times that let leases and replays happen within a test. */
export const FAST = { ttlMs: 400, acquireMs: 50, replayMs: 50 }
export const GROUP = 'claims.adjudicate'
const SCHEMA = Buffer.from('c3010102030405060708', 'hex')

/** What one process has: its own handles on the producer's and the consumer's store, and a log. */
export type Instance = {
  readonly producer: EventStore
  readonly consumer: EventStore
  readonly log: MessageLog
  /** Where others must notice that the process is frozen before they take over. */
  readonly freeze?: () => Promise<void>
  /** Where what was said is on its way: resolves when it has reached the log. */
  readonly arrived?: () => Promise<void>
}

export type Bed = {
  /** Another process on the same stores. */
  instance(times?: LogOptions): Promise<Instance>
}

export type OpenBed = (t: TestContext) => Promise<Bed>

/** Waits for a condition that must come true. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const giveUpMs = performance.now() + 15_000
  while (!(await holds())) {
    assert.ok(performance.now() < giveUpMs, `not in time: ${what}`)
    await sleep(5)
  }
}

/** Appends one event for each key, each to a new stream; the key stands in `data`. */
export async function say(
  producer: EventStore,
  keys: readonly string[],
  type: EventType = 'ClaimSubmitted',
): Promise<void> {
  const appends = keys.map(key => {
    const event = newEvent({ type, partition: partitionFor(key), data: dataOf(key) })
    return appendOf(newStream(), [event])
  })
  const outcomes = await producer.append(appends)
  assert.ok(outcomes.every(({ status }) => status === 'appended'))
}

/** As events are stored: ten bytes that name a schema, and a body. */
function dataOf(key: string): Buffer {
  return Buffer.concat([SCHEMA, Buffer.from(key)])
}

/** `p3-a` is a key of partition 3. */
export function partitionFor(key: string): number {
  return Number(/^p(\d)/.exec(key)?.[1] ?? 0) % PARTITIONS
}

export function keyOf({ data }: Pick<Message, 'data'>): string {
  return data.toString('utf8', SCHEMA.length)
}

/** The log promises the order within each partition, and no other. */
export function byPartition(keys: readonly string[]): string[] {
  return keys.toSorted((a, b) => partitionFor(a) - partitionFor(b))
}

export function keysOf(batches: readonly Batch[]): string[] {
  return batches.flatMap(({ messages }) => messages.map(keyOf))
}

/** One effect for each message; an effect that stands already is no second one. */
export function effectsOf(messages: readonly Message[]): Append[] {
  return messages.map(message => {
    const id = uuidFrom(message.id, GROUP)
    const data = dataOf(keyOf(message))
    return appendOf(`effect-${id}`, [
      newEvent({ id, partition: message.partition, data, type: 'ClaimAdjudicated' }),
    ])
  })
}

/** Appends the effects with the progress, as consumers do. */
export async function takeEffect(
  store: EventStore,
  messages: readonly Message[],
  progress: Progress,
): Promise<void> {
  const outcomes = await store.append(effectsOf(messages), [progress])
  const refused = outcomes.find(({ status }) => status !== 'appended' && status !== 'duplicate')
  if (refused !== undefined) throw new Fault('contended', `effect is ${refused.status}`)
}

export type Recording = RunningSubscription & { readonly batches: readonly Batch[] }

/** Subscribes with effects; `before` may throw, wait or replace the handling by returning true. */
export async function record(
  { log, consumer }: Instance,
  options: {
    readonly maxBatch?: number
    readonly topic?: Topic
    readonly before?: (batch: Batch) => Promise<boolean | undefined> | boolean | undefined
  } = {},
): Promise<Recording> {
  const batches: Batch[] = []
  const running = await log.subscribe({
    group: GROUP,
    topic: options.topic ?? TOPIC,
    store: consumer,
    maxBatch: options.maxBatch ?? 100,
    handle: async batch => {
      const done = await options.before?.(batch)
      if (done !== true) await takeEffect(consumer, batch.messages, batch.progress)
      batches.push(batch)
    },
  })
  return {
    batches,
    group: running.group,
    topic: running.topic,
    fault: () => running.fault(),
    handled: () => running.handled(),
    partitions: () => running.partitions(),
    seen: () => running.seen(),
    stop: () => running.stop(),
  }
}

export async function effectsIn(consumer: EventStore): Promise<string[]> {
  const keys: string[] = []
  for (let after = 0n; ; ) {
    const page = await consumer.readAll(after, 1000)
    const last = page.at(-1)
    if (last === undefined) return keys
    keys.push(...page.map(keyOf))
    after = last.position
  }
}
