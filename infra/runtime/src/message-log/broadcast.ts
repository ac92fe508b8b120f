/** A topic read by every replica from the start into memory, and then as it grows. */
import { PARTITIONS } from '@tongchou/contracts/topics.ts'
import type { StoredEvent } from '../event-store/port.ts'
import { Fault } from '../service/fault.ts'
import type { Broadcast, RunningSubscription } from './port.ts'
import { type LogSource, Source } from './source.ts'
import { Waker } from './waker.ts'

const PAGE = 2000
const RETRY_MS = 200

export class BroadcastLoop implements RunningSubscription {
  readonly group = 'broadcast'
  readonly topic: string
  readonly #broadcast: Broadcast
  readonly #source: Source
  readonly #waker = new Waker()
  readonly #done: Promise<void>
  #caughtUp: () => void = () => {}
  #failed: (error: Error) => void = () => {}
  #position = 0n
  /** False while what stood before the start is loaded by type. */
  #complete = false
  #stopping = false
  #fault: Error | null = null

  /** Settles when the topic was read to its end for the first time. */
  readonly ready: Promise<void>

  constructor(broadcast: Broadcast, source: LogSource) {
    this.#broadcast = broadcast
    this.topic = broadcast.topic.name
    this.#source = new Source(source, broadcast.topic, () => this.#waker.wake())
    this.ready = new Promise((resolve, reject) => {
      this.#caughtUp = resolve
      this.#failed = reject
    })
    this.#done = this.#run()
  }

  fault(): Error | null {
    return this.#fault
  }

  partitions(): number {
    return PARTITIONS
  }

  handled(): bigint {
    return this.#position
  }

  seen(): bigint {
    return this.#source.seen
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
        this.#fault = error instanceof Error ? error : new Error(String(error))
        if (!(error instanceof Fault) || !error.retryable) break
        await this.#waker.sleep(RETRY_MS * (0.5 + Math.random()))
      }
    }
    this.#source.stop()
    this.#failed(this.#fault ?? new Error('stopped'))
  }

  async #step(): Promise<void> {
    if (this.#source.pollInMs === 0) await this.#source.poll()
    if (this.#position >= this.#source.seen) {
      this.#caughtUp()
      return this.#waker.sleep(this.#source.pollInMs)
    }
    if (!this.#complete) return this.#loadRare()
    const page = await this.#source.page(this.#position, PAGE)
    const last = page.at(-1)?.position
    if (last !== undefined) await this.#tell(page, last)
  }

  /** The first load: by type where the log can do that, so that a long log costs no time. */
  async #loadRare(): Promise<void> {
    const upTo = this.#source.seen
    const page = await this.#source.rare(this.#position, upTo)
    this.#complete = page === null || page.length === 0
    if (page !== null) await this.#tell(page, page.at(-1)?.position ?? upTo)
  }

  async #tell(page: readonly StoredEvent[], upTo: bigint): Promise<void> {
    const incarnation = this.#source.incarnation ?? (await this.#source.poll())
    const messages = page
      .filter(({ type }) => this.#source.types.has(type))
      .map(event => this.#source.message(event, incarnation))
    if (messages.length > 0) this.#broadcast.handle(messages)
    this.#position = upTo
  }
}
