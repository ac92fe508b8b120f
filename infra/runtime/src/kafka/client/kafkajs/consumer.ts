/** One member of a group, reading one topic. Records are handed over at once, so it beats on. */
import type { Consumer, EachBatchPayload, IHeaders, KafkaMessage } from 'kafkajs'
import { Fault } from '../../../service/fault.ts'
import type {
  ConsumedRecord,
  ConsumeOptions,
  KafkaClientOptions,
  KafkaConsumer,
} from '../../client.ts'
import { atMost, within } from '../deadline.ts'
import { type Asked, adviceIn, faultOf, needsOf } from '../fault-of.ts'
import { Line, retryFor } from './line.ts'

/** A fetch comes back as soon as there is one byte; this is how long it waits for that byte. */
const MAX_WAIT_MS = 500
const HEARTBEAT_MS_MAX = 1000
const REQUEST_MS = 5000
/** Longer than an outage that a broker's restart makes; then it starts anew by itself. */
const OUTAGE_MS = 60_000
const REBALANCE_MS_MIN = 10_000
const METADATA_MS = 60_000
const PARTITION_BYTES = 1_200_000
const FETCH_BYTES = 8_000_000
const AT_ONCE = 8
const CLOSE_MS = 5000
const NONE: ReadonlySet<number> = new Set()

export class KafkajsConsumer implements KafkaConsumer {
  readonly #options: ConsumeOptions
  readonly #client: KafkaClientOptions
  readonly #line: Line
  readonly #consumer: Consumer
  readonly #paused = new Set<number>()
  #assigned: ReadonlySet<number> = NONE
  #faulty = false
  #gone: Error | null = null

  constructor(client: KafkaClientOptions, options: ConsumeOptions) {
    this.#client = client
    this.#options = options
    this.#line = new Line({
      ...client,
      requestTimeoutMs: REQUEST_MS,
      retry: retryFor(OUTAGE_MS),
      onLog: ({ log }) => this.#tell(`${log['broker'] ?? ''} ${log['error'] ?? log.message}`),
    })
    this.#consumer = this.#line.kafka.consumer({
      groupId: options.group,
      sessionTimeout: client.sessionTimeoutMs,
      rebalanceTimeout: Math.max(client.sessionTimeoutMs, REBALANCE_MS_MIN),
      heartbeatInterval: Math.min(HEARTBEAT_MS_MAX, Math.floor(client.sessionTimeoutMs / 3)),
      metadataMaxAge: METADATA_MS,
      allowAutoTopicCreation: false,
      minBytes: 1,
      maxWaitTimeInMs: MAX_WAIT_MS,
      maxBytesPerPartition: PARTITION_BYTES,
      maxBytes: FETCH_BYTES,
      retry: { ...retryFor(OUTAGE_MS), restartOnFailure: async () => this.#gone === null },
    })
  }

  async open(): Promise<this> {
    const { group, topic } = this.#options
    const what = `${group} of ${topic}`
    try {
      await within(what, this.#client.sendTimeoutMs, this.#connect())
    } catch (error) {
      this.#gone = new Fault('unavailable', `${what}: never opened`)
      this.#line.cut()
      this.#consumer.disconnect().catch(() => {})
      throw faultOf(error, { what, ...this.#asked, seen: this.#line.seen, retryable: true })
    }
    setImmediate(() => this.#run())
    return this
  }

  async #connect(): Promise<void> {
    await this.#consumer.connect()
    await this.#consumer.subscribe({ topics: [this.#options.topic], fromBeginning: true })
  }

  #run(): void {
    const { events } = this.#consumer
    this.#consumer.on(events.GROUP_JOIN, ({ payload }) =>
      this.#join(new Set(payload.memberAssignment[this.#options.topic] ?? [])),
    )
    this.#consumer.on(events.REQUEST, ({ payload: { apiName } }) => {
      if (apiName === 'Fetch') this.#works()
    })
    this.#consumer.on(events.REQUEST_TIMEOUT, ({ payload: { apiName, broker } }) =>
      this.#tell(`${broker}: ${apiName} was not answered`),
    )
    this.#consumer.on(events.CRASH, ({ payload: { error, restart } }) => {
      if (!restart) this.#crash(error)
    })
    this.#consumer
      .run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: AT_ONCE,
        eachBatch: async payload => this.#take(payload),
      })
      .catch((error: Error) => this.#crash(error))
  }

  pause(partition: number): void {
    this.#paused.add(partition)
    this.#consumer.pause(this.#of(partition))
  }

  resume(partition: number): void {
    this.#paused.delete(partition)
    this.#consumer.resume(this.#of(partition))
  }

  seek(partition: number, offset: bigint): void {
    if (this.#gone !== null || !this.#assigned.has(partition)) return
    this.#consumer.seek({ topic: this.#options.topic, partition, offset: `${offset}` })
  }

  async commit(next: ReadonlyMap<number, bigint>): Promise<void> {
    const { group, topic } = this.#options
    if (this.#gone !== null) {
      throw new Fault('fenced', `${group}: no member any more`, { cause: this.#gone })
    }
    const offsets = [...next]
      .filter(([partition]) => this.#assigned.has(partition))
      .map(([partition, offset]) => ({ topic, partition, offset: `${offset}` }))
    if (offsets.length === 0) return
    const what = `${group}: commit`
    try {
      await within(what, this.#client.sendTimeoutMs, this.#consumer.commitOffsets(offsets))
    } catch (error) {
      throw faultOf(error, { what, ...this.#asked, retryable: true })
    }
  }

  async close(): Promise<void> {
    this.#gone ??= new Error('closed')
    await atMost(CLOSE_MS, this.#consumer.disconnect())
    this.#line.cut()
  }

  #take({ batch, resolveOffset, isStale }: EachBatchPayload): void {
    const { partition, messages } = batch
    const passed = this.#gone !== null || isStale() || this.#paused.has(partition)
    if (passed || !this.#assigned.has(partition)) return
    resolveOffset(batch.lastOffset())
    this.#options.onRecords(partition, messages.map(recordOf))
  }

  /** What is new in it is not paused, whatever it was when it was here before. */
  #join(partitions: ReadonlySet<number>): void {
    if (this.#gone !== null) return
    for (const partition of this.#paused) {
      if (!partitions.has(partition) || !this.#assigned.has(partition)) this.resume(partition)
    }
    this.#assigned = partitions
    this.#options.onAssigned(partitions)
  }

  /** Rebalances are told as errors, too, and are none. */
  #tell(what: string): void {
    if (this.#gone !== null || /rebalanc/i.test(what)) return
    this.#faulty = true
    const { group, topic, onFault } = this.#options
    const advice = adviceIn(what, this.#asked)
    const text = `${group} of ${topic}: ${what.trim()}${advice === null ? '' : `; ${advice}`}`
    onFault(new Fault('unavailable', text))
  }

  #works(): void {
    if (!this.#faulty || this.#gone !== null) return
    this.#faulty = false
    this.#options.onFault(null)
  }

  #crash(error: Error): void {
    if (this.#gone !== null) return
    this.#gone = error
    this.#line.cut()
    const { group, topic, onCrash } = this.#options
    onCrash(faultOf(error, { what: `${group} of ${topic}`, ...this.#asked, retryable: true }))
  }

  get #asked(): Pick<Asked, 'needs' | 'client'> {
    return { needs: needsOf(this.#options), client: this.#client }
  }

  #of(partition: number): [{ topic: string; partitions: number[] }] {
    return [{ topic: this.#options.topic, partitions: [partition] }]
  }
}

function recordOf({ key, value, headers, timestamp, offset }: KafkaMessage): ConsumedRecord {
  return {
    key,
    value,
    headers: headersOf(headers),
    timestampMs: Number(timestamp),
    offset: BigInt(offset),
  }
}

/** Of a header that stands there several times the last one counts. */
function headersOf(headers: IHeaders | undefined): Readonly<Record<string, Buffer>> {
  const found: Record<string, Buffer> = {}
  for (const [name, given] of Object.entries(headers ?? {})) {
    const value = Array.isArray(given) ? given.at(-1) : given
    if (value !== undefined) found[name] = Buffer.isBuffer(value) ? value : Buffer.from(value)
  }
  return found
}
