/** The producer's log as one consumer follows it: how far it goes, and its pages. */
import type { EventType } from '@tongchou/contracts/events.generated.ts'
import type { Uuid } from '@tongchou/contracts/id.ts'
import type { Topic } from '@tongchou/contracts/topics.ts'
import type { EventStore, StoredEvent } from '../event-store/port.ts'
import { Fault } from '../service/fault.ts'
import type { Message } from './port.ts'

/** What the log needs of a producer's store. */
export type LogSource = Pick<EventStore, 'readAll' | 'head' | 'onAppend'> &
  Partial<Pick<EventStore, 'readTypes'>>

/** Between two looks at the end of the log when nothing wakes us; jitter keeps consumers apart. */
const POLL_MIN_MS = 250
const POLL_MAX_MS = 1000
const RARE_PAGE = 1000

export class Source {
  readonly topic: Topic
  readonly types: ReadonlySet<EventType>
  readonly #store: LogSource
  readonly #unsubscribe: () => void
  #incarnation: Uuid | null = null
  #seen = 0n
  #nextPollMs = 0

  constructor(store: LogSource, topic: Topic, onAppend: () => void) {
    this.#store = store
    this.topic = topic
    this.types = new Set(topic.events)
    this.#unsubscribe = store.onAppend(position => {
      if (position > this.#seen) this.#seen = position
      onAppend()
    })
  }

  /** Newest position known to exist. */
  get seen(): bigint {
    return this.#seen
  }

  /** Null before the first `poll`. */
  get incarnation(): Uuid | null {
    return this.#incarnation
  }

  /** Milliseconds until `poll` is due. */
  get pollInMs(): number {
    return Math.max(0, this.#nextPollMs - performance.now())
  }

  /** Looks where the log ends. Throws Fault `incarnation` when it is another log than before. */
  async poll(): Promise<Uuid> {
    const { incarnation, position } = await this.#store.head()
    if (this.#incarnation !== null && incarnation !== this.#incarnation) {
      throw new Fault('incarnation', `${this.topic.name}: the producer's store is another one`)
    }
    this.#incarnation = incarnation
    if (position > this.#seen) this.#seen = position
    const spread = Math.random() * (POLL_MAX_MS - POLL_MIN_MS)
    this.#nextPollMs = performance.now() + POLL_MIN_MS + spread
    return incarnation
  }

  /**
   * Events right behind `after`; empty at the end. Throws Fault `hole` when one is missing (law 5).
   */
  async page(after: bigint, limit: number): Promise<readonly StoredEvent[]> {
    const page = await this.#store.readAll(after, limit, this.types)
    let expected = after + 1n
    for (const { position } of page) {
      if (position !== expected) {
        throw new Fault('hole', `${this.topic.name}: position ${expected} is missing`)
      }
      expected += 1n
    }
    return page
  }

  /**
   * Events of the topic behind `after`, up to `upTo`; null where the log cannot find them by type.
   */
  async rare(after: bigint, upTo: bigint): Promise<readonly StoredEvent[] | null> {
    if (this.topic.keyedBy !== 'broadcast' || this.#store.readTypes === undefined) return null
    return this.#store.readTypes(this.types, { after, upTo, limit: RARE_PAGE })
  }

  message(event: StoredEvent, incarnation: Uuid): Message {
    return { ...event, topic: this.topic.name, incarnation }
  }

  stop(): void {
    this.#unsubscribe()
  }
}
