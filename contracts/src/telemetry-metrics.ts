/** Every metric with its labels: what is not here is not measured. */

/** Upper bounds in seconds of what answers a caller. */
const SECONDS = [
  0.001, 0.0025, 0.005, 0.01, 0.015, 0.025, 0.04, 0.06, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
] as const

type Metric = {
  readonly kind: 'histogram' | 'counter' | 'gauge'
  /** Prometheus name; unit last. */
  readonly name: string
  readonly labels: readonly string[]
  readonly help: string
  readonly bounds?: readonly number[]
}

/** Metrics; each also carries the label `service`. Gauges are observed when Prometheus asks. */
export const METRICS = {
  httpDuration: {
    kind: 'histogram',
    name: 'http_server_request_duration_seconds',
    labels: ['route', 'method', 'status'],
    help: 'Time to answer a request, by route pattern',
    bounds: SECONDS,
  },
  commandDuration: {
    kind: 'histogram',
    name: 'command_duration_seconds',
    labels: ['type', 'outcome'],
    help: 'Time of one command from load to append',
    bounds: SECONDS,
  },
  chunkDuration: {
    kind: 'histogram',
    name: 'consumer_chunk_duration_seconds',
    labels: ['group', 'topic', 'outcome'],
    help: 'Time of one batch of messages, effect and progress committed',
    bounds: SECONDS,
  },
  appendEvents: {
    kind: 'histogram',
    name: 'append_batch_events',
    labels: [],
    help: 'Events in one group commit',
    bounds: [1, 2, 5, 10, 25, 50, 100, 200, 300, 500, 1000],
  },
  appendDuration: {
    kind: 'histogram',
    name: 'append_commit_seconds',
    labels: [],
    help: 'Time of one group commit',
    bounds: SECONDS,
  },
  appendQueue: {
    kind: 'gauge',
    name: 'append_queue_depth',
    labels: [],
    help: 'Appends that wait for the next group commit',
  },
  appendConflicts: {
    kind: 'counter',
    name: 'append_conflicts_total',
    labels: [],
    help: 'Appends at a revision that was no longer the newest',
  },
  appendDuplicates: {
    kind: 'counter',
    name: 'append_duplicates_total',
    labels: [],
    help: 'Appends whose events stood there already',
  },
  dedupeDropped: {
    kind: 'counter',
    name: 'dedupe_dropped_total',
    labels: ['group', 'topic'],
    help: 'Messages delivered again and dropped',
  },
  headPosition: {
    kind: 'gauge',
    name: 'es_head_position',
    labels: [],
    help: 'Newest position of the event store',
  },
  consumerLagPositions: {
    kind: 'gauge',
    name: 'consumer_lag_positions',
    labels: ['group', 'topic'],
    help: 'Positions between what is handled and the end of the topic',
  },
  consumerLagSeconds: {
    kind: 'gauge',
    name: 'consumer_lag_seconds',
    labels: ['group', 'topic'],
    help: 'Age of the oldest message that is not handled',
  },
  relayLagPositions: {
    kind: 'gauge',
    name: 'relay_lag_positions',
    labels: [],
    help: 'Positions of the store that are not on the broker',
  },
  parkedKeys: {
    kind: 'gauge',
    name: 'parked_keys',
    labels: ['group', 'topic'],
    help: 'Keys set aside because a message of theirs failed',
  },
  positionHoles: {
    kind: 'counter',
    name: 'position_hole_total',
    labels: ['topic'],
    help: 'Missing positions; must be 0',
  },
  poolTotal: {
    kind: 'gauge',
    name: 'pg_pool_total',
    labels: [],
    help: 'Open database connections',
  },
  poolIdle: { kind: 'gauge', name: 'pg_pool_idle', labels: [], help: 'Idle database connections' },
  poolWaiting: {
    kind: 'gauge',
    name: 'pg_pool_waiting',
    labels: [],
    help: 'Requests that wait for a database connection',
  },
  claims: {
    kind: 'counter',
    name: 'claims_total',
    labels: ['outcome'],
    help: 'Claims by outcome: settled, held, rejected, withdrawn, reversed, refused',
  },
  explanationDifferences: {
    kind: 'counter',
    name: 'explanation_differences_total',
    labels: [],
    help: 'Adjudications that came out otherwise when computed again; must be 0',
  },
  selfCheck: {
    kind: 'gauge',
    name: 'self_check_ok',
    labels: ['check'],
    help: '1 when the last run of a self-check passed, 0 when it failed',
  },
  chainFailures: {
    kind: 'counter',
    name: 'hash_chain_failures_total',
    labels: [],
    help: 'Events whose hash does not follow from the one before; must be 0',
  },
  ledgerImbalance: {
    kind: 'gauge',
    name: 'ledger_imbalance_fen',
    labels: [],
    help: 'Debits minus credits over all books; must be 0',
  },
  merkleSize: {
    kind: 'gauge',
    name: 'merkle_tree_size',
    labels: [],
    help: 'Leaves of the audit tree',
  },
  checkpointAge: {
    kind: 'gauge',
    name: 'merkle_checkpoint_age_seconds',
    labels: [],
    help: 'Time since the last signed checkpoint while events wait for one; 0 when none do',
  },
  loopDelay: {
    kind: 'gauge',
    name: 'nodejs_eventloop_delay_p99_seconds',
    labels: [],
    help: 'Event-loop delay since the last scrape, 99th percentile',
  },
  loopUtilization: {
    kind: 'gauge',
    name: 'nodejs_eventloop_utilization',
    labels: [],
    help: 'Share of time since the last scrape that the event loop was busy',
  },
  heapUsed: { kind: 'gauge', name: 'nodejs_heap_used_bytes', labels: [], help: 'Used heap' },
  residentMemory: {
    kind: 'gauge',
    name: 'process_resident_memory_bytes',
    labels: [],
    help: 'Resident memory',
  },
} as const satisfies Record<string, Metric>

export type MetricKey = keyof typeof METRICS
export type MetricLabels<K extends MetricKey> = {
  readonly [L in (typeof METRICS)[K]['labels'][number]]: string
}

/** Keys of the metrics of one kind. */
export type MetricKeyOf<Kind extends Metric['kind']> = {
  [K in MetricKey]: (typeof METRICS)[K]['kind'] extends Kind ? K : never
}[MetricKey]
