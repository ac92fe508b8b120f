/**
 * What a topic brings to one consumer, wherever it comes from: the loops over it know no more.
 * Feeds: of a store (`store-feed.ts`), of Kafka (`kafka/feed.ts`).
 */
import type { Uuid } from '@tongchou/contracts/id.ts'
import type { Lease } from '../event-store/port.ts'
import type { Message } from './port.ts'

/** `position`: handled up to here; `stored`: the checkpoint, which may be behind. */
export type Place = { readonly position: bigint; readonly stored: bigint }

/** By partition. */
export type Places = ReadonlyMap<number, Place>

/**
 * Messages in order within each partition, and for each partition that came further the position up
 * to which it has no others for us.
 */
export type Scan = {
  readonly messages: readonly Message[]
  readonly upTo: ReadonlyMap<number, bigint>
}

export interface Feed {
  /** Newest position of the producer that was seen. */
  readonly seen: bigint
  /** Of the producer's store; null until something was seen of it. */
  readonly incarnation: Uuid | null
  /** Milliseconds until `poll` is due. */
  readonly pollInMs: number
  /** Partitions that others leave to us; null where members share them out by their leases. */
  readonly assigned: ReadonlySet<number> | null
  /** What keeps some partitions back while others go on. */
  readonly fault: Error | null
  /** Looks where the log ends. Throws Fault `incarnation` when it is another log than before. */
  poll(): Promise<void>
  /** Compares checkpoints with the log. Throws Fault `incarnation` or `hole`. */
  check(leases: readonly Lease[]): Promise<void>
  /**
   * At most `limit` messages behind the places; null when there is nothing now. The same places
   * bring the same messages again. Throws Fault `hole` when one is missing (law 5).
   */
  next(places: Places, limit: number): Promise<Scan | null>
  /** True when everything was read that stood in the log at the last poll. */
  reached(places: Places): boolean
  stop(): Promise<void>
}

/** Opens the feed of one consumer; `wake` is called when there may be more. */
export type OpenFeed = (options: {
  /** Null for a broadcast. */
  readonly group: string | null
  readonly wake: () => void
}) => Feed
