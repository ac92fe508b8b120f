/** A topic read by every replica from the start into memory, and then as it grows. */
import { PARTITIONS } from '@tongchou/contracts/topics.ts'
import { errorFrom, Fault } from '../service/fault.ts'
import type { Feed, OpenFeed, Place } from './feed.ts'
import type { Broadcast, RunningSubscription } from './port.ts'
import { Waker } from './waker.ts'

const PAGE = 2000
const RETRY_MS = 200
const START: Place = { position: 0n, stored: 0n }

export class BroadcastLoop implements RunningSubscription {
  readonly group = 'broadcast'
  readonly topic: string
  readonly #broadcast: Broadcast
  readonly #feed: Feed
  readonly #waker = new Waker()
  readonly #done: Promise<void>
  readonly #places = new Map(Array.from({ length: PARTITIONS }, (_, n) => [n, START]))
  #caughtUp: () => void = () => {}
  #failed: (error: Error) => void = () => {}
  #stopping = false
  #fault: Error | null = null

  /** Settles when the topic was read to its end for the first time. */
  readonly ready: Promise<void>

  constructor(broadcast: Broadcast, open: OpenFeed) {
    this.#broadcast = broadcast
    this.topic = broadcast.topic.name
    this.#feed = open({ group: null, wake: () => this.#waker.wake() })
    this.ready = new Promise((resolve, reject) => {
      this.#caughtUp = resolve
      this.#failed = reject
    })
    this.#done = this.#run()
  }

  fault(): Error | null {
    return this.#fault ?? this.#feed.fault
  }

  partitions(): number {
    return PARTITIONS
  }

  handled(): bigint {
    const partitions = [...(this.#feed.assigned ?? this.#places.keys())]
    const positions = partitions.map(partition => this.#places.get(partition)?.position ?? 0n)
    return positions.sort((a, b) => Number(a - b))[0] ?? 0n
  }

  seen(): bigint {
    return this.#feed.seen
  }

  async stop(): Promise<void> {
    this.#stopping = true
    this.#waker.wake()
    await this.#done
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      try {
        await this.#step()
        this.#fault = null
      } catch (error) {
        this.#fault = errorFrom(error)
        if (!(error instanceof Fault) || !error.retryable) break
        await this.#waker.sleep(RETRY_MS * (0.5 + Math.random()))
      }
    }
    await this.#feed.stop()
    this.#failed(this.#fault ?? new Error('stopped'))
  }

  async #step(): Promise<void> {
    if (this.#feed.pollInMs === 0) await this.#feed.poll()
    const scan = await this.#feed.next(this.#places, PAGE)
    if (scan !== null) {
      if (scan.messages.length > 0) this.#broadcast.handle(scan.messages)
      for (const [partition, position] of scan.upTo) {
        this.#places.set(partition, { position, stored: position })
      }
    }
    if (this.#feed.reached(this.#places)) this.#caughtUp()
    if (scan === null) await this.#waker.sleep(Math.max(1, this.#feed.pollInMs))
  }
}
