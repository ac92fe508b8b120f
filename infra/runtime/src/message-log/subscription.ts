/**
 * One consumer's loop over a topic. One batch at a time: progress of every partition held goes with
 * it, messages of others are passed over, keys that are parked are named, and what fails is tried
 * again or stops the loop.
 */
import { assert } from '@tongchou/contracts/decision.ts'
import type { Uuid } from '@tongchou/contracts/id.ts'
import type { Lease, PartitionProgress, StoredEvent } from '../event-store/port.ts'
import { Fault, type FaultCode } from '../service/fault.ts'
import { type Held, Leases, type LeaseTimes } from './leases.ts'
import { ParkedKeys } from './parked-keys.ts'
import type { Batch, RunningSubscription, Subscription } from './port.ts'
import { type LogSource, Source } from './source.ts'
import { Waker } from './waker.ts'

/** Only people can mend these: the consumer stops, gives its partitions back and reports. */
const FATAL: ReadonlySet<FaultCode> = new Set(['hole', 'incarnation', 'newer-schema', 'altered'])
const BACKOFF_MIN_MS = 20
const BACKOFF_MAX_MS = 2000

export type SubscriptionTimes = LeaseTimes & {
  /** Rows of the log looked at in one page. */
  readonly pageSize: number
  /** Between two moves of the checkpoint when there is nothing to handle. */
  readonly idleProgressMs: number
  /** Between two looks for parked keys that are to be replayed, while some are parked. */
  readonly replayMs: number
  /** Errors in a row that are not faults of the world, before the consumer stops. */
  readonly maxErrors: number
}

type Scan = { readonly messages: readonly StoredEvent[]; readonly upTo: bigint }

export class SubscriptionLoop implements RunningSubscription {
  readonly group: string
  readonly topic: string
  readonly #subscription: Subscription
  readonly #times: SubscriptionTimes
  readonly #source: Source
  readonly #leases: Leases
  readonly #parked: ParkedKeys
  readonly #waker = new Waker()
  readonly #done: Promise<void>
  #stopping = false
  #fault: Error | null = null
  #failures = 0
  #errors = 0
  /** Leases whose checkpoints were not compared with the log yet. */
  #taken: Lease[] = []
  /** Rows that were read and not all handed. */
  #page: readonly StoredEvent[] = []
  /** Messages still to be handed one by one, because a holder died over one of them. */
  #cautious = 0
  #nextIdleProgressMs = 0

  constructor(
    subscription: Subscription,
    source: LogSource,
    { owner, ...times }: SubscriptionTimes & { readonly owner: string },
  ) {
    assert(subscription.maxBatch > 0, 'a batch holds at least one message')
    const { group, topic, store } = subscription
    this.group = group
    this.topic = topic.name
    this.#subscription = subscription
    this.#times = times
    this.#source = new Source(source, topic, () => this.#waker.wake())
    this.#leases = new Leases(store.progress, { group, topic, owner }, times)
    this.#parked = new ParkedKeys(store.progress, group, topic.name)
    this.#done = this.#run()
  }

  fault(): Error | null {
    return this.#fault
  }

  partitions(): number {
    return this.#leases.held.size
  }

  handled(): bigint {
    let least: bigint | null = null
    for (const { position } of this.#leases.held.values()) {
      if (least === null || position < least) least = position
    }
    return least ?? 0n
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
        this.#failures = 0
        this.#errors = 0
      } catch (error) {
        await this.#recover(error)
      }
    }
    this.#source.stop()
    await this.#leases.leave().catch(() => {}) // they run out by themselves
  }

  async #step(): Promise<void> {
    if (this.#source.pollInMs === 0) await this.#source.poll()
    this.#taken.push(...(await this.#leases.balance()))
    if (this.#taken.length > 0) await this.#begin()
    if (this.#leases.held.size === 0) return this.#waker.sleep(this.#sleepMs())
    if (await this.#replay()) return
    const scan = await this.#scan()
    if (scan === null) return this.#idle()
    if (scan.messages.length > 0) return this.#handle(scan)
    for (const held of this.#leases.held.values()) {
      if (held.position < scan.upTo) held.position = scan.upTo
    }
    if (this.#progressInMs() === 0) await this.#moveOnly()
  }

  /** Checks what stands in the checkpoints of partitions just taken against the log. */
  async #begin(): Promise<void> {
    const incarnation = await this.#source.poll()
    for (const lease of this.#taken) {
      if (lease.incarnation !== null && lease.incarnation !== incarnation) {
        throw new Fault('incarnation', `${this.#name()}: the checkpoint is of another store`)
      }
      if (lease.position > this.#source.seen) {
        throw new Fault('hole', `${this.#name()}: the log ends before ${lease.position}`)
      }
      if (lease.crashes > 0) this.#cautious = this.#subscription.maxBatch
    }
    await this.#parked.load(new Set(this.#leases.held.keys()))
    this.#taken = []
  }

  /** The next messages for us, or how far there are none; null at the end of the log. */
  async #scan(): Promise<Scan | null> {
    const after = this.handled()
    if (after >= this.#source.seen) return null
    const page = await this.#rowsBehind(after)
    if (page.length === 0) return null
    const limit = this.#cautious > 0 ? 1 : this.#subscription.maxBatch
    const messages: StoredEvent[] = []
    let upTo = after
    for (const event of page) {
      if (this.#isOurs(event)) {
        if (messages.length === limit) break
        messages.push(event)
      }
      upTo = event.position
    }
    return { messages, upTo }
  }

  async #rowsBehind(after: bigint): Promise<readonly StoredEvent[]> {
    const first = this.#page[0]?.position ?? 0n
    const known = after + 1n - first
    if (known >= 0n && known < this.#page.length) return this.#page.slice(Number(known))
    this.#page = await this.#source.page(after, this.#times.pageSize)
    return this.#page
  }

  #isOurs({ type, partition, position }: StoredEvent): boolean {
    if (!this.#source.types.has(type)) return false
    const held = this.#leases.held.get(partition)
    return held !== undefined && position > held.position
  }

  async #handle({ messages, upTo }: Scan): Promise<void> {
    const behind = [...this.#leases.held].filter(([, held]) => held.position < upTo)
    const crashes = Math.max(0, ...behind.map(([, held]) => held.crashes))
    await this.#hand(messages, behind, { upTo, crashes })
    this.#cautious = Math.max(0, this.#cautious - messages.length)
  }

  async #moveOnly(): Promise<void> {
    const behind = [...this.#leases.held].filter(([, held]) => held.stored < held.position)
    const upTo = this.handled()
    await this.#hand(
      [],
      behind.filter(([, held]) => held.stored < upTo),
      { upTo, crashes: 0 },
    )
  }

  async #hand(
    messages: readonly StoredEvent[],
    partitions: readonly (readonly [number, Held])[],
    { upTo, crashes }: { readonly upTo: bigint; readonly crashes: number },
  ): Promise<void> {
    const incarnation = await this.#incarnation()
    const positions = partitions.map(([partition, { epoch }]) => ({
      partition,
      epoch,
      position: upTo,
    }))
    await this.#deliver({
      messages: messages.map(event => this.#source.message(event, incarnation)),
      progress: this.#progress(incarnation, positions),
      parkedKeys: this.#parked.keys,
      replay: null,
      crashes,
    })
    for (const [, held] of partitions) {
      held.position = upTo
      held.stored = upTo
      held.crashes = 0
    }
    this.#nextIdleProgressMs = performance.now() + this.#times.idleProgressMs
  }

  /** Hands the oldest messages of a key that is to be replayed; true when there was one. */
  async #replay(): Promise<boolean> {
    const held = this.#leases.held
    if (this.#parked.lookInMs(this.#times.replayMs) === 0)
      await this.#parked.load(new Set(held.keys()))
    const due = this.#parked.due
    if (due === null) return false
    const lease = held.get(due.partition)
    const rows = await this.#parked.rows(due, this.#subscription.maxBatch)
    if (lease === undefined || rows.length === 0) {
      this.#parked.forget()
      return false
    }
    const { epoch, stored } = lease
    const incarnation = await this.#incarnation()
    await this.#deliver({
      messages: rows.map(({ event }) => this.#source.message(event, incarnation)),
      progress: this.#progress(incarnation, [
        { partition: due.partition, epoch, position: stored },
      ]),
      parkedKeys: this.#parked.keys,
      replay: rows,
      crashes: 0,
    })
    this.#parked.forget()
    return true
  }

  async #deliver(batch: Batch): Promise<void> {
    await this.#subscription.handle(batch)
    if (this.#parked.changed) await this.#parked.load(new Set(this.#leases.held.keys()))
  }

  #progress(incarnation: Uuid, positions: readonly PartitionProgress[]): Batch['progress'] {
    const { group, topic } = this.#subscription
    return { group, topic: topic.name, incarnation, positions }
  }

  async #incarnation(): Promise<Uuid> {
    return this.#source.incarnation ?? this.#source.poll()
  }

  async #idle(): Promise<void> {
    if (this.#progressInMs() === 0) await this.#moveOnly()
    else await this.#waker.sleep(this.#sleepMs())
  }

  /**
   * Milliseconds until the checkpoint is to be moved without messages; null when it stands where we
   * are.
   */
  #progressInMs(): number | null {
    const upTo = this.handled()
    const behind = [...this.#leases.held.values()].some(({ stored }) => stored < upTo)
    return behind ? Math.max(0, this.#nextIdleProgressMs - performance.now()) : null
  }

  #sleepMs(): number {
    const times = [
      this.#source.pollInMs,
      this.#leases.acquireInMs,
      this.#leases.held.size === 0 ? null : this.#progressInMs(),
      this.#parked.lookInMs(this.#times.replayMs),
    ]
    return Math.max(1, Math.min(...times.filter(time => time !== null)))
  }

  async #recover(error: unknown): Promise<void> {
    this.#fault = error instanceof Error ? error : new Error(String(error))
    this.#page = []
    if (error instanceof Fault && error.code === 'fenced') {
      await this.#leases.drop().catch(() => {})
    } else if (error instanceof Fault && FATAL.has(error.code)) {
      this.#stopping = true
    } else if (!(error instanceof Fault) || !error.retryable) {
      this.#errors += 1
      if (this.#errors >= this.#times.maxErrors) this.#stopping = true
    }
    if (this.#stopping) return
    this.#failures += 1
    await this.#waker.sleep(backoffMs(this.#failures))
  }

  #name(): string {
    return `${this.#subscription.group} on ${this.#subscription.topic.name}`
  }
}

function backoffMs(failures: number): number {
  const delay = Math.min(BACKOFF_MAX_MS, BACKOFF_MIN_MS * 2 ** Math.min(failures, 16))
  return delay * (0.5 + Math.random() / 2)
}
