/**
 * One consumer's loop over a topic. One batch at a time: progress of every partition held goes with
 * it, messages of others are passed over, keys that are parked are named, and what fails is tried
 * again or stops the loop.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { assert } from '@tongchou/contracts/decision.ts'
import type { Uuid } from '@tongchou/contracts/id.ts'
import type { Lease, PartitionProgress } from '../../event-store/port.ts'
import { backoffMs } from '../../postgres/retry.ts'
import { errorFrom, Fault, type FaultCode } from '../../service/fault.ts'
import type { Feed, OpenFeed, Scan } from '../feed.ts'
import type { Batch, Message, RunningSubscription, Subscription } from '../port.ts'
import { Waker } from '../waker.ts'
import { type Held, Leases, type SubscriptionTimes } from './leases.ts'
import { ParkedKeys } from './parked-keys.ts'

/** Only people can mend these: the consumer stops, gives its partitions back and reports. */
const FATAL: ReadonlySet<FaultCode> = new Set(['hole', 'incarnation', 'newer-schema', 'altered'])
/** A busy machine takes long for each batch: then pauses are as long, batches grow, load falls. */
const LONGEST_LINGER_MS = 50
const BACKOFF_MAX_MS = 2000

type Move = { readonly partition: number; readonly held: Held; readonly to: bigint }

export class SubscriptionLoop implements RunningSubscription {
  readonly group: string
  readonly topic: string
  readonly #subscription: Subscription
  readonly #times: SubscriptionTimes
  readonly #feed: Feed
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
  /** Messages still to be handed one by one, because a holder died over one of them. */
  #cautious = 0
  /** The message that was handed alone, and how often a holder had died over it before. */
  #alone: { readonly position: bigint; readonly crashes: number } | null = null
  #nextIdleProgressMs = 0

  constructor(
    subscription: Subscription,
    open: OpenFeed,
    { owner, ...times }: SubscriptionTimes & { readonly owner: string },
  ) {
    assert(subscription.maxBatch > 0, 'a batch holds at least one message')
    const { group, topic, store } = subscription
    this.group = group
    this.topic = topic.name
    this.#subscription = subscription
    this.#times = times
    this.#feed = open({ group, wake: () => this.#waker.wake() })
    this.#leases = new Leases(store.progress, { group, topic, owner }, times, this.#feed)
    this.#parked = new ParkedKeys(store.progress, group, topic.name)
    this.#done = this.#run()
  }

  fault(): Error | null {
    return this.#fault ?? this.#feed.fault
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
        this.#failures = 0
        this.#errors = 0
      } catch (error) {
        await this.#recover(error)
      }
    }
    await this.#leases.leave().catch(() => {}) // they run out by themselves
    await this.#feed.stop()
  }

  async #step(): Promise<void> {
    if (this.#feed.pollInMs === 0) await this.#feed.poll()
    this.#taken.push(...(await this.#leases.balance()))
    if (this.#taken.length > 0) await this.#begin()
    if (this.#leases.held.size === 0) return this.#waker.sleep(this.#sleepMs())
    if (await this.#replay()) return
    const limit = this.#cautious > 0 ? 1 : this.#subscription.maxBatch
    const scan = await this.#feed.next(this.#leases.held, limit)
    if (scan === null) return this.#idle()
    if (scan.messages.length > 0) return this.#handle(scan)
    this.#advance(scan)
    if (this.#progressInMs() === 0) await this.#moveOnly()
  }

  /** Checks what stands in the checkpoints of partitions just taken against the log. */
  async #begin(): Promise<void> {
    await this.#feed.check(this.#taken)
    if (this.#taken.some(({ crashes }) => crashes > 0)) {
      this.#cautious = this.#subscription.maxBatch
    }
    await this.#parked.load(new Set(this.#leases.held.keys()))
    this.#taken = []
  }

  async #handle(scan: Scan): Promise<void> {
    const { messages } = scan
    const [first] = messages
    const crashes = this.#cautious > 0 && first !== undefined ? await this.#crashesOver(first) : 0
    const startedMs = performance.now()
    await this.#hand(messages, this.#moving(scan), crashes)
    const tookMs = performance.now() - startedMs
    this.#advance(scan)
    const { maxBatch } = this.#subscription
    const lingerMs = Math.max(this.#subscription.lingerMs ?? 0, this.#times.lingerMs)
    const lingers = this.#cautious === 0 && messages.length < maxBatch && !this.#stopping
    if (lingerMs > 0 && lingers) {
      await sleep(Math.max(lingerMs, Math.min(tookMs, LONGEST_LINGER_MS)))
    }
    this.#cautious = Math.max(0, this.#cautious - messages.length)
  }

  #advance({ upTo }: Scan): void {
    for (const [partition, position] of upTo) {
      const held = this.#leases.held.get(partition)
      if (held !== undefined && held.position < position) held.position = position
    }
  }

  /**
   * Checkpoints that go with a batch: those of its partitions, and from time to time all, so that a
   * batch of few messages costs few rows. A checkpoint left behind has no message before our place.
   */
  #moving({ messages, upTo }: Scan): readonly Move[] {
    const touched = new Set(messages.map(({ partition }) => partition))
    const all = performance.now() >= this.#nextIdleProgressMs
    if (all) this.#nextIdleProgressMs = performance.now() + this.#times.idleProgressMs
    return [...this.#leases.held].flatMap(([partition, held]) => {
      const to = upTo.get(partition) ?? held.position
      return held.stored < to && (all || touched.has(partition)) ? [{ partition, held, to }] : []
    })
  }

  /** Notes that the message is about to be handled alone: a death over it is then known as one. */
  async #crashesOver({ partition, position }: Message): Promise<number> {
    if (this.#alone?.position === position) return this.#alone.crashes
    const epoch = this.#leases.held.get(partition)?.epoch ?? 0
    const { group, topic, store } = this.#subscription
    const lease = { group, topic: topic.name, partition, epoch }
    this.#alone = { position, crashes: await store.progress.attempt(lease, position) }
    return this.#alone.crashes
  }

  async #moveOnly(): Promise<void> {
    const behind = [...this.#leases.held].filter(([, held]) => held.stored < held.position)
    await this.#hand(
      [],
      behind.map(([partition, held]) => ({ partition, held, to: held.position })),
      0,
    )
    this.#nextIdleProgressMs = performance.now() + this.#times.idleProgressMs
  }

  async #hand(
    messages: readonly Message[],
    moves: readonly Move[],
    crashes: number,
  ): Promise<void> {
    const positions = moves.map(({ partition, held: { epoch, stored }, to }) => {
      return { partition, epoch, position: to, from: stored }
    })
    await this.#deliver({
      messages,
      progress: this.#progress(this.#feed.incarnation, positions),
      parkedKeys: this.#parked.keys,
      replay: null,
      crashes,
    })
    for (const { held, to } of moves) {
      held.position = to
      held.stored = to
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
    const incarnation = this.#known(this.#feed.incarnation ?? lease.incarnation)
    await this.#deliver({
      messages: rows.map(({ event }) => ({ ...event, topic: this.topic, incarnation })),
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

  #progress(from: Uuid | null, positions: readonly PartitionProgress[]): Batch['progress'] {
    const { group, topic } = this.#subscription
    return { group, topic: topic.name, incarnation: this.#known(from), positions }
  }

  #known(incarnation: Uuid | null): Uuid {
    assert(incarnation !== null, `${this.topic} moves only by what was seen of its producer`)
    return incarnation
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
    const behind = [...this.#leases.held.values()].some(({ stored, position }) => stored < position)
    return behind ? Math.max(0, this.#nextIdleProgressMs - performance.now()) : null
  }

  #sleepMs(): number {
    const times = [
      this.#feed.pollInMs,
      this.#leases.acquireInMs,
      this.#leases.held.size === 0 ? null : this.#progressInMs(),
      this.#parked.lookInMs(this.#times.replayMs),
    ]
    return Math.max(1, Math.min(...times.filter(time => time !== null)))
  }

  async #recover(error: unknown): Promise<void> {
    this.#fault = errorFrom(error)
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
}
