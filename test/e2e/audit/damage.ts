/** Damage done to a database behind the services' backs, one at a time, and undone again. */
import assert from 'node:assert/strict'
import pg from 'pg'
import { openDatabaseSource } from '../../../scripts/audit/source/database.ts'
import type { Audit } from '../../../scripts/audit/verify.ts'
import { verify } from '../../../scripts/audit/verify.ts'

export type Place = { readonly url: string; readonly dataDir: string }

/** The audit in this thread. */
export async function audited({ url, dataDir }: Place): Promise<Audit> {
  const { source, address } = await openDatabaseSource(url, dataDir)
  try {
    return await verify(source, address, { threads: 0 })
  } finally {
    await source.close()
  }
}

/**
 * What the audit says while the statements have their effect; the tables they name are put back
 * afterwards.
 */
export async function auditedWith(
  place: Place,
  tables: readonly string[],
  ...statements: readonly string[]
): Promise<Audit> {
  const client = new pg.Client({ connectionString: place.url })
  await client.connect()
  try {
    for (const table of tables) {
      await client.query(`create temp table "kept ${table}" as table ${table}`)
    }
    for (const statement of statements) {
      const { rowCount } = await client.query(statement)
      assert.ok((rowCount ?? 0) > 0, `nothing is damaged by ${statement}`)
    }
    return await audited(place)
  } finally {
    for (const table of tables) {
      await client.query(`delete from ${table}`)
      await client.query(`insert into ${table} table "kept ${table}"`)
    }
    await client.end()
  }
}

/** `check service position: detail` of every finding. */
export function told({ findings }: Audit): readonly string[] {
  return findings.map(
    ({ check, service, position, detail }) => `${check} ${service} ${position ?? '-'}: ${detail}`,
  )
}
