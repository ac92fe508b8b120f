/**
 * Membership of one group: joins, beats, joins again. One whose heartbeats stop is replaced by a
 * new member, since the library says so once and then does nothing more.
 */
import { Consumer } from '@platformatic/kafka'
import { Fault } from '../../../service/fault.ts'
import type { ConsumeOptions, KafkaClientOptions } from '../../client.ts'
import { atMost, within } from '../deadline.ts'
import { faultOf, needsOf } from '../fault-of.ts'
import { settingsOf } from './settings.ts'

const ANSWER_MS = 5000
const CLOSE_MS = 5000
const HEARTBEAT_MS_MAX = 1000
const REBALANCE_MS_MIN = 10_000
const AGAIN_MS = 500
const EARLIEST = -2n

export type MemberEvents = {
  readonly onJoin: (partitions: ReadonlySet<number>) => void
  readonly onFault: (error: Error) => void
}

export class Member {
  readonly #client: KafkaClientOptions
  readonly #options: ConsumeOptions
  readonly #events: MemberEvents
  readonly #watch: NodeJS.Timeout
  #consumer: Consumer | null = null
  #openedMs = 0
  #closed = false

  constructor(client: KafkaClientOptions, options: ConsumeOptions, events: MemberEvents) {
    this.#client = client
    this.#options = options
    this.#events = events
    this.#watch = setInterval(() => this.#check(), AGAIN_MS)
    this.#open()
  }

  /** Where the partitions begin: at what is committed, else at the first record. */
  async positions(partitions: readonly number[]): Promise<ReadonlyMap<number, bigint>> {
    const { topic } = this.#options
    const topics = [{ topic, partitions: [...partitions] }]
    const committed = (await this.#need().listCommittedOffsets({ topics })).get(topic) ?? []
    const found = new Map(partitions.map(at => [at, committed[at] ?? -1n]))
    const unknown = partitions.filter(at => (found.get(at) ?? -1n) < 0n)
    for (const [at, first] of await this.first(unknown)) found.set(at, first)
    return found
  }

  async first(partitions: readonly number[]): Promise<ReadonlyMap<number, bigint>> {
    if (partitions.length === 0) return new Map()
    const { topic } = this.#options
    const found = await this.#need().listOffsets({
      topics: [topic],
      partitions: { [topic]: [...partitions] },
      timestamp: EARLIEST,
    })
    return new Map(partitions.map(at => [at, found.get(topic)?.[at] ?? 0n]))
  }

  async commit(next: ReadonlyMap<number, bigint>): Promise<void> {
    const { group, topic } = this.#options
    const offsets = [...next].map(([partition, offset]) => ({
      topic,
      partition,
      offset,
      leaderEpoch: -1,
    }))
    const what = `${group}: commit`
    try {
      const committed = this.#need().commit({ offsets })
      await within(what, this.#client.sendTimeoutMs, committed)
    } catch (error) {
      const needs = needsOf(this.#options)
      throw faultOf(error, { what, needs, client: this.#client, retryable: true })
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#watch)
    const consumer = this.#consumer
    this.#consumer = null
    if (consumer !== null) await atMost(CLOSE_MS, consumer.close(true))
  }

  #need(): Consumer {
    if (this.#consumer !== null) return this.#consumer
    throw new Fault('unavailable', `${this.#options.group}: joining anew`)
  }

  #open(): void {
    const { sessionTimeoutMs } = this.#client
    const { group, topic } = this.#options
    const consumer = new Consumer({
      ...settingsOf(this.#client, ANSWER_MS),
      groupId: group,
      sessionTimeout: sessionTimeoutMs,
      rebalanceTimeout: Math.max(sessionTimeoutMs, REBALANCE_MS_MIN),
      heartbeatInterval: Math.min(HEARTBEAT_MS_MAX, Math.floor(sessionTimeoutMs / 3)),
      autocommit: false,
    })
    this.#consumer = consumer
    this.#openedMs = performance.now()
    consumer.topics.trackAll(topic)
    consumer.on('error', error => this.#replace(consumer, error))
    consumer.on('consumer:heartbeat:error', ({ error }) => this.#tell(consumer, error))
    consumer.on('consumer:group:join', ({ assignments = [] }) => {
      if (consumer !== this.#consumer) return
      const mine = assignments.find(each => each.topic === topic)?.partitions ?? []
      this.#events.onJoin(new Set(mine))
    })
    consumer.joinGroup({}).catch((error: Error) => this.#replace(consumer, error))
  }

  #tell(consumer: Consumer, error: Error): void {
    if (consumer === this.#consumer) this.#events.onFault(error)
  }

  #replace(consumer: Consumer, error: Error): void {
    if (consumer !== this.#consumer) return
    this.#consumer = null
    this.#events.onFault(error)
    consumer.close(true).catch(() => {})
  }

  /** Opens a new member where there is none, or where the last heartbeat is a session ago. */
  #check(): void {
    if (this.#closed) return
    const consumer = this.#consumer
    if (consumer === null) {
      this.#open()
      return
    }
    const { sessionTimeoutMs } = this.#client
    const beatMs = consumer.lastHeartbeat?.getTime() ?? 0
    const silentMs = Math.min(Date.now() - beatMs, performance.now() - this.#openedMs)
    if (silentMs < 2 * Math.max(sessionTimeoutMs, REBALANCE_MS_MIN)) return
    this.#replace(consumer, new Error(`no heartbeat for ${Math.round(silentMs)} ms`))
  }
}
