import { randomBytes } from 'node:crypto'
import { chmodSync, globSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { isRunning, processStart } from '../process/identity.ts'
import { lockHolder } from '../process/instance-lock.ts'
import { createDatabase, type EmbeddedPostgres, startEmbeddedPostgres } from './embedded.ts'

export type TestDatabase = {
  /** Superuser URL of a new, empty database. */
  readonly url: string
  /** Cuts its connections and removes it; the end of the test does so too. */
  drop(): Promise<void>
}

/** What a test's end needs: `TestContext` and `SuiteContext` of node:test have it. */
type EndOfTest = { after(fn: () => Promise<void>): void }

const NOTHING_LASTS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }
const SMALL = { shared_buffers: '128MB', wal_buffers: '-1', max_wal_size: '1GB' }
const FOLDER = path.join(os.tmpdir(), 'tongchou-test-')
const END_MS = 5_000

/**
 * A database of its own for one test, on the server of the test run (TONGCHOU_TEST_DATABASE_URL).
 * Without one, the first call starts a server that lives as long as this process.
 */
export async function testDatabase(t: EndOfTest): Promise<TestDatabase> {
  const { TONGCHOU_TEST_DATABASE_URL: given } = process.env
  const server = given ?? (await ownServer())
  const name = `test_${process.pid}_${randomBytes(6).toString('hex')}`
  const url = await createDatabase(server, name)
  let dropped: Promise<void> | undefined
  const drop = (): Promise<void> => {
    dropped ??= dropDatabase(server, name)
    return dropped
  }
  t.after(drop)
  return { url, drop }
}

async function dropDatabase(server: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  try {
    await client.query(`drop database if exists ${name} with (force)`)
  } finally {
    await client.end()
  }
}

export type TestServer = { readonly url: string; stop(): Promise<void> }

/** A server in a temporary folder, fast because it keeps nothing over a crash. */
export async function startTestServer(): Promise<TestServer> {
  const { server, folder } = await startTemporary()
  return {
    url: server.url,
    stop: async () => {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

type Temporary = { readonly server: EmbeddedPostgres; readonly folder: string }

async function startTemporary(): Promise<Temporary> {
  removeLeftovers()
  const folder = mkdtempSync(FOLDER)
  chmodSync(folder, 0o755)
  const server = await startEmbeddedPostgres({
    dataDir: folder,
    log: () => undefined,
    settings: { ...NOTHING_LASTS, ...SMALL },
    endWithParent: true,
  })
  return { server, folder }
}

/** Folders of test processes that were killed. */
function removeLeftovers(): void {
  for (const folder of globSync(`${FOLDER}*`)) {
    const holder = lockHolder(folder)
    if (holder === undefined || isRunning(holder)) continue
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

let own: Promise<string> | undefined

function ownServer(): Promise<string> {
  own ??= startTemporary().then(temporary => {
    process.once('exit', () => endAtExit(temporary))
    return temporary.server.url
  })
  return own
}

/** At exit nothing asynchronous runs any more: kill, wait, remove. */
function endAtExit({ server, folder }: Temporary): void {
  const { pid } = server
  try {
    process.kill(pid, 'SIGQUIT')
  } catch {
    // Gone already.
  }
  const clock = new Int32Array(new SharedArrayBuffer(4))
  const giveUpAt = Date.now() + END_MS
  while (processStart(pid) !== undefined && Date.now() < giveUpAt) Atomics.wait(clock, 0, 0, 10)
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}
