/** A topic as its producer's store holds it, read by position, page by page. */
import { assert } from '@tongchou/contracts/decision.ts'
import type { EventType } from '@tongchou/contracts/events.generated.ts'
import type { Uuid } from '@tongchou/contracts/id.ts'
import type { Topic } from '@tongchou/contracts/topics.ts'
import type { EventStore, Lease, StoredEvent } from '../event-store/port.ts'
import { Fault } from '../service/fault.ts'
import type { Feed, Places, Scan } from './feed.ts'
import type { Message } from './port.ts'

/** What the log needs of a producer's store. */
export type LogSource = Pick<EventStore, 'readAll' | 'head' | 'onAppend'> &
  Partial<Pick<EventStore, 'readTypes'>>

export type StoreFeedOptions = {
  readonly topic: Topic
  /** Rows looked at in one page. */
  readonly pageSize: number
  /** A broadcast is first read by type, where the store can do that: a long log costs no time. */
  readonly broadcast: boolean
  readonly wake: () => void
}

/** Between two looks at the end of the log when nothing wakes us; jitter keeps consumers apart. */
const POLL_MIN_MS = 250
const POLL_MAX_MS = 1000
const RARE_PAGE = 1000

export class StoreFeed implements Feed {
  readonly assigned = null
  readonly fault = null
  readonly #topic: Topic
  readonly #types: ReadonlySet<EventType>
  readonly #store: LogSource
  readonly #pageSize: number
  readonly #unsubscribe: () => void
  #incarnation: Uuid | null = null
  #seen = 0n
  #nextPollMs = 0
  /** Rows that were read and not all handed. */
  #page: readonly StoredEvent[] = []
  /** True while what stood before the start is loaded by type. */
  #byType: boolean

  constructor(store: LogSource, { topic, pageSize, broadcast, wake }: StoreFeedOptions) {
    this.#store = store
    this.#topic = topic
    this.#types = new Set(topic.events)
    this.#pageSize = pageSize
    this.#byType = broadcast && topic.keyedBy === 'broadcast' && store.readTypes !== undefined
    this.#unsubscribe = store.onAppend(position => {
      if (position > this.#seen) this.#seen = position
      wake()
    })
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

  async poll(): Promise<void> {
    const { incarnation, position } = await this.#store.head()
    if (this.#incarnation !== null && incarnation !== this.#incarnation) {
      throw new Fault('incarnation', `${this.#topic.name}: the producer's store is another one`)
    }
    this.#incarnation = incarnation
    if (position > this.#seen) this.#seen = position
    const spread = Math.random() * (POLL_MAX_MS - POLL_MIN_MS)
    this.#nextPollMs = performance.now() + POLL_MIN_MS + spread
  }

  async check(leases: readonly Lease[]): Promise<void> {
    await this.poll()
    for (const { incarnation, position } of leases) {
      if (incarnation !== null && incarnation !== this.#incarnation) {
        throw new Fault('incarnation', `${this.#topic.name}: the checkpoint is of another store`)
      }
      if (position > this.#seen) {
        throw new Fault('hole', `${this.#topic.name}: the log ends before ${position}`)
      }
    }
  }

  async next(places: Places, limit: number): Promise<Scan | null> {
    const after = leastOf(places)
    if (after >= this.#seen) return null
    if (this.#byType) return this.#nextByType(places, after)
    const page = await this.#rowsBehind(after)
    if (page.length === 0) return null
    const messages: Message[] = []
    let upTo = after
    for (const event of page) {
      const place = this.#types.has(event.type) ? places.get(event.partition) : undefined
      if (place !== undefined && event.position > place.position) {
        if (messages.length === limit) break
        messages.push(this.#message(event))
      }
      upTo = event.position
    }
    return { messages, upTo: allTo(places, upTo) }
  }

  reached(places: Places): boolean {
    return this.#incarnation !== null && leastOf(places) >= this.#seen
  }

  async stop(): Promise<void> {
    this.#unsubscribe()
  }

  async #nextByType(places: Places, after: bigint): Promise<Scan> {
    const upTo = this.#seen
    const range = { after, upTo, limit: RARE_PAGE }
    const page = (await this.#store.readTypes?.(this.#types, range)) ?? []
    this.#byType = page.length > 0
    const messages = page.map(event => this.#message(event))
    return { messages, upTo: allTo(places, page.at(-1)?.position ?? upTo) }
  }

  async #rowsBehind(after: bigint): Promise<readonly StoredEvent[]> {
    const first = this.#page[0]?.position ?? 0n
    const known = after + 1n - first
    if (known >= 0n && known < this.#page.length) return this.#page.slice(Number(known))
    this.#page = await this.#store.readAll(after, this.#pageSize, this.#types)
    let expected = after + 1n
    for (const { position } of this.#page) {
      if (position !== expected) {
        this.#page = []
        throw new Fault('hole', `${this.#topic.name}: position ${expected} is missing`)
      }
      expected += 1n
    }
    return this.#page
  }

  #message(event: StoredEvent): Message {
    assert(this.#incarnation !== null, 'the log was looked at before it is read')
    return { ...event, topic: this.#topic.name, incarnation: this.#incarnation }
  }
}

function leastOf(places: Places): bigint {
  let least: bigint | null = null
  for (const { position } of places.values()) {
    if (least === null || position < least) least = position
  }
  return least ?? 0n
}

function allTo(places: Places, upTo: bigint): ReadonlyMap<number, bigint> {
  return new Map([...places].filter(([, at]) => at.position < upTo).map(([p]) => [p, upTo]))
}
