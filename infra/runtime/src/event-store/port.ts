/**
 * The event store of one service: an append-only log of events in streams, with a dense global
 * position. Append = explicit expected head + idempotent event ids; never "any", never a promise
 * over several streams. Adapters: memory, postgres. `contract.ts` is the suite that each must pass.
 */
import type { EventType } from '@tongchou/contracts/events.generated.ts'
import type { Uuid } from '@tongchou/contracts/id.ts'

/** `<category>-<uuid>`; journals are `journal-<partition>-<month>`. */
export type StreamName = string

/**
 * Where a stream stands: number of its events and the hash of the last one (32 zero bytes when
 * empty).
 */
export type StreamHead = { readonly version: number; readonly hash: Buffer }

export type NewEvent = {
  readonly id: Uuid
  readonly type: EventType
  readonly schema: number
  /** Partition of the key that the metadata names. */
  readonly partition: number
  readonly atMs: number
  /** True for the last event that the stream will ever have. */
  readonly closes: boolean
  readonly meta: Buffer
  readonly data: Buffer
  /**
   * Bytes kept beside the event in the same commit: no part of it, of its hash or of any topic, and
   * read by its position alone. Not together with progress.
   */
  readonly attachment?: Buffer
}

export type StoredEvent = Omit<NewEvent, 'attachment'> & {
  /** 1, 2, 3 … without holes. */
  readonly position: bigint
  readonly stream: StreamName
  /** 1, 2, 3 … within the stream. */
  readonly version: number
  readonly hash: Buffer
}

/** One stream's events, to stand right behind `expected`. `hashes` come from `chain()`. */
export type Append = {
  readonly stream: StreamName
  readonly expected: StreamHead
  readonly events: readonly NewEvent[]
  /** Chain hash of each event, computed from `expected.hash`. */
  readonly hashes: readonly Buffer[]
}

/**
 * `duplicate`: exactly these events stood there already (ids and hashes), the first answer again;
 * checked before `closed`. `altered`: the same ids with other bytes, which is a bug of the caller:
 * nothing is written. `withheld`: would have been appended, but another append beside the same
 * progress could not be. `position` is that of the first event, `head` where the stream stands
 * right behind the last one; for the others `head` is where the stream stands now.
 */
export type AppendOutcome =
  | {
      readonly status: 'appended' | 'duplicate'
      readonly head: StreamHead
      readonly position: bigint
    }
  | { readonly status: 'conflict' | 'closed' | 'altered' | 'withheld'; readonly head: StreamHead }

/** A consumer's way through a topic; moves in the same statement as the append (law 4). */
export type Progress = {
  readonly group: string
  readonly topic: string
  /** Incarnation of the producer's store. */
  readonly incarnation: Uuid
  readonly positions: readonly PartitionProgress[]
  /** Parking the same message again replaces the reason and takes back the request to replay it. */
  readonly park?: readonly ParkedMessage[]
  /** Replayed keys: their parked rows up to the position go with this append. */
  readonly unpark?: readonly (PartitionPosition & { readonly key: string })[]
}

export type PartitionPosition = { readonly partition: number; readonly position: bigint }

/**
 * Epoch of the partition's lease; another one in the checkpoint row means it was lost: a `fenced`
 * fault.
 */
export type PartitionProgress = PartitionPosition & {
  readonly epoch: number
  /**
   * Where the checkpoint stood when the batch was read. Views move from there only: a batch whose
   * outcome was never learnt is then not added to their rows twice, but a `fenced` fault. Appends
   * need it not: their events have ids.
   */
  readonly from?: bigint
}

/** A message set aside with its key (law 6): what it was, why, and its original bytes. */
export type ParkedMessage = {
  readonly partition: number
  readonly key: string
  readonly position: bigint
  readonly event: StoredEvent
  readonly reason: string
  readonly parkedAtMs: number
}

export type ParkedRow = ParkedMessage & {
  readonly group: string
  readonly topic: string
  readonly replay: boolean
}

/** One partition of one topic held by one consumer. */
export type Lease = {
  readonly partition: number
  readonly epoch: number
  /** Handled up to here; 0 before the first message. */
  readonly position: bigint
  /** Null before the first message. */
  readonly incarnation: Uuid | null
  /** How often a holder died without releasing since the position last moved. */
  readonly crashes: number
}

/** Leases, checkpoints and parked messages of the service's consumers. */
export interface ProgressStore {
  /**
   * Makes the owner a member of the group and takes those of the partitions that are free, its own
   * or whose holder's time has run out, up to the member's fair share; epoch + 1 for each.
   */
  acquire(request: LeaseRequest): Promise<readonly Lease[]>
  /** Prolongs membership and the leases of `epochs`. */
  renew(request: LeaseRequest & { readonly epochs: ReadonlyMap<number, number> }): Promise<Renewal>
  /** Gives partitions back; with `leave` the owner is no member any more. */
  release(request: Omit<LeaseRequest, 'ttlMs'> & { readonly leave?: boolean }): Promise<void>
  /**
   * Notes that a message is about to be handled alone; returns how often a holder noted that before
   * and went no further, which is how often it died over the message. Throws Fault `fenced`.
   */
  attempt(lease: LeaseName, position: bigint): Promise<number>
  /** Checkpoints of a group, by partition. */
  positions(group: string, topic: string): Promise<ReadonlyMap<number, bigint>>
  parked(filter: { readonly group?: string; readonly key?: string }): Promise<readonly ParkedRow[]>
  /** Keys with parked messages; `due` when the oldest of them is to be replayed. */
  parkedKeys(group: string, topic: string): Promise<readonly ParkedKey[]>
  /**
   * Marks a parked key for replay by the partition's lease holder; returns the number of its
   * messages.
   */
  requestReplay(group: string, key: string): Promise<number>
  /**
   * Commits of this process that parked or replayed messages of the group; a change: read `parked`
   * anew.
   */
  parkedChanges(group: string): number
}

export type ParkedKey = { readonly partition: number; readonly key: string; readonly due: boolean }

/**
 * `lost`: partitions that another holder has. `share`: how many partitions this member should hold.
 */
export type Renewal = { readonly lost: readonly number[]; readonly share: number }

export type LeaseName = {
  readonly group: string
  readonly topic: string
  readonly partition: number
  readonly epoch: number
}

export type LeaseRequest = {
  readonly group: string
  readonly topic: string
  readonly partitions: readonly number[]
  readonly owner: string
  readonly ttlMs: number
  /** False where others share the partitions out: then all of the list that are free are taken. */
  readonly shared?: boolean
}

export type StoreHead = { readonly incarnation: Uuid; readonly position: bigint }

export type TypesRange = {
  readonly after: bigint
  readonly upTo: bigint
  readonly limit: number
}

export interface EventStore {
  /**
   * Appends for any number of distinct streams in one round trip; concurrent callers share one
   * statement. Outcomes in order. With `progress`: everything or nothing — if any append is not
   * `appended` or `duplicate`, nothing is written and the checkpoints stay. Throws Fault `fenced` |
   * `unavailable`.
   */
  append(
    appends: readonly Append[],
    progress?: readonly Progress[],
  ): Promise<readonly AppendOutcome[]>
  /** All events of the streams, each in order, in one round trip. Unknown streams are absent. */
  readStreams(
    streams: readonly StreamName[],
  ): Promise<ReadonlyMap<StreamName, readonly StoredEvent[]>>
  /** The last event of each stream, in one round trip. Unknown streams are absent. */
  readLast(streams: readonly StreamName[]): Promise<ReadonlyMap<StreamName, StoredEvent>>
  /**
   * Events after a position, at most `limit`, dense; fewer do not mean the end, none does. Throws
   * Fault `hole` when one is missing. With `only`, events of other types may come with empty `meta`
   * and `data`.
   */
  readAll(
    after: bigint,
    limit: number,
    only?: ReadonlySet<EventType>,
  ): Promise<readonly StoredEvent[]>
  /**
   * Events of some types behind a position and up to another, in order, at most `limit`; none means
   * there are no more. Quick for the types of broadcast topics, which are rare in a long log.
   */
  readTypes(types: ReadonlySet<EventType>, range: TypesRange): Promise<readonly StoredEvent[]>
  /** What was kept beside the event at the position; undefined where there is nothing. */
  readAttachment(position: bigint): Promise<Buffer | undefined>
  head(): Promise<StoreHead>
  /**
   * Called soon after any append to this store, by this process or another. Returns the
   * unsubscriber.
   */
  onAppend(listener: (position: bigint) => void): () => void
  readonly progress: ProgressStore
  close(): Promise<void>
}
