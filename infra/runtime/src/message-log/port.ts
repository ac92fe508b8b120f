/**
 * Topics as consumers see them. On one machine the log is the producer's event table read by
 * position; on Kafka a relay fills it. Consumers touch it only through this port. Adapters: memory,
 * postgres (kafka later).
 */

import type { Uuid } from '@tongchou/contracts/id.ts'
import type { Topic } from '@tongchou/contracts/topics.ts'
import type { EventStore, ParkedRow, Progress, StoredEvent } from '../event-store/port.ts'

/**
 * A stored event on its way to a consumer; `position` is dense within the partition's source (law
 * 5).
 */
export type Message = StoredEvent & { readonly topic: string; readonly incarnation: Uuid }

/**
 * Messages in order, with the progress that handling them makes. The handler passes `progress` to
 * its store's append, so that effect and progress commit together. `messages` may be empty:
 * progress alone.
 */
export type Batch = {
  readonly messages: readonly Message[]
  readonly progress: Progress
  /**
   * Keys of these partitions that are parked: their messages are parked behind them, not handled.
   */
  readonly parkedKeys: ReadonlySet<string>
  /**
   * Set for the replay of a parked key: its parked messages, oldest first, which stand in
   * `messages`.
   */
  readonly replay: readonly ParkedRow[] | null
  /**
   * How often a process died while it handled this message alone. After a death batches hold one
   * message for a while; at 2 the message is to be parked, not handled.
   */
  readonly crashes: number
}

export type Subscription = {
  readonly group: string
  readonly topic: Topic
  /** The consumer's own store: leases, checkpoints and parked messages live there. */
  readonly store: EventStore
  /** Messages in one batch, at most. */
  readonly maxBatch: number
  /**
   * Pause after a batch that was not full, so that the next one is worth its statements: at least
   * this, and as long as the batch took up to a limit. None unless told, and none after a crash,
   * when messages come one at a time.
   */
  readonly lingerMs?: number
  readonly handle: (batch: Batch) => Promise<void>
}

/** Every replica reads all of it from the start into memory; no lease, no checkpoint. */
export type Broadcast = {
  readonly topic: Topic
  readonly handle: (messages: readonly Message[]) => void
}

export type RunningSubscription = {
  /** Consumer group; `broadcast` for one. */
  readonly group: string
  readonly topic: string
  /** Names the fault that stopped or slows this consumer; null while it works. */
  readonly fault: () => Error | null
  /** Everything up to this producer position is handled, for every partition held. */
  readonly handled: () => bigint
  /** Number of partitions that this process holds; all of them for a broadcast. */
  readonly partitions: () => number
  /** Newest position of the producer that was seen. */
  readonly seen: () => bigint
  readonly stop: () => Promise<void>
}

export interface MessageLog {
  subscribe(subscription: Subscription): Promise<RunningSubscription>
  broadcast(broadcast: Broadcast): Promise<RunningSubscription>
  /** Where the producer's log ends now (law 2: views wait for this, not for a clock). */
  head(topic: Topic): Promise<bigint>
  close(): Promise<void>
}
