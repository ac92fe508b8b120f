import { mkdirSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { isRunning } from '../process/identity.ts'
import { type InstanceLock, takeInstanceLock } from '../process/instance-lock.ts'
import { serverUser } from './embedded/binaries.ts'
import type { Cluster } from './embedded/cluster.ts'
import {
  adoptServer,
  endServer,
  launchServer,
  type ServerOptions,
  serverUrl,
} from './embedded/server.ts'
import type { Server } from './embedded/traces.ts'

export type EmbeddedPostgresOptions = {
  /** Holds `postgres/` (the data), `postgres.log` and the lock; made when missing. */
  readonly dataDir: string
  readonly log: (message: string) => void
  /** Taken by the caller for `dataDir`, who also releases it; without it the server takes one. */
  readonly lock?: InstanceLock
  /** Server settings over the durable defaults. */
  readonly settings?: Readonly<Record<string, string>>
  /** Ends with this process even at `kill -9`, where the machine has `setpriv`; for tests. */
  readonly endWithParent?: boolean
  /** The server ended on its own and runs again, under another process number. */
  readonly onRestarted?: () => void
  /** The server ended again and again and is given up. */
  readonly onLost?: (fault: Error) => void
}

export type EmbeddedPostgres = {
  /** Superuser URL of the database `postgres`, with its password: not for logs. */
  readonly url: string
  readonly pid: number
  /** An earlier process left the server running, and it goes on. */
  readonly adopted: boolean
  /** Writes everything down and ends the server; gives the data folder free. */
  stop(): Promise<void>
}

const WATCH_MS = 250
const RESTARTS_MAX = 5
const RESTART_WINDOW_MS = 60_000

/**
 * A PostgreSQL server on 127.0.0.1 with a random password, for one data folder. It is kept alive:
 * when it ends on its own it is started again on the same port, so the URL stays.
 * Throws DataFolderInUse while another process has the folder.
 */
export async function startEmbeddedPostgres(
  given: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const dataDir = path.resolve(given.dataDir)
  mkdirSync(dataDir, { recursive: true })
  const lock = given.lock ?? takeInstanceLock(dataDir)
  const release = () => (given.lock === undefined ? lock.release() : undefined)
  const folder = path.join(dataDir, 'postgres')
  const options: ServerOptions = {
    log: given.log,
    settings: given.settings ?? {},
    endWithParent: given.endWithParent ?? false,
  }
  try {
    const cluster: Cluster = { dataDir, folder, user: serverUser(folder) }
    const orphan = await adoptServer(cluster, options)
    const first = orphan ?? (await launchServer(cluster, options))
    const kept = keepAlive(cluster, { first, given, options })
    return {
      url: serverUrl(cluster, first.port),
      get pid() {
        return kept.pid()
      },
      adopted: orphan !== undefined,
      stop: async () => {
        await kept.stop()
        release()
      },
    }
  } catch (error) {
    release()
    throw error
  }
}

type KeepAlive = {
  readonly first: Server
  readonly given: EmbeddedPostgresOptions
  readonly options: ServerOptions
}
type Kept = { pid(): number; stop(): Promise<void> }

function keepAlive(cluster: Cluster, { first, given, options }: KeepAlive): Kept {
  let server = first
  let restarting: Promise<void> | undefined
  let stopped: Promise<void> | undefined
  const restartedAt: number[] = []

  async function restart(): Promise<void> {
    const recent = restartedAt.filter(at => Date.now() - at < RESTART_WINDOW_MS)
    if (recent.length >= RESTARTS_MAX) {
      throw new Error(`the database server ended ${recent.length} times within a minute`)
    }
    restartedAt.push(Date.now())
    options.log(`the database server ${server.pid} ended on its own; starting it again`)
    server = await launchServer(cluster, options, server.port)
    options.log(`the database server is back (process ${server.pid})`)
    given.onRestarted?.()
  }

  const watch = setInterval(() => {
    if (restarting !== undefined || stopped !== undefined || isRunning(server)) return
    restarting = restart()
      .catch((fault: Error) => {
        clearInterval(watch)
        given.onLost?.(fault)
      })
      .finally(() => {
        restarting = undefined
      })
  }, WATCH_MS)
  watch.unref()

  async function stop(): Promise<void> {
    clearInterval(watch)
    await restarting
    await endServer(cluster, server)
  }

  return {
    pid: () => server.pid,
    stop: () => {
      stopped ??= stop()
      return stopped
    },
  }
}

const DATABASE_NAME = /^[a-z][a-z0-9_]{0,62}$/
const ALREADY_THERE = ['42P04', '23505']

/**
 * Makes the database unless it is there and returns its URL. `url` is one of a role that may create
 * databases. Throws RangeError on a name that is not lowercase letters, digits and underscores.
 */
export async function createDatabase(url: string, name: string): Promise<string> {
  if (!DATABASE_NAME.test(name)) throw new RangeError(`not a database name: ${name}`)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [name])
    if (found.rowCount === 0) await client.query(`create database ${name}`)
  } catch (error) {
    if (!ALREADY_THERE.includes((error as { code?: string }).code ?? '')) throw error
  } finally {
    await client.end()
  }
  const made = new URL(url)
  made.pathname = `/${name}`
  return made.href
}
