/**
 * The database of an instance, for commands that read it directly; started for the while when
 * nothing runs.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '@tongchou/runtime/postgres/embedded.ts'
import { instanceDatabase } from '../supervisor/database.ts'
import type { Instance } from './instance.ts'
import { databaseUrlOf } from './instance.ts'

/** Throws CommandFault when there is neither a running database nor one in the data directory. */
export async function withDatabase<T>(
  instance: Instance,
  work: (url: string) => Promise<T>,
): Promise<T> {
  const { databaseUrl, dataDir } = instance
  if (databaseUrl !== null || !existsSync(join(dataDir, 'postgres'))) {
    return work(databaseUrlOf(instance))
  }
  console.error(`nothing runs on ${dataDir}: its database is started for this command`)
  const server = await startEmbeddedPostgres({ dataDir, log: () => {}, endWithParent: true })
  try {
    return await work(instanceDatabase(server.url))
  } finally {
    await server.stop()
  }
}
