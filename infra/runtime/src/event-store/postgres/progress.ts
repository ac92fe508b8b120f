/** Leases, checkpoints and parked messages in the service's schema. */
import type { EventType } from '@tongchou/contracts/events.generated.ts'
import type { Uuid } from '@tongchou/contracts/id.ts'
import { PARTITIONS } from '@tongchou/contracts/topics.ts'
import type { Database } from '../../postgres/database.ts'
import { Fault } from '../../service/fault.ts'
import type {
  Lease,
  LeaseName,
  LeaseRequest,
  ParkedKey,
  ParkedRow,
  Progress,
  ProgressStore,
  Renewal,
} from '../port.ts'

/** So many that any member's share of them is every partition. */
const UNSHARED = 1_000_000

type LeaseRow = {
  readonly partition: number
  readonly epoch: number
  readonly position: string
  readonly incarnation: string | null
  readonly crashes: number
}

export class PostgresProgress implements ProgressStore {
  readonly #database: Database
  readonly #schema: string
  readonly #changes = new Map<string, number>()

  constructor(database: Database, schema: string) {
    this.#database = database
    this.#schema = schema
  }

  async acquire(request: LeaseRequest): Promise<readonly Lease[]> {
    const { group, topic, partitions, owner, ttlMs, shared = true } = request
    const values = [group, topic, partitions, owner, ttlMs, shared ? PARTITIONS : UNSHARED]
    const rows = await this.#query<LeaseRow>(
      `select * from ${this.#schema}.acquire_v1($1, $2, $3::integer[], $4, $5, $6)
       order by partition`,
      values,
    )
    return rows.map(row => ({
      ...row,
      position: BigInt(row.position),
      incarnation: row.incarnation as Uuid | null,
    }))
  }

  async renew(
    request: LeaseRequest & { readonly epochs: ReadonlyMap<number, number> },
  ): Promise<Renewal> {
    const { group, topic, owner, ttlMs, epochs } = request
    const rows = await this.#query<{ partition: number | null; share: number | null }>(
      `select * from ${this.#schema}.renew_v1($1, $2, $3, $4, $5, $6::integer[], $7::integer[])`,
      [group, topic, owner, ttlMs, PARTITIONS, [...epochs.keys()], [...epochs.values()]],
    )
    const lost = rows.flatMap(({ partition }) => (partition === null ? [] : [partition]))
    return { lost, share: rows[0]?.share ?? 0 }
  }

  async release(
    request: Omit<LeaseRequest, 'ttlMs'> & { readonly leave?: boolean },
  ): Promise<void> {
    const { group, topic, partitions, owner, leave = false } = request
    await this.#query(
      `with gone as (
         delete from ${this.#schema}.member m
         where $5 and m.consumer = $1 and m.topic = $2 and m.owner = $4
       )
       update ${this.#schema}.checkpoint c set owner = null, expires_at = null
       where c.consumer = $1 and c.topic = $2 and c.partition = any($3::integer[])
         and c.owner = $4`,
      [group, topic, partitions, owner, leave],
    )
  }

  async attempt({ group, topic, partition, epoch }: LeaseName, position: bigint): Promise<number> {
    const [row] = await this.#query<{ readonly before: number }>(
      `update ${this.#schema}.checkpoint c
       set attempt = $5, attempts = case when c.attempt = $5 then c.attempts + 1 else 1 end
       where c.consumer = $1 and c.topic = $2 and c.partition = $3 and c.epoch = $4
       returning c.attempts - 1 as before`,
      [group, topic, partition, epoch, position.toString()],
    )
    if (row === undefined) throw new Fault('fenced', `${group} lost partition ${partition}`)
    return row.before
  }

  async positions(group: string, topic: string): Promise<ReadonlyMap<number, bigint>> {
    const rows = await this.#query<{ partition: number; position: string }>(
      `select c.partition, c.position from ${this.#schema}.checkpoint c
       where c.consumer = $1 and c.topic = $2`,
      [group, topic],
    )
    return new Map(rows.map(({ partition, position }) => [partition, BigInt(position)]))
  }

  async parked(filter: {
    readonly group?: string
    readonly key?: string
  }): Promise<readonly ParkedRow[]> {
    const rows = await this.#query<StoredParkedRow>(
      `select * from ${this.#schema}.parked_message p
       where ($1::text is null or p.consumer = $1) and ($2::text is null or p.key = $2)
       order by p.position, p.consumer, p.topic`,
      [filter.group ?? null, filter.key ?? null],
    )
    return rows.map(parkedFrom)
  }

  async parkedKeys(group: string, topic: string): Promise<readonly ParkedKey[]> {
    return this.#query<ParkedKey>(
      `select distinct on (p.partition, p.key) p.partition, p.key, p.replay as due
       from ${this.#schema}.parked_message p where p.consumer = $1 and p.topic = $2
       order by p.partition, p.key, p.position`,
      [group, topic],
    )
  }

  async requestReplay(group: string, key: string): Promise<number> {
    const rows = await this.#query(
      `update ${this.#schema}.parked_message p set replay = true
       where p.consumer = $1 and p.key = $2 returning 1`,
      [group, key],
    )
    return rows.length
  }

  parkedChanges(group: string): number {
    return this.#changes.get(group) ?? 0
  }

  /** Called behind a commit. */
  committed(progress: readonly Progress[]): void {
    for (const { group, park, unpark } of progress) {
      if (park === undefined && unpark === undefined) continue
      this.#changes.set(group, this.parkedChanges(group) + 1)
    }
  }

  #query<R extends object>(text: string, values: unknown[]): Promise<R[]> {
    return this.#database.read(async pool => (await pool.query<R>(text, values)).rows)
  }
}

type StoredParkedRow = {
  readonly consumer: string
  readonly topic: string
  readonly partition: number
  readonly key: string
  readonly position: string
  readonly reason: string
  readonly parked_at_ms: string
  readonly replay: boolean
  readonly stream: string
  readonly version: number
  readonly id: string
  readonly type: string
  readonly schema: number
  readonly at_ms: string
  readonly closes: boolean
  readonly hash: Buffer
  readonly meta: Buffer
  readonly data: Buffer
}

function parkedFrom(row: StoredParkedRow): ParkedRow {
  const { consumer, topic, partition, key, reason, replay } = row
  const position = BigInt(row.position)
  const { stream, version, schema, closes, hash, meta, data } = row
  return {
    group: consumer,
    topic,
    partition,
    key,
    position,
    reason,
    parkedAtMs: Number(row.parked_at_ms),
    replay,
    event: {
      id: row.id as Uuid,
      type: row.type as EventType,
      schema,
      partition,
      atMs: Number(row.at_ms),
      closes,
      meta,
      data,
      position,
      stream,
      version,
      hash,
    },
  }
}
