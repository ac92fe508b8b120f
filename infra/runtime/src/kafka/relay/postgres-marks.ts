/** Marks of a relay in the service's schema: one row, written by one statement. */
import type { Database } from '../../postgres/database.ts'
import { Fault } from '../../service/fault.ts'
import type { Sending } from '../client.ts'
import type { Again, Marks, RelayMarks } from './marks.ts'

type StoredLine = { readonly sequence: string; readonly position: string }
/** Bytes in Base64. */
type StoredRecord = {
  readonly key: string | null
  readonly value: string | null
  readonly headers: Readonly<Record<string, string>>
  readonly timestampMs: number
}
type StoredSending = Omit<Sending, 'records'> & { readonly records: readonly StoredRecord[] }
type MarkRow = {
  readonly position: string
  readonly lines: Record<string, StoredLine>
  readonly unsent: readonly StoredSending[]
}
type AgainRow = { readonly topic: string; readonly partition: number; readonly after: string }

/** Makes the tables where they are missing; several processes may do so at once. */
export async function openPostgresMarks(database: Database, schema: string): Promise<RelayMarks> {
  await database.read(pool => pool.query(tablesOf(schema)))
  async function query<R extends object>(text: string, values: unknown[] = []): Promise<R[]> {
    return (await database.read(pool => pool.query<R>(text, values))).rows
  }
  return {
    async load(epoch) {
      const [row] = await query<MarkRow>(
        `update ${schema}.relay_mark set epoch = greatest(epoch, $1)
         returning position, lines, unsent`,
        [epoch],
      )
      return marksFrom(row)
    },
    async save({ position, lines, unsent }, epoch) {
      const kept = JSON.stringify(unsent.map(storedSending))
      const rows = await query(
        `update ${schema}.relay_mark set position = $1, lines = $2, unsent = $3
         where epoch = $4 returning 1`,
        [position.toString(), JSON.stringify(storedFrom(lines)), kept, epoch],
      )
      if (rows.length === 0) throw new Fault('fenced', `another relay of ${schema} has the lease`)
    },
    async ask({ topic, partition, after }) {
      await query(
        `insert into ${schema}.relay_again (topic, partition, after) values ($1, $2, $3)
         on conflict (topic, partition) do update set after = least(relay_again.after, $3)`,
        [topic, partition, after.toString()],
      )
    },
    async asked(): Promise<readonly Again[]> {
      const rows = await query<AgainRow>(`select * from ${schema}.relay_again`)
      return rows.map(row => ({ ...row, after: BigInt(row.after) }))
    },
    async answered({ topic, partition, after }) {
      await query(
        `delete from ${schema}.relay_again where topic = $1 and partition = $2 and after = $3`,
        [topic, partition, after.toString()],
      )
    },
  }
}

function tablesOf(schema: string): string {
  return `
    select pg_advisory_xact_lock(hashtext('tongchou.migrate.${schema}'));
    create schema if not exists ${schema};
    create table if not exists ${schema}.relay_mark (
      id smallint primary key check (id = 1),
      epoch integer not null,
      position bigint not null,
      lines jsonb not null,
      unsent jsonb not null default '[]'
    ) with (fillfactor = 50);
    insert into ${schema}.relay_mark values (1, 0, 0, '{}') on conflict do nothing;
    create table if not exists ${schema}.relay_again (
      topic text not null,
      partition integer not null,
      after bigint not null,
      primary key (topic, partition)
    );`
}

function storedFrom(lines: Marks['lines']): Record<string, StoredLine> {
  const stored = [...lines].map(([name, { sequence, position }]) => {
    return [name, { sequence: sequence.toString(), position: position.toString() }] as const
  })
  return Object.fromEntries(stored)
}

function marksFrom(row: MarkRow | undefined): Marks {
  const lines = Object.entries(row?.lines ?? {}).map(([name, { sequence, position }]) => {
    return [name, { sequence: BigInt(sequence), position: BigInt(position) }] as const
  })
  const unsent = (row?.unsent ?? []).map(sendingFrom)
  return { position: BigInt(row?.position ?? 0), lines: new Map(lines), unsent }
}

function storedSending({ records, ...place }: Sending): StoredSending {
  const stored = records.map(({ key, value, headers, timestampMs }) => ({
    key: key?.toString('base64') ?? null,
    value: value?.toString('base64') ?? null,
    headers: mapped(headers, bytes => bytes.toString('base64')),
    timestampMs,
  }))
  return { ...place, records: stored }
}

function sendingFrom({ records, ...place }: StoredSending): Sending {
  const made = records.map(({ key, value, headers, timestampMs }) => ({
    key: key === null ? null : Buffer.from(key, 'base64'),
    value: value === null ? null : Buffer.from(value, 'base64'),
    headers: mapped(headers, text => Buffer.from(text, 'base64')),
    timestampMs,
  }))
  return { ...place, records: made }
}

function mapped<A, B>(values: Readonly<Record<string, A>>, of: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, of(value)]))
}
