/**
 * The producer that sends now. One that failed or did not answer in time is replaced, since its
 * retries go on without end and may go to a broker that is frozen.
 */
import { type MessageToProduce, ProduceAcks, Producer } from '@platformatic/kafka'
import type { KafkaClientOptions, KafkaRecord, Sending } from '../../client.ts'
import { atMost, within } from '../deadline.ts'
import { faultOf } from '../fault-of.ts'
import { seenBy, settingsOf } from './settings.ts'

const CLOSE_MS = 2000
const ANSWER_MS_MIN = 1000
type Holder = { readonly producer: Producer; inFlight: number; retired: boolean }

export class Sender {
  readonly #options: KafkaClientOptions
  #holder: Holder | null = null

  constructor(options: KafkaClientOptions) {
    this.#options = options
  }

  /** Records of each in order; all are acknowledged when it comes back. */
  async send(sendings: readonly Sending[]): Promise<void> {
    const what = sendings.map(({ topic, partition }) => `${topic}/${partition}`).join(', ')
    const holder = this.#current()
    holder.inFlight += 1
    const messages = sendings.flatMap(({ topic, partition, records }) =>
      records.map(record => messageOf(topic, partition, record)),
    )
    try {
      const sent = holder.producer.send({ messages, acks: ProduceAcks.ALL, idempotent: true })
      await within(what, this.#options.sendTimeoutMs, sent)
    } catch (error) {
      const topics = new Set(sendings.map(({ topic }) => topic))
      const needs = { topic: `Write on topic ${[...topics].join(', ')}` }
      const records = sendings.flatMap(sending => sending.records)
      const seen = seenBy(holder.producer, this.#options.sendTimeoutMs)
      const fault = faultOf(error, { what, needs, client: this.#options, records, seen })
      if (fault.retryable) this.#retire(holder)
      throw fault
    } finally {
      holder.inFlight -= 1
      if (holder.retired && holder.inFlight === 0) end(holder.producer)
    }
  }

  async close(): Promise<void> {
    const holder = this.#holder
    this.#holder = null
    if (holder !== null) await atMost(CLOSE_MS, holder.producer.close())
  }

  #current(): Holder {
    if (this.#holder !== null) return this.#holder
    const { sendTimeoutMs } = this.#options
    const answerMs = Math.max(ANSWER_MS_MIN, Math.floor(sendTimeoutMs / 2))
    const producer = new Producer({ ...settingsOf(this.#options, answerMs), idempotent: true })
    producer.on('error', () => {}) // each send says so itself
    this.#holder = { producer, inFlight: 0, retired: false }
    return this.#holder
  }

  #retire(holder: Holder): void {
    holder.retired = true
    if (this.#holder === holder) this.#holder = null
  }
}

function end(producer: Producer): void {
  producer.close().catch(() => {})
}

/** Keys of headers are bytes, too: with a text and no serializer the library hangs. */
function messageOf(topic: string, partition: number, record: KafkaRecord): MessageToProduce {
  const { key, value, headers, timestampMs } = record
  const message: MessageToProduce = { topic, partition, timestamp: BigInt(timestampMs) }
  if (key !== null) message.key = key
  if (value !== null) message.value = value
  message.headers = new Map(
    Object.entries(headers).map(([name, bytes]) => [Buffer.from(name), bytes]),
  )
  return message
}
