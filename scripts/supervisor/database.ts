import { createDatabase, startEmbeddedPostgres } from '@tongchou/runtime/postgres/embedded.ts'
import { pause } from '@tongchou/runtime/process/identity.ts'
import type { InstanceLock } from '@tongchou/runtime/process/instance-lock.ts'
import pg from 'pg'

export type Database = {
  readonly url: string
  /** Of the embedded server now, null for one that is not ours. */
  pid(): number | null
  /** For people: no password. */
  readonly where: string
  close(): Promise<void>
}

const DATABASE = 'tongchou'
/** Address of the instance's database on an embedded server. */
export function instanceDatabase(serverUrl: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${DATABASE}`
  return url.href
}

const REACH_MS = 30_000
const RETRY_MS = 500

/** The server of TONGCHOU_DATABASE_URL when that is set, else an embedded one. */
export async function openDatabase(options: {
  readonly dataDir: string
  readonly lock: InstanceLock
  readonly say: (line: string) => void
  readonly onRestarted: () => void
  readonly onLost: (fault: Error) => void
}): Promise<Database> {
  const { TONGCHOU_DATABASE_URL: given = '' } = process.env
  if (given !== '') return await reachDatabase(given)
  const { say } = options
  const server = await startEmbeddedPostgres({ ...options, log: say })
  if (server.adopted) say(`going on with the database server ${server.pid} of an earlier start`)
  const url = await createDatabase(server.url, DATABASE)
  return {
    url,
    pid: () => server.pid,
    where: `embedded PostgreSQL on 127.0.0.1:${new URL(url).port}`,
    close: () => server.stop(),
  }
}

async function reachDatabase(url: string): Promise<Database> {
  const { host, pathname } = new URL(url)
  const where = `PostgreSQL at ${host}${pathname}`
  const giveUpAt = Date.now() + REACH_MS
  for (;;) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: REACH_MS })
    client.on('error', () => undefined)
    try {
      await client.connect()
      return { url, pid: () => null, where, close: async () => undefined }
    } catch (cause) {
      const { message, code } = cause as NodeJS.ErrnoException
      const why = message || code
      // Answers of the server itself (wrong password, no such database) do not change by waiting.
      if (/^[0-9A-Z]{5}$/.test(code ?? '') || Date.now() > giveUpAt) {
        throw new Error(`TONGCHOU_DATABASE_URL: ${where} refuses (${why})`, { cause })
      }
      await pause(RETRY_MS)
    } finally {
      await client.end().catch(() => undefined)
    }
  }
}
