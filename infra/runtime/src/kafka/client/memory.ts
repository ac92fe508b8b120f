/**
 * Kafka in memory, for tests: brokers shared by several clients, with the faults that real ones
 * were seen to have. Each test sets them; nothing happens by chance.
 */
import { Fault } from '../../service/fault.ts'
import type {
  ConsumedRecord,
  ConsumeOptions,
  KafkaClient,
  KafkaClientOptions,
  KafkaConsumer,
  KafkaRecord,
  OffsetRange,
  Sending,
  TopicSpec,
} from '../client.ts'
import { within } from './deadline.ts'
import { Groups, type Logs } from './memory-groups.ts'
import { oneByOne } from './one-by-one.ts'
import { refuseOtherCount } from './topics.ts'

/**
 * `refused`: not stored, and said so at once. `unanswered`: stored, but the caller hears `timeout`.
 * `in-part`: the first half stored, then `timeout`. `twice`: stored and stored again.
 * `lost`: acknowledged and not stored, as clients were seen to do when a leader died.
 */
export type SendFate = 'stored' | 'refused' | 'unanswered' | 'in-part' | 'twice' | 'lost'

export type Send = {
  readonly clientId: string
  readonly topic: string
  readonly partition: number
  readonly records: readonly KafkaRecord[]
}

type Partition = { first: bigint; readonly records: ConsumedRecord[] }
type StoredTopic = { readonly spec: TopicSpec; readonly partitions: readonly Partition[] }

export const MEMORY_OPTIONS: KafkaClientOptions = {
  brokers: ['memory:9092'],
  clientId: 'memory',
  sendTimeoutMs: 1000,
  sessionTimeoutMs: 500,
}
/** Kafka's own default of `max.message.bytes`. */
const MESSAGE_BYTES_MAX = 1_048_588

export class MemoryKafka implements Logs {
  readonly groups = new Groups(this)
  readonly #topics = new Map<string, StoredTopic>()
  #up: PromiseWithResolvers<void> | null = null
  #frozen = false

  /** Decides what becomes of each send; may wait first, also past the sender's deadline. */
  fateOf: (send: Send) => SendFate | Promise<SendFate> = () => 'stored'

  client(options: Partial<KafkaClientOptions> = {}): MemoryClient {
    return new MemoryClient(this, { ...MEMORY_OPTIONS, ...options })
  }

  /**
   * Nobody answers until `start`. What is sent to frozen brokers is stored at `start`, even past
   * its sender's deadline; what is sent to killed ones only when its sender still waits.
   */
  stop(how: 'killed' | 'frozen'): void {
    this.#frozen = how === 'frozen'
    this.#up ??= Promise.withResolvers()
    this.groups.tell(new Fault('unavailable', 'no broker answers'))
  }

  start(): void {
    this.#up?.resolve()
    this.#up = null
    this.groups.tell(null)
  }

  get running(): boolean {
    return this.#up === null
  }

  /** As retention does: records before `offset` are no longer there. */
  truncate(topic: string, partition: number, offset: bigint): void {
    const log = this.#partition(topic, partition)
    log.records.splice(0, Number(offset - log.first))
    log.first = offset
  }

  ensureTopic(spec: TopicSpec): void {
    const found = this.#topics.get(spec.name)?.spec.partitions
    if (found !== undefined) refuseOtherCount([spec], spec.name, found)
    if (this.#topics.has(spec.name)) return
    const partitions = Array.from({ length: spec.partitions }, () => ({ first: 0n, records: [] }))
    this.#topics.set(spec.name, { spec, partitions })
  }

  partitionsOf(topic: string): number {
    return this.#topic(topic).partitions.length
  }

  range(topic: string, partition: number): OffsetRange {
    const { first, records } = this.#partition(topic, partition)
    return { first, next: first + BigInt(records.length) }
  }

  read(topic: string, partition: number, from: bigint, limit: number): readonly ConsumedRecord[] {
    const { first, records } = this.#partition(topic, partition)
    const at = from < first ? 0 : Number(from - first)
    return records.slice(at, at + limit)
  }

  /** Waits while nobody answers. */
  async answering(): Promise<void> {
    while (this.#up !== null) await this.#up.promise
  }

  /** Stored late where it had reached a broker before its sender gave up. */
  async send(send: Send, givenUp: () => boolean): Promise<void> {
    const reached = this.running || this.#frozen
    await this.answering()
    if (!reached && givenUp()) return
    this.#store(send, await this.fateOf(send))
  }

  #store(send: Send, fate: SendFate): void {
    const { topic, partition, records } = send
    const name = `${topic}/${partition}`
    refuseTooLarge(this.#topic(topic).spec, records)
    if (fate === 'refused') throw new Fault('unavailable', `${name}: refused`)
    if (fate === 'lost') return
    const half = records.slice(0, Math.floor(records.length / 2))
    this.append(topic, partition, fate === 'in-part' ? half : records)
    if (fate === 'twice') this.append(topic, partition, records)
    if (fate === 'in-part' || fate === 'unanswered') {
      throw new Fault('timeout', `${name}: no answer in time`)
    }
  }

  /** Puts records there, whatever else is set: what another system wrote. */
  append(topic: string, partition: number, records: readonly KafkaRecord[]): void {
    const log = this.#partition(topic, partition)
    for (const record of records) {
      log.records.push({ ...record, offset: log.first + BigInt(log.records.length) })
    }
    this.groups.wake(topic)
  }

  #topic(name: string): StoredTopic {
    const topic = this.#topics.get(name)
    if (topic === undefined) throw new Fault('unavailable', `topic ${name} does not exist`)
    return topic
  }

  #partition(topic: string, partition: number): Partition {
    const found = this.#topic(topic).partitions[partition]
    if (found !== undefined) return found
    throw new Fault('unavailable', `topic ${topic} has no partition ${partition}`)
  }
}

function refuseTooLarge(spec: TopicSpec, records: readonly KafkaRecord[]): void {
  const limit = Number(spec.config['max.message.bytes'] ?? MESSAGE_BYTES_MAX)
  const bytes = records.reduce((sum, { value }) => sum + (value?.length ?? 0), 0)
  if (bytes <= limit) return
  const text = `topic ${spec.name}: records of ${bytes} bytes, max.message.bytes is ${limit}`
  throw new Fault('too-large', text)
}

export class MemoryClient implements KafkaClient {
  readonly #kafka: MemoryKafka
  readonly #options: KafkaClientOptions
  readonly #consumers = new Set<KafkaConsumer>()
  #dead = false

  constructor(kafka: MemoryKafka, options: KafkaClientOptions) {
    this.#kafka = kafka
    this.#options = options
  }

  /** As `kill -9` of its process: it does nothing more, and the group finds out by and by. */
  die(): void {
    this.#dead = true
    this.#kafka.groups.silence(this)
  }

  async ensureTopics(specs: readonly TopicSpec[]): Promise<void> {
    await this.#answered('topics', this.#kafka.answering())
    for (const spec of specs) this.#kafka.ensureTopic(spec)
  }

  async offsets(topic: string): Promise<ReadonlyMap<number, OffsetRange>> {
    await this.#answered(topic, this.#kafka.answering())
    const count = this.#kafka.partitionsOf(topic)
    return new Map(Array.from({ length: count }, (_, at) => [at, this.#kafka.range(topic, at)]))
  }

  async produce(topic: string, partition: number, records: readonly KafkaRecord[]): Promise<void> {
    let late = false
    const { clientId } = this.#options
    const stored = this.#kafka.send({ clientId, topic, partition, records }, () => late)
    try {
      await this.#answered(`${topic}/${partition}`, stored)
    } finally {
      late = true
    }
  }

  produceAll(sendings: readonly Sending[]): Promise<readonly (Error | null)[]> {
    return oneByOne(this, sendings)
  }

  async consume(options: ConsumeOptions): Promise<KafkaConsumer> {
    await this.#answered(options.group, this.#kafka.answering())
    const { sessionTimeoutMs } = this.#options
    const consumer = this.#kafka.groups.join(this, options, sessionTimeoutMs)
    this.#consumers.add(consumer)
    return consumer
  }

  async close(): Promise<void> {
    await Promise.all([...this.#consumers].map(consumer => consumer.close()))
  }

  /** A dead client hears nothing any more. */
  async #answered(what: string, answer: Promise<void>): Promise<void> {
    const heard = answer.then(() => (this.#dead ? new Promise<void>(() => {}) : undefined))
    await within(what, this.#options.sendTimeoutMs, heard)
  }
}
