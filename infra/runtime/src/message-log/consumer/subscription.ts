/**
 * One consumer's loop over a topic. One batch at a time: progress of every partition held goes with
 * it, messages of others are passed over, keys that are parked are named, and what fails is tried
 * again or stops the loop.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { assert } from '@tongchou/contracts/decision.ts'
import type { Uuid } from '@tongchou/contracts/id.ts'
import type { Lease, PartitionProgress, StoredEvent } from '../../event-store/port.ts'
import { backoffMs } from '../../postgres/retry.ts'
import { Fault, type FaultCode } from '../../service/fault.ts'
import type { Batch, RunningSubscription, Subscription } from '../port.ts'
import { type LogSource, Source } from '../source.ts'
import { Waker } from '../waker.ts'
import { type Held, Leases, type SubscriptionTimes } from './leases.ts'
import { ParkedKeys } from './parked-keys.ts'
import { type Scan, Scanner } from './scan.ts'

/** Only people can mend these: the consumer stops, gives its partitions back and reports. */
const FATAL: ReadonlySet<FaultCode> = new Set(['hole', 'incarnation', 'newer-schema', 'altered'])
/** A busy machine takes long for each batch: then pauses are as long, batches grow, load falls. */
const LONGEST_LINGER_MS = 50
const BACKOFF_MAX_MS = 2000

export class SubscriptionLoop implements RunningSubscription {
  readonly group: string
  readonly topic: string
  readonly #subscription: Subscription
  readonly #times: SubscriptionTimes
  readonly #source: Source
  readonly #leases: Leases
  readonly #parked: ParkedKeys
  readonly #scanner: Scanner
  readonly #waker = new Waker()
  readonly #done: Promise<void>
  #stopping = false
  #fault: Error | null = null
  #failures = 0
  #errors = 0
  /** Leases whose checkpoints were not compared with the log yet. */
  #taken: Lease[] = []
  /** Messages still to be handed one by one, because a holder died over one of them. */
  #cautious = 0
  /** The message that was handed alone, and how often a holder had died over it before. */
  #alone: { readonly position: bigint; readonly crashes: number } | null = null
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
    this.#scanner = new Scanner(this.#source, times.pageSize)
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
    const limit = this.#cautious > 0 ? 1 : this.#subscription.maxBatch
    const scan = await this.#scanner.next(this.handled(), this.#leases.held, limit)
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

  async #handle({ messages, upTo }: Scan): Promise<void> {
    const [first] = messages
    const crashes = this.#cautious > 0 && first !== undefined ? await this.#crashesOver(first) : 0
    const startedMs = performance.now()
    await this.#hand(messages, this.#moving(messages, upTo), { upTo, crashes })
    const tookMs = performance.now() - startedMs
    for (const held of this.#leases.held.values()) {
      if (held.position < upTo) held.position = upTo
    }
    const { lingerMs = 0, maxBatch } = this.#subscription
    const lingers = this.#cautious === 0 && messages.length < maxBatch && !this.#stopping
    if (lingerMs > 0 && lingers) {
      await sleep(Math.max(lingerMs, Math.min(tookMs, LONGEST_LINGER_MS)))
    }
    this.#cautious = Math.max(0, this.#cautious - messages.length)
  }

  /**
   * Checkpoints that go with a batch: those of its partitions, and from time to time all, so that a
   * batch of few messages costs few rows. A checkpoint left behind has no message before our place.
   */
  #moving(messages: readonly StoredEvent[], upTo: bigint): readonly (readonly [number, Held])[] {
    const touched = new Set(messages.map(({ partition }) => partition))
    const all = performance.now() >= this.#nextIdleProgressMs
    if (all) this.#nextIdleProgressMs = performance.now() + this.#times.idleProgressMs
    return [...this.#leases.held].filter(
      ([partition, { position }]) => position < upTo && (all || touched.has(partition)),
    )
  }

  /** Notes that the message is about to be handled alone: a death over it is then known as one. */
  async #crashesOver({ partition, position }: StoredEvent): Promise<number> {
    if (this.#alone?.position === position) return this.#alone.crashes
    const epoch = this.#leases.held.get(partition)?.epoch ?? 0
    const { group, topic, store } = this.#subscription
    const lease = { group, topic: topic.name, partition, epoch }
    this.#alone = { position, crashes: await store.progress.attempt(lease, position) }
    return this.#alone.crashes
  }

  async #moveOnly(): Promise<void> {
    const behind = [...this.#leases.held].filter(([, held]) => held.stored < held.position)
    const upTo = this.handled()
    await this.#hand(
      [],
      behind.filter(([, held]) => held.stored < upTo),
      { upTo, crashes: 0 },
    )
    this.#nextIdleProgressMs = performance.now() + this.#times.idleProgressMs
  }

  async #hand(
    messages: readonly StoredEvent[],
    partitions: readonly (readonly [number, Held])[],
    { upTo, crashes }: { readonly upTo: bigint; readonly crashes: number },
  ): Promise<void> {
    const incarnation = await this.#incarnation()
    const positions = partitions.map(([partition, { epoch, stored }]) => {
      return { partition, epoch, position: upTo, from: stored }
    })
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
    }
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
        { partition: due.partition, epoch, position: stored, from: stored },
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
    this.#scanner.forget()
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
    await this.#waker.sleep(backoffMs(this.#failures, BACKOFF_MAX_MS))
  }

  #name(): string {
    return `${this.#subscription.group} on ${this.#subscription.topic.name}`
  }
}
