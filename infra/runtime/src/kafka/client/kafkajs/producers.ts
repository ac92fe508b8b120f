/**
 * Idempotent producers, each for some partitions: kafkajs sends to a broker one request at a time
 * for each producer. One that lost its sequence, or did not answer in time, is replaced.
 */
import type { Message, Producer } from 'kafkajs'
import type { KafkaClientOptions, KafkaRecord } from '../../client.ts'
import { within } from '../deadline.ts'
import { faultOf } from '../fault-of.ts'
import { isSequenceLost } from './guards.ts'
import { Line, retryFor } from './line.ts'

/** Of all partitions together; connections are this many for each broker. */
export const PRODUCERS = 4
const REQUEST_MS_MIN = 1000
const CLOSE_MS = 2000

type Slot = {
  readonly line: Line
  readonly producer: Promise<Producer>
  inFlight: number
  retired: boolean
}

export class Producers {
  readonly #options: KafkaClientOptions
  readonly #slots = new Map<number, Slot>()
  readonly #slotOf = new Map<string, number>()

  constructor(options: KafkaClientOptions) {
    this.#options = options
  }

  async send(topic: string, partition: number, records: readonly KafkaRecord[]): Promise<void> {
    const what = `${topic}/${partition}`
    const at = this.#slotFor(what)
    const slot = this.#slots.get(at) ?? this.#open(at)
    slot.inFlight += 1
    const { sendTimeoutMs: timeout } = this.#options
    const messages = records.map(record => messageOf(record, partition))
    try {
      const sent = slot.producer.then(producer =>
        producer.send({ topic, acks: -1, timeout, messages }),
      )
      await within(what, timeout, sent)
    } catch (error) {
      const needs = { topic: `Write on topic ${topic}` }
      const { seen } = slot.line
      const fault = faultOf(error, { what, needs, client: this.#options, seen, records })
      if (fault.retryable || isSequenceLost(error)) this.#retire(at, slot)
      throw fault
    } finally {
      slot.inFlight -= 1
      if (slot.retired && slot.inFlight === 0) end(slot)
    }
  }

  async close(): Promise<void> {
    const slots = [...this.#slots.values()]
    this.#slots.clear()
    await Promise.all(
      slots.map(async slot => {
        const ended = slot.producer.then(producer => producer.disconnect())
        await within('closing', CLOSE_MS, ended).catch(() => {})
        slot.line.cut()
      }),
    )
  }

  /** Each partition has one for good, because sequences are counted there. */
  #slotFor(what: string): number {
    const known = this.#slotOf.get(what)
    if (known !== undefined) return known
    const next = this.#slotOf.size % PRODUCERS
    this.#slotOf.set(what, next)
    return next
  }

  #open(at: number): Slot {
    const { sendTimeoutMs } = this.#options
    const requestTimeoutMs = Math.max(REQUEST_MS_MIN, Math.floor(sendTimeoutMs / 2))
    const retry = retryFor(sendTimeoutMs)
    const line = new Line({ ...this.#options, requestTimeoutMs, retry })
    const producer = line.kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      retry,
      createPartitioner: () => chosen,
    })
    const connected = producer.connect().then(() => producer)
    connected.catch(() => {}) // each send that waits for it says so
    const slot = { line, producer: connected, inFlight: 0, retired: false }
    this.#slots.set(at, slot)
    return slot
  }

  /** Sends under way may still end well; nothing new goes to it. */
  #retire(at: number, slot: Slot): void {
    slot.retired = true
    if (this.#slots.get(at) === slot) this.#slots.delete(at)
  }
}

function end(slot: Slot): void {
  slot.line.cut()
  slot.producer.then(producer => producer.disconnect()).catch(() => {})
}

/** The caller's own partition: keys are hashed nowhere here. */
function chosen({ message: { partition } }: { message: Message }): number {
  if (partition === undefined) throw new TypeError('a record without a partition')
  return partition
}

function messageOf({ key, value, headers, timestampMs }: KafkaRecord, partition: number): Message {
  return { key, value, headers, partition, timestamp: `${timestampMs}` }
}
