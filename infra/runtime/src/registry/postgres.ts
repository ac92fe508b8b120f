/**
 * Changes in the table `registry.change`; its primary key gives each revision to one writer. A
 * revision is written only after the one before it was read, so there are no gaps.
 */
import type { Database } from '../postgres/database.ts'
import type { Change, NumberedChange, RegistryLog } from './port.ts'

/** Several processes may create at once: an advisory lock lets one do it. */
const TABLE = `
  select pg_advisory_xact_lock(hashtext('tongchou.migrate.registry'));
  create schema if not exists registry;
  create table if not exists registry.change (
    revision integer primary key,
    change jsonb not null,
    made_at timestamptz not null default now()
  );`

/** Creates the table when it is missing, then opens. Throws Fault `unavailable`. */
export async function openPostgresRegistryLog(database: Database): Promise<RegistryLog> {
  await database.read(pool => pool.query(TABLE))
  return {
    after: (revision, limit) =>
      database.read(async pool => {
        const { rows } = await pool.query<Row>({
          name: 'registry.after',
          text: `select revision, change from registry.change
            where revision > $1 order by revision limit $2`,
          values: [revision, limit],
        })
        return rows satisfies readonly NumberedChange[]
      }),
    append: (revision, change) =>
      database.read(async pool => {
        const { rowCount } = await pool.query({
          name: 'registry.append',
          text: `insert into registry.change (revision, change) values ($1, $2)
            on conflict (revision) do nothing`,
          values: [revision, JSON.stringify(change)],
        })
        return rowCount === 1
      }),
  }
}

type Row = { readonly revision: number; readonly change: Change }
