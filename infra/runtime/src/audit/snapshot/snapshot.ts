/**
 * Everything in the database at one moment, read while the services run: one read-only transaction,
 * which other connections can join, so that several threads see the same state.
 */
import type { Readable } from 'node:stream'
import type { Uuid } from '@tongchou/contracts/id.ts'
import { Client } from 'pg'
import { assertSchemaName } from '../../event-store/postgres/migrate.ts'
import { copyStream } from '../../postgres/copy-out.ts'
import type { AnyView } from '../../view/port.ts'
import { groupFingerprint, selectText } from '../../view/table.ts'
import { copyEvents, copyLines, type Line } from './copy.ts'
import { EVENT_ROW, type EventRow } from './event-rows.ts'

export type StoreEnd = { readonly incarnation: Uuid; readonly position: bigint }

/** How far a consumer group is in one partition of a topic. */
export type ConsumerPosition = {
  readonly group: string
  readonly topic: string
  readonly partition: number
  readonly position: bigint
  readonly incarnation: Uuid | null
}

/** A message that waits for people: a consumer group has passed it without handling it. */
export type ParkedPosition = Omit<ConsumerPosition, 'incarnation'>

/** A row as `pg` gives it: bigints as text. */
type Written<T extends { readonly position: bigint }> = Omit<T, 'position'> & {
  readonly position: string
}

export class Snapshot {
  readonly id: string
  readonly #client: Client

  private constructor(client: Client, id: string) {
    this.#client = client
    this.id = id
  }

  /** The state of this moment. Keeps the server from cleaning up behind it until it is closed. */
  static async take(url: string): Promise<Snapshot> {
    const client = await begin(url)
    const { rows } = await client.query<{ id: string }>('select pg_export_snapshot() as id')
    return new Snapshot(client, rows[0]?.id ?? '')
  }

  /** The same state on a connection of one's own, while the snapshot is open elsewhere. */
  static async join(url: string, id: string): Promise<Snapshot> {
    const client = await begin(url)
    await client.query(`set transaction snapshot '${id.replaceAll(/[^0-9A-Fa-f-]/g, '')}'`)
    return new Snapshot(client, id)
  }

  /** Where the log of a store ends by its own account; null when the store was never opened. */
  async end(schema: string): Promise<StoreEnd | null> {
    assertSchemaName(schema)
    const there = await this.#client.query<{ found: boolean }>(
      `select to_regclass($1) is not null as found`,
      [`${schema}.head`],
    )
    if (there.rows[0]?.found !== true) return null
    const { rows } = await this.#client.query<{ incarnation: string; pos: string }>(
      `select incarnation, pos from ${schema}.head where id = 1`,
    )
    const [row] = rows
    if (row === undefined) return null
    return { incarnation: row.incarnation as Uuid, position: BigInt(row.pos) }
  }

  /** Size of the table of events, in bytes. */
  async bytes(schema: string): Promise<number> {
    assertSchemaName(schema)
    const { rows } = await this.#client.query<{ bytes: string }>(
      `select pg_table_size('${schema}.event') as bytes`,
    )
    return Number(rows[0]?.bytes ?? 0)
  }

  /** Tells all events in the order of their positions; each is valid during its call only. */
  async events(schema: string, onEvent: (event: EventRow) => void): Promise<void> {
    await copyEvents(this.#client, eventsOf(schema), onEvent)
  }

  /** The same as bytes: rows of COPY that `EventRows` reads. */
  eventBytes(schema: string): Readable {
    return copyStream(this.#client, eventsOf(schema))
  }

  async consumers(schema: string): Promise<readonly ConsumerPosition[]> {
    assertSchemaName(schema)
    const { rows } = await this.#client.query<Written<ConsumerPosition>>(
      `select consumer as "group", topic, partition, position, incarnation
       from ${schema}.checkpoint order by consumer, topic, partition`,
    )
    return rows.map(row => ({ ...row, position: BigInt(row.position) }))
  }

  async parked(schema: string): Promise<readonly ParkedPosition[]> {
    assertSchemaName(schema)
    const { rows } = await this.#client.query<Written<ParkedPosition>>(
      `select consumer as "group", topic, partition, position
       from ${schema}.parked_message order by consumer, topic, position`,
    )
    return rows.map(row => ({ ...row, position: BigInt(row.position) }))
  }

  /** True when the tables of the group were made from these declarations. */
  async hasViews(schema: string, group: string, views: readonly AnyView[]): Promise<boolean> {
    assertSchemaName(schema)
    const there = await this.#client.query<{ found: boolean }>(
      `select to_regclass($1) is not null as found`,
      [`${schema}.view_group`],
    )
    if (there.rows[0]?.found !== true) return false
    const { rows } = await this.#client.query<{ fingerprint: string }>(
      `select fingerprint from ${schema}.view_group where name = $1`,
      [group],
    )
    return rows[0]?.fingerprint === groupFingerprint(views)
  }

  /** Tells every row of a view as COPY writes it in text, columns in the view's order. */
  async lines(schema: string, view: AnyView, onLine: (line: Line) => void): Promise<void> {
    await copyLines(this.#client, selectText(schema, view), onLine)
  }

  async close(): Promise<void> {
    await this.#client.end()
  }
}

function eventsOf(schema: string): string {
  assertSchemaName(schema)
  return `select ${EVENT_ROW} from ${schema}.event order by pos`
}

async function begin(url: string): Promise<Client> {
  const client = new Client({
    connectionString: url,
    application_name: 'tongchou audit',
    options: '-c idle_in_transaction_session_timeout=0 -c statement_timeout=0 -c jit=off',
  })
  await client.connect()
  await client.query('begin isolation level repeatable read read only')
  return client
}
