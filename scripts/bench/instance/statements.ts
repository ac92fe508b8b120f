/**
 * Statements as PostgreSQL counts them; the server must have been started with STATEMENT_SETTINGS.
 */
import type { Pool } from 'pg'

export const STATEMENT_SETTINGS = {
  shared_preload_libraries: 'pg_stat_statements',
  'pg_stat_statements.track_planning': 'off',
  track_io_timing: 'off',
}

export type Statements = readonly {
  readonly text: string
  readonly calls: number
  /** Time in the server, µs a claim. */
  readonly microsAClaim: number
}[]

export async function resetStatements(pool: Pool): Promise<void> {
  await pool.query('create extension if not exists pg_stat_statements')
  await pool.query('select pg_stat_statements_reset()')
}

/** Those of the services; our own questions about checkpoints and heads are left out. */
export async function statementsSince(pool: Pool, claims: number): Promise<Statements> {
  const { rows } = await pool.query<{ query: string; calls: string; ms: number }>(
    `select query, calls, total_exec_time as ms from pg_stat_statements
     where query !~ 'pg_stat_statements|group by consumer, topic|as service, pos|min\\(position\\)'
     order by total_exec_time desc`,
  )
  return rows.map(({ query, calls, ms }) => ({
    text: shortened(query),
    calls: Number(calls),
    microsAClaim: Math.round((ms * 10_000) / claims) / 10,
  }))
}

/** Column lists and parameters say little. */
function shortened(query: string): string {
  return query
    .replaceAll(/\s+/g, ' ')
    .replace(/select e\.pos.*? from/, 'select … from')
    .replace(/\(("\w+", )+"\w+"\)/, '(…)')
    .replace(/\$1, .*\$\d+\)/, '…)')
    .slice(0, 90)
}
