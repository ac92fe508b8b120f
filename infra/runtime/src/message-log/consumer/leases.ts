/**
 * The partitions that one consumer holds: taken, prolonged in the background, shared fairly, given
 * back.
 */

import type { Uuid } from '@tongchou/contracts/id.ts'
import type { Topic } from '@tongchou/contracts/topics.ts'
import { PARTITIONS } from '@tongchou/contracts/topics.ts'
import type { Lease, ProgressStore } from '../../event-store/port.ts'
import type { Feed } from '../feed.ts'

const ALL = Array.from({ length: PARTITIONS }, (_, partition) => partition)

/**
 * `position`: handled up to here. `stored`: the checkpoint; behind `position` where nothing was to
 * do.
 */
export type Held = {
  readonly epoch: number
  readonly incarnation: Uuid | null
  position: bigint
  stored: bigint
}

export type LeaseTimes = {
  /** A holder that dies is replaced after this time. */
  readonly ttlMs: number
  /** Between two tries to take partitions that this member should hold. */
  readonly acquireMs: number
}

export type SubscriptionTimes = LeaseTimes & {
  /** Rows of the log looked at in one page. */
  readonly pageSize: number
  /** Least pause after a batch that was not full; a subscription may ask for a longer one. */
  readonly lingerMs: number
  /** Between two moves of the checkpoint when there is nothing to handle. */
  readonly idleProgressMs: number
  /** Between two looks for parked keys that are to be replayed, while some are parked. */
  readonly replayMs: number
  /** Errors in a row that are not faults of the world, before the consumer stops. */
  readonly maxErrors: number
}

type Who = { readonly group: string; readonly topic: Topic; readonly owner: string }

export class Leases {
  readonly held = new Map<number, Held>()
  readonly #progress: ProgressStore
  readonly #who: { readonly group: string; readonly topic: string; readonly owner: string }
  readonly #times: LeaseTimes
  readonly #feed: Pick<Feed, 'assigned'>
  readonly #timer: NodeJS.Timeout
  #renewing = false
  #share = PARTITIONS
  #nextAcquireMs = 0

  constructor(
    progress: ProgressStore,
    { group, topic, owner }: Who,
    times: LeaseTimes,
    feed: Pick<Feed, 'assigned'>,
  ) {
    this.#progress = progress
    this.#feed = feed
    this.#who = { group, topic: topic.name, owner }
    this.#times = times
    this.#timer = setInterval(() => this.#renew(), times.ttlMs / 3)
  }

  /** Milliseconds until partitions are to be taken; null when this member holds its share. */
  get acquireInMs(): number | null {
    const { assigned } = this.#feed
    const missing = assigned === null ? this.held.size !== this.#share : this.#missing.length > 0
    return missing ? Math.max(0, this.#nextAcquireMs - performance.now()) : null
  }

  get #missing(): readonly number[] {
    const all = this.#feed.assigned === null ? ALL : [...this.#feed.assigned]
    return all.filter(partition => !this.held.has(partition))
  }

  /** Held, but over the share or another member's. */
  get #surplus(): readonly number[] {
    const { assigned } = this.#feed
    const held = [...this.held.keys()]
    if (assigned !== null) return held.filter(partition => !assigned.has(partition))
    return held.slice(Math.min(held.length, this.#share))
  }

  /**
   * Between two batches: gives back what is over the share, takes what is missing. Returns what it
   * took.
   */
  async balance(): Promise<readonly Lease[]> {
    const surplus = this.#surplus
    if (surplus.length > 0) await this.#giveBack(surplus)
    if (this.acquireInMs !== 0) return []
    const taken = await this.#progress.acquire({
      ...this.#who,
      partitions: this.#missing,
      ttlMs: this.#times.ttlMs,
      shared: this.#feed.assigned === null,
    })
    this.#nextAcquireMs = performance.now() + this.#times.acquireMs
    for (const { partition, epoch, position, incarnation } of taken) {
      this.held.set(partition, { epoch, incarnation, position, stored: position })
    }
    return taken
  }

  /** After a fence: all leases are void here; they are taken anew at the next balance. */
  async drop(): Promise<void> {
    const partitions = [...this.held.keys()]
    this.held.clear()
    this.#nextAcquireMs = 0
    await this.#progress.release({ ...this.#who, partitions })
  }

  async leave(): Promise<void> {
    clearInterval(this.#timer)
    const partitions = [...this.held.keys()]
    this.held.clear()
    await this.#progress.release({ ...this.#who, partitions, leave: true })
  }

  async #giveBack(partitions: readonly number[]): Promise<void> {
    for (const partition of partitions) this.held.delete(partition)
    await this.#progress.release({ ...this.#who, partitions })
  }

  /** What fails here shows at the next append as a fence, or is made good by the next renewal. */
  #renew(): void {
    if (this.#renewing) return
    this.#renewing = true
    const epochs = new Map([...this.held].map(([partition, { epoch }]) => [partition, epoch]))
    this.#progress
      .renew({ ...this.#who, partitions: [...epochs.keys()], ttlMs: this.#times.ttlMs, epochs })
      .then(({ lost, share }) => {
        this.#share = share
        for (const partition of lost) {
          if (this.held.get(partition)?.epoch === epochs.get(partition)) this.held.delete(partition)
        }
      })
      .catch(() => {})
      .finally(() => {
        this.#renewing = false
      })
  }
}
