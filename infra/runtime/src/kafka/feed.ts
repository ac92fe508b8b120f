/**
 * A topic as Kafka brings it to one member of a group. Records wait here, by partition, until the
 * consumer's checkpoint has passed them; what it had is dropped; what is missing is a hole: the
 * partition stands still, with an alarm, until the relay has sent it again (law 5).
 */
import type { Uuid } from '@tongchou/contracts/id.ts'
import { newUuid } from '@tongchou/contracts/id.ts'
import { TOPICS, type Topic } from '@tongchou/contracts/topics.ts'
import type { Lease } from '../event-store/port.ts'
import type { Feed, OpenFeed, Place, Places, Scan } from '../message-log/feed.ts'
import type { Message } from '../message-log/port.ts'
import { errorFrom, Fault } from '../service/fault.ts'
import type { ConsumedRecord, KafkaClient, KafkaConsumer } from './client.ts'
import { type Arrival, arrivalOf } from './wire.ts'

/** Records of one partition that may wait; then its fetching pauses until half are gone. */
const MOST_WAITING = 500
const COMMIT_MS = 500
const POLL_MS = 1000
const REOPEN_MS = 1000

type Line = {
  waiting: Arrival[]
  /** Index in `waiting` of the first that is not handled and stored. */
  first: number
  paused: boolean
  /** Offset behind the last record that is handled and stored; null while there is none. */
  next: bigint | null
  committed: bigint | null
  /** Checkpoint behind which something is missing; null while nothing is. */
  hole: bigint | null
}

type Taking = { readonly partition: number; readonly line: Line; readonly place: Place }

export class KafkaFeed implements Feed {
  readonly #client: KafkaClient
  readonly #topic: string
  readonly #passedOver: ReadonlySet<string>
  readonly #group: string | null
  readonly #wake: () => void
  readonly #lines = new Map<number, Line>()
  readonly #timer: NodeJS.Timeout
  #assigned: ReadonlySet<number> = new Set()
  #consumer: Promise<KafkaConsumer> | null = null
  #stopping = false
  /** What the member tells; what the one before ended with, until this one has joined. */
  #clientFault: Error | null = null
  #crash: Error | null = null
  #incarnation: Uuid | null = null
  #seen = 0n
  #nextPollMs = 0
  /** Where the partitions ended at the first poll; null before. */
  #ends: Map<number, bigint> | null = null
  #turn = 0

  constructor(client: KafkaClient, topic: Topic, { group, wake }: Parameters<OpenFeed>[0]) {
    this.#client = client
    this.#topic = topic.name
    this.#passedOver = passedOver(topic)
    this.#group = group
    this.#wake = wake
    this.#timer = setInterval(() => void this.#commit(), COMMIT_MS)
    this.#open()
  }

  get seen(): bigint {
    return this.#seen
  }

  get incarnation(): Uuid | null {
    return this.#incarnation
  }

  get pollInMs(): number {
    return Math.max(0, this.#nextPollMs - performance.now())
  }

  get assigned(): ReadonlySet<number> {
    return this.#assigned
  }

  get fault(): Error | null {
    for (const [partition, { hole }] of this.#lines) {
      if (hole === null) continue
      const what = `${this.#topic}: partition ${partition} has nothing right behind ${hole}`
      return new Fault('hole', `${what}; have the relay send it again: tongchou relay again --help`)
    }
    return this.#clientFault ?? this.#crash
  }

  /** The first one asks where the topic ends, which is what a broadcast waits for. */
  async poll(): Promise<void> {
    if (this.#ends === null) {
      const ranges = await this.#client.offsets(this.#topic)
      const full = [...ranges].filter(([, { first, next }]) => next > first)
      this.#ends = new Map(full.map(([partition, { next }]) => [partition, next]))
    }
    this.#nextPollMs = performance.now() + POLL_MS
  }

  async check(leases: readonly Lease[]): Promise<void> {
    for (const { incarnation } of leases) this.#sameStore(incarnation)
  }

  async next(places: Places, limit: number): Promise<Scan | null> {
    const messages: Message[] = []
    const upTo = new Map<number, bigint>()
    const lines = [...this.#lines]
    this.#turn += 1
    for (let n = 0; n < lines.length; n++) {
      const [partition, line] = lines[(n + this.#turn) % lines.length] ?? []
      const place = partition === undefined ? undefined : places.get(partition)
      if (partition === undefined || line === undefined || place === undefined) continue
      this.#dropStored(partition, line, place)
      const reached = this.#take({ partition, line, place }, messages, limit)
      if (reached > place.position) upTo.set(partition, reached)
    }
    return messages.length === 0 && upTo.size === 0 ? null : { messages, upTo }
  }

  reached(): boolean {
    if (this.#ends === null) return false
    return [...this.#ends].every(([partition, end]) => {
      const line = this.#lines.get(partition)
      return line !== undefined && (line.next ?? 0n) >= end
    })
  }

  async stop(): Promise<void> {
    this.#stopping = true
    clearInterval(this.#timer)
    await this.#commit()
    const consumer = await this.#consumer?.catch(() => null)
    await consumer?.close()
  }

  /** Takes what follows the place without removing it: until it is stored it may be asked again. */
  #take({ partition, line, place }: Taking, messages: Message[], limit: number): bigint {
    let at = place.position
    for (let n = line.first; n < line.waiting.length; n++) {
      const arrival = line.waiting[n]
      if (arrival === undefined || arrival.position <= at) continue
      if (arrival.previous > at) {
        if (at === place.position) this.#missing({ partition, line, place }, n)
        break
      }
      if (arrival.message !== null && messages.length === limit) break
      line.hole = null
      this.#sameStore(arrival.incarnation)
      if (arrival.message !== null) messages.push(arrival.message)
      at = arrival.position
    }
    return at
  }

  /** Throws away what stands behind the hole: the relay sends that again, too. */
  #missing({ partition, line, place: { position: at } }: Taking, from: number): void {
    const known = line.hole === at
    line.hole = at
    const fits = line.waiting.findIndex(
      ({ previous, position }, n) => n >= from && previous <= at && position > at,
    )
    line.waiting.splice(from, (fits < 0 ? line.waiting.length : fits) - from)
    if (fits >= 0 || known) {
      this.#wake()
      return
    }
    // The group's offset may be ahead of a checkpoint that was brought back: read all of it once.
    void this.#consumer?.then(consumer => consumer.seek(partition, 0n))
  }

  #dropStored(partition: number, line: Line, { stored }: Place): void {
    for (let arrival = line.waiting[line.first]; arrival !== undefined; ) {
      if (arrival.position > stored) break
      line.next = arrival.offset + 1n
      line.first += 1
      arrival = line.waiting[line.first]
    }
    if (line.first > MOST_WAITING / 2 || line.first === line.waiting.length) {
      line.waiting.splice(0, line.first)
      line.first = 0
    }
    if (!line.paused || line.waiting.length - line.first > MOST_WAITING / 2) return
    line.paused = false
    void this.#consumer?.then(consumer => consumer.resume(partition))
  }

  #sameStore(incarnation: Uuid | null): void {
    if (incarnation === null) return
    this.#incarnation ??= incarnation
    if (incarnation === this.#incarnation) return
    throw new Fault('incarnation', `${this.#topic}: a record is of another store than before`)
  }

  #open(): void {
    const consumer = this.#client.consume({
      group: this.#group ?? `broadcast.${newUuid()}`,
      topic: this.#topic,
      onAssigned: partitions => {
        this.#crash = null
        this.#onAssigned(partitions)
      },
      onRecords: (partition, records) => this.#onRecords(partition, records),
      onFault: error => {
        this.#clientFault = error
      },
      onCrash: error => this.#reopen(error),
    })
    this.#consumer = consumer
    consumer.catch(error => this.#reopen(error))
  }

  #reopen(error: unknown): void {
    this.#crash = errorFrom(error)
    this.#clientFault = null
    this.#onAssigned(new Set())
    if (this.#stopping) return
    setTimeout(() => {
      if (!this.#stopping) this.#open()
    }, REOPEN_MS)
  }

  #onAssigned(partitions: ReadonlySet<number>): void {
    this.#assigned = partitions
    for (const partition of this.#lines.keys()) {
      if (!partitions.has(partition)) this.#lines.delete(partition)
    }
    for (const partition of partitions) {
      if (!this.#lines.has(partition)) this.#lines.set(partition, newLine())
    }
    this.#wake()
  }

  #onRecords(partition: number, records: readonly ConsumedRecord[]): void {
    const line = this.#lines.get(partition)
    if (line === undefined) return
    for (const record of records) {
      const arrival = arrivalOf(this.#topic, record, this.#passedOver)
      line.waiting.push(arrival)
      if (arrival.position > this.#seen) this.#seen = arrival.position
    }
    if (!line.paused && line.waiting.length - line.first > MOST_WAITING) {
      line.paused = true
      void this.#consumer?.then(consumer => consumer.pause(partition))
    }
    this.#wake()
  }

  /** What is not told now is told the next time; a new member only reads a little more. */
  async #commit(): Promise<void> {
    if (this.#group === null) return
    const next = new Map<number, bigint>()
    for (const [partition, line] of this.#lines) {
      if (line.next !== null && line.next !== line.committed) next.set(partition, line.next)
    }
    if (next.size === 0) return
    try {
      await (await this.#consumer)?.commit(next)
      for (const [partition, offset] of next) {
        const line = this.#lines.get(partition)
        if (line !== undefined) line.committed = offset
      }
    } catch {
      return
    }
  }
}

/**
 * Events of the topic that the consumer did not ask for. One that this build does not know is
 * handed on: it is newer, and the consumer stops at it.
 */
function passedOver({ name, events }: Topic): ReadonlySet<string> {
  const declared = Object.values<Topic>(TOPICS).find(topic => topic.name === name)
  const others = new Set<string>(declared?.events)
  for (const type of events) others.delete(type)
  return others
}

function newLine(): Line {
  return { waiting: [], first: 0, paused: false, next: null, committed: null, hole: null }
}
