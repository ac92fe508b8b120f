/**
 * What the message log needs of a Kafka client, and no more: topics, one batch to one partition,
 * a consumer of one topic. Adapters: kafkajs, platformatic, memory; `client/contract.ts` is the
 * suite that each must pass. Offsets are bigint; keys, values and headers are bytes.
 */

export type KafkaRecord = {
  /** Null where the topic has no keys. */
  readonly key: Buffer | null
  /** Null removes the key from a compacted topic. */
  readonly value: Buffer | null
  readonly headers: Readonly<Record<string, Buffer>>
  /** A topic with `retention.ms` loses records by this time, not by that of their arrival. */
  readonly timestampMs: number
}

export type ConsumedRecord = KafkaRecord & { readonly offset: bigint }

/** What goes to one topic-partition. */
export type Sending = {
  readonly topic: string
  readonly partition: number
  readonly records: readonly KafkaRecord[]
}

export type TopicSpec = {
  readonly name: string
  readonly partitions: number
  /** Kafka's own names: `cleanup.policy`, `retention.ms`, `max.message.bytes` … */
  readonly config: Readonly<Record<string, string>>
}

/** Records that the broker still has: from `first` up to, not including, `next`. */
export type OffsetRange = { readonly first: bigint; readonly next: bigint }

/** The calls begin after `consume` has come back. */
export type ConsumeOptions = {
  /** Members of a group share the partitions; offsets are committed under its name. */
  readonly group: string
  readonly topic: string
  /**
   * All partitions that this member has from now on; called again at every rebalance, after which
   * each begins at what is committed. A partition that it had before stays paused if it was.
   */
  readonly onAssigned: (partitions: ReadonlySet<number>) => void
  /**
   * Records of one partition in the order of their offsets, from the committed offset or else the
   * first one. May be called with records that were given before (after a rebalance, a `seek`, a
   * new leader); never leaves one out. Must return at once: what cannot be taken in is stopped by
   * `pause`, which works from the next call on.
   */
  readonly onRecords: (partition: number, records: readonly ConsumedRecord[]) => void
  /** An error that the client tries to get over, naming what to do; null when it works again. */
  readonly onFault: (error: Error | null) => void
  /** The member cannot go on and is gone; open another one. */
  readonly onCrash: (error: Error) => void
}

export interface KafkaConsumer {
  /** No more `onRecords` of the partition, but for a batch under way, until `resume`. */
  pause(partition: number): void
  resume(partition: number): void
  /** The next record is that of `offset`, or the first one after it. */
  seek(partition: number, offset: bigint): void
  /**
   * The next member begins there; a partition that this one has not got is left out. Throws Fault
   * `fenced` when it was thrown out. Off the hot path: every few hundred milliseconds.
   */
  commit(next: ReadonlyMap<number, bigint>): Promise<void>
  /** Leaves the group, so that others take the partitions at once. Bounded in time. */
  close(): Promise<void>
}

export interface KafkaClient {
  /**
   * Makes the topics that are not there, with one replica for each broker up to three. Throws a
   * Fault that names the topic when one is there with another number of partitions, or the setting
   * when rights are missing or nobody answers.
   */
  ensureTopics(specs: readonly TopicSpec[]): Promise<void>
  offsets(topic: string): Promise<ReadonlyMap<number, OffsetRange>>
  /**
   * One request with records of one topic-partition (with several, clients were seen to lose
   * acknowledged records), in order, acknowledged by all replicas in sync. Throws Fault `timeout`
   * or `unavailable` when the deadline passes: the records may stand there or not, or some of them,
   * or come to stand there later. A Fault that is not `retryable` says what the broker refuses:
   * more bytes than the topic's `max.message.bytes` (it counts the whole call, not a record),
   * rights that are missing.
   * Calls for different partitions run at the same time; for one partition the caller waits.
   */
  produce(topic: string, partition: number, records: readonly KafkaRecord[]): Promise<void>
  /**
   * Several at once, no two for one topic-partition: null or the Fault of each, in their order. In
   * as few requests as the library is known to do without losing any.
   */
  produceAll(sendings: readonly Sending[]): Promise<readonly (Error | null)[]>
  consume(options: ConsumeOptions): Promise<KafkaConsumer>
  close(): Promise<void>
}

export type KafkaClientOptions = {
  /** host:port, with commas between them. */
  readonly brokers: readonly string[]
  /** Seen in the broker's logs and quotas. */
  readonly clientId: string
  /** `produce` gives up after this time. */
  readonly sendTimeoutMs: number
  /** A member that does not answer for this time loses its partitions. */
  readonly sessionTimeoutMs: number
  readonly sasl?: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'
    readonly username: string
    readonly password: string
  }
  readonly tls?: boolean
}
