import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { assert } from '@tongchou/contracts/decision.ts'
import { TOPICS, type Topic } from '@tongchou/contracts/topics.ts'
import type { Session } from '../../postgres/database.ts'

const FILES = ['schema.sql', 'append.sql', 'progress.sql', 'consume.sql'] as const
const SCHEMA_NAME = /^[a-z][a-z0-9_]{0,50}$/

const sources = FILES.map(name => readFileSync(new URL(name, import.meta.url), 'utf8'))

/** Throws AssertionFault: names go into SQL text, so they are plain lowercase identifiers. */
export function assertSchemaName(schema: string): void {
  assert(SCHEMA_NAME.test(schema), `not a schema name: '${schema}'`)
}

/**
 * Creates or brings up to date the store's tables and functions. Any number of processes may do
 * this at once: one at a time does it. A function whose parameters change gets a new name (`_v2`),
 * so that processes of the release before go on beside this one.
 */
export async function migrateStore({ client }: Session, schema: string): Promise<void> {
  assertSchemaName(schema)
  await client.query('begin')
  try {
    await client.query("set local client_min_messages = 'warning'")
    await client.query('set local lock_timeout = 0')
    await client.query(`select pg_advisory_xact_lock(hashtext('tongchou.migrate.${schema}'))`)
    for (const source of [...sources, rareIndex(schema)])
      await client.query(source.replaceAll('{schema}', schema))
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error
  }
}

/**
 * Types of broadcast topics, in a service that says other things too: rare in its log, and read
 * from the start at every start of a process. Empty where there are none.
 */
function rareIndex(schema: string): string {
  const topics: readonly Topic[] = Object.values(TOPICS).filter(({ service }) => service === schema)
  const rare = topics.filter(({ keyedBy }) => keyedBy === 'broadcast')
  if (rare.length === 0 || rare.length === topics.length) return ''
  const types = rare.flatMap(({ events }) => events).sort()
  const name = `event_rare_${hash('sha1', types.join()).slice(0, 8)}`
  const list = types.map(type => `'${type}'`).join(', ')
  return `create index if not exists ${name} on {schema}.event (pos) where type in (${list})`
}
