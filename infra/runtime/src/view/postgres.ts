/**
 * Views in tables of the service's schema: made from the declaration, kept by one statement for
 * each batch.
 */
import { createHash } from 'node:crypto'
import { assert } from '@tongchou/contracts/decision.ts'
import type { Progress } from '../event-store/port.ts'
import { assertSchemaName } from '../event-store/postgres/migrate.ts'
import { moveValues } from '../event-store/postgres/statement.ts'
import { int8Array, nullableTextArray } from '../postgres/binary-arrays.ts'
import type { Database } from '../postgres/database.ts'
import type {
  AnyView,
  ColumnType,
  Criteria,
  Row,
  RowValue,
  Saved,
  View,
  ViewStore,
} from './port.ts'
import { keyOfRow, keyText } from './port.ts'
import { groupFingerprint, rowReader, snake } from './table.ts'

const SQL_TYPES: Readonly<Record<ColumnType, string>> = {
  uuid: 'uuid',
  text: 'text collate "C"',
  json: 'text collate "C"',
  bigint: 'bigint',
  integer: 'integer',
  boolean: 'boolean',
}

const AS_TEXT = { getTypeParser: () => (value: string) => value }

export class PostgresViewStore implements ViewStore {
  readonly #database: Database
  readonly #schema: string

  constructor(database: Database, schema: string) {
    assertSchemaName(schema)
    this.#database = database
    this.#schema = schema
  }

  /** One process at a time; a group whose declaration changed is dropped with its checkpoints. */
  async ensure(group: string, views: readonly AnyView[]): Promise<void> {
    const fingerprint = groupFingerprint(views)
    const client = await this.#database.pool.connect()
    const schema = this.#schema
    try {
      await client.query('begin')
      await client.query('set local lock_timeout = 0')
      await client.query(`select pg_advisory_xact_lock(hashtext('tongchou.view.${schema}'))`)
      await client.query(
        `create table if not exists ${schema}.view_group (
          name text primary key, fingerprint text not null)`,
      )
      const known = await client.query(
        `select fingerprint from ${schema}.view_group where name = $1`,
        [group],
      )
      if (known.rows[0]?.fingerprint !== fingerprint) {
        for (const view of views) await client.query(`drop table if exists ${this.#table(view)}`)
        await client.query(`delete from ${schema}.checkpoint where consumer = $1`, [group])
        await client.query(
          `insert into ${schema}.view_group values ($1, $2)
           on conflict (name) do update set fingerprint = excluded.fingerprint`,
          [group, fingerprint],
        )
      }
      for (const view of views) for (const sql of this.#ddl(view)) await client.query(sql)
      await client.query('commit')
    } catch (cause) {
      await client.query('rollback').catch(() => {})
      throw cause
    } finally {
      client.release()
    }
  }

  /**
   * Drops the tables and checkpoints of a group: it is rebuilt from its topic at the next start.
   */
  async drop(group: string, views: readonly AnyView[]): Promise<void> {
    await this.#database.pool.query(`delete from ${this.#schema}.view_group where name = $1`, [
      group,
    ])
    await this.ensure(group, views)
  }

  async get<R extends Row>(view: View<R>, key: readonly RowValue[]): Promise<R | undefined> {
    return (await this.getAll(view, [key])).get(keyText(key))
  }

  async getAll<R extends Row>(
    view: View<R>,
    keys: readonly (readonly RowValue[])[],
  ): Promise<Map<string, R>> {
    const rows = new Map<string, R>()
    if (keys.length === 0) return rows
    const table = this.#table(view)
    const columns = view.key.map(column => `"${snake(column)}"`)
    const [only] = view.key
    const single = view.key.length === 1 && only !== undefined
    const text = single
      ? `select * from ${table} where ${columns[0]} = any($1::${arrayType(view.columns[only])}[])`
      : `select t.* from json_populate_recordset(null::${table}, $1::json) k
         join ${table} t on (${columns.map(column => `t.${column} = k.${column}`).join(' and ')})`
    const value = single
      ? keys.map(([part]) => String(part))
      : jsonRows(keys.map(key => keyRow(view, key)))
    for (const row of await this.#select(view, text, [value])) {
      rows.set(keyText(keyOfRow(view as unknown as AnyView, row)), row as R)
    }
    return rows
  }

  async find<R extends Row>(view: View<R>, criteria: Criteria<R>): Promise<readonly R[]> {
    const values: RowValue[] = []
    const conditions = [
      ...compare(view, criteria.equals, '=', values),
      ...compare(view, criteria.from, '>=', values),
      ...compare(view, criteria.to, '<=', values),
    ]
    const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`
    const direction = criteria.descending === true ? ' desc' : ''
    const order = (criteria.orderBy ?? view.key).map(column => `"${snake(column)}"${direction}`)
    const text = `select * from ${this.#table(view)} ${where}
      order by ${order.join(', ')} limit ${criteria.limit}`
    return (await this.#select(
      view,
      text,
      values.map(value => (value === null ? null : String(value))),
    )) as R[]
  }

  /** Every row, in key order: what the audit compares with a rebuild. */
  async all<R extends Row>(view: View<R>): Promise<readonly R[]> {
    return this.find(view, { limit: Number.MAX_SAFE_INTEGER })
  }

  async save(saved: readonly Saved[], progress: Progress): Promise<void> {
    const values: unknown[] = [...moveValues([progress]), startsOf(progress)]
    const steps: string[] = []
    for (const { view, upserts, deletes } of saved) {
      const table = this.#table(view)
      if (upserts.length > 0) {
        const columns = Object.keys(view.columns)
        steps.push(`u${steps.length} as (${upsertSql(view, table, values.length + 1)})`)
        for (const column of columns) values.push(columnArray(upserts.map(row => row[column])))
      }
      if (deletes.length > 0) {
        steps.push(`d${steps.length} as (${deleteSql(view, table, values.length + 1)})`)
        view.key.forEach((_, part) => {
          values.push(columnArray(deletes.map(key => key[part])))
        })
      }
    }
    const schema = this.#schema
    const text = `${steps.length === 0 ? '' : `with ${steps.join(', ')}`}
      select ${schema}.move_v3($1, $2, $3, $4, $5, $6, $7)`
    const name = `view-${createHash('sha1').update(text).digest('hex')}`
    await this.#database.read(pool => pool.query({ name, text, values }))
  }

  #table(view: { readonly name: string }): string {
    return `${this.#schema}."${view.name}"`
  }

  #ddl(view: AnyView): string[] {
    const columns = Object.entries(view.columns).map(
      ([column, type]) =>
        `"${snake(column)}" ${SQL_TYPES[type]}${view.key.includes(column) ? ' not null' : ''}`,
    )
    const table = this.#table(view)
    const list = (names: readonly string[]) => names.map(name => `"${snake(name)}"`).join(', ')
    return [
      `create table if not exists ${table} (
        ${columns.join(', ')}, primary key (${list(view.key)})) with (fillfactor = 80)`,
      ...view.indexes.map(
        (names, index) =>
          `create index if not exists "${view.name}_${index + 1}" on ${table} (${list(names)})`,
      ),
    ]
  }

  async #select<R extends Row>(view: View<R>, text: string, values: unknown[]): Promise<Row[]> {
    const result = await this.#database.read(pool =>
      pool.query({ text, values, types: AS_TEXT as never }),
    )
    return result.rows.map(rowReader(view as unknown as AnyView))
  }
}

/** Where the checkpoints stood when the batch was read. */
function startsOf({ positions }: Progress): Buffer {
  return int8Array(
    positions.map(({ from }) => {
      assert(from !== undefined, 'a view moves from where its batch was read')
      return from
    }),
  )
}

/** Rows come as one text array for each column, from parameter `first` on; the server casts. */
function upsertSql(view: AnyView, table: string, first: number): string {
  const names = Object.keys(view.columns)
  const columns = names.map(column => `"${snake(column)}"`)
  const rest = names.filter(column => !view.key.includes(column))
  const update = rest.map(column => `"${snake(column)}" = excluded."${snake(column)}"`)
  const key = view.key.map(column => `"${snake(column)}"`).join(', ')
  const casts = names.map(name => cast(`r."${snake(name)}"`, view.columns[name]))
  return `insert into ${table} (${columns.join(', ')})
    select ${casts.join(', ')}
    from unnest(${arraysFrom(first, names.length)}) r (${columns.join(', ')})
    on conflict (${key}) do ${update.length === 0 ? 'nothing' : `update set ${update.join(', ')}`}`
}

function deleteSql(view: AnyView, table: string, first: number): string {
  const columns = view.key.map(column => `"${snake(column)}"`)
  const same = view.key.map(
    (column, at) => `t.${columns[at]} = ${cast(`k.${columns[at]}`, view.columns[column])}`,
  )
  return `delete from ${table} t using unnest(${arraysFrom(first, columns.length)})
    k (${columns.join(', ')}) where ${same.join(' and ')}`
}

function arraysFrom(first: number, count: number): string {
  return Array.from({ length: count }, (_, at) => `$${first + at}::text[]`).join(', ')
}

function cast(expression: string, type: ColumnType | undefined): string {
  const isText = type === undefined || type === 'text' || type === 'json'
  return isText ? expression : `${expression}::${type}`
}

function columnArray(column: readonly (RowValue | undefined)[]): Buffer {
  return nullableTextArray(column.map(value => (value == null ? null : String(value))))
}

function compare<R extends Row>(
  view: View<R>,
  bounds: Partial<R> | undefined,
  operator: string,
  values: RowValue[],
): string[] {
  return Object.entries(bounds ?? {}).map(([column, value]) => {
    assert(column in view.columns, `${view.name} has no column ${column}`)
    values.push(value as RowValue)
    return `"${snake(column)}" ${operator} $${values.length}`
  })
}

function keyRow(view: { readonly key: readonly string[] }, key: readonly RowValue[]): Row {
  return Object.fromEntries(view.key.map((column, index) => [snake(column), key[index] ?? null]))
}

/** Bigints as exact JSON integers. */
function jsonRows(rows: readonly Row[]): string {
  return JSON.stringify(rows, (_, value: unknown) =>
    typeof value === 'bigint' ? JSON.rawJSON(`${value}`) : value,
  )
}

function arrayType(type: ColumnType): string {
  return type === 'json' ? 'text' : type
}
