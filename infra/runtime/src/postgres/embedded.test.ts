import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import pg from 'pg'
import { identify, isRunning, pause, waitUntilGone } from '../process/identity.ts'
import { DataFolderInUse } from '../process/instance-lock.ts'
import { serverSettings } from './embedded/settings.ts'
import { createDatabase, type EmbeddedPostgres, startEmbeddedPostgres } from './embedded.ts'
import { testDatabase } from './testing.ts'

const quiet = { log: () => undefined, settings: { fsync: 'off', shared_buffers: '128MB' } }

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return (await client.query({ text, rowMode: 'array' })).rows.flat()
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** Another process that starts a server on the folder and stays; `line` is what it printed. */
async function startElsewhere(dataDir: string): Promise<{ process: ChildProcess; line: string }> {
  const program = `
    import { startEmbeddedPostgres } from ${JSON.stringify(import.meta.resolve('./embedded.ts'))}
    const log = () => undefined
    const settings = ${JSON.stringify(quiet.settings)}
    try {
      const server = await startEmbeddedPostgres({ dataDir: process.argv[1], log, settings })
      console.log('pid ' + server.pid)
      setInterval(() => {}, 1000)
    } catch (error) {
      console.log(error.message)
    }`
  const args = ['--input-type=module', '-e', program, dataDir]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  assert.ok(child.stdout)
  const [chunk] = await once(child.stdout, 'data')
  return { process: child, line: String(chunk).trim() }
}

describe('the embedded database', () => {
  const parent = mkdtempSync(path.join(os.tmpdir(), 'tongchou embedded '))
  const dataDir = path.join(parent, 'data folder')
  let server: EmbeddedPostgres

  before(async () => {
    chmodSync(parent, 0o755)
    server = await startEmbeddedPostgres({ ...quiet, dataDir })
    await query(server.url, 'create table kept as select 7 as n')
  })

  after(async () => {
    await server.stop()
    rmSync(parent, { recursive: true, force: true })
  })

  test('runs durably when nothing else is said', async () => {
    const names = ['synchronous_commit', 'full_page_writes', 'autovacuum', 'wal_compression']
    const found = await Promise.all(names.map(name => query(server.url, `show ${name}`)))
    assert.deepEqual(found.flat(), ['on', 'on', 'on', 'off'])
    const { fsync } = serverSettings(dataDir, {})
    assert.equal(fsync, 'on')
  })

  test('lets nobody in without the password, which only its user can read', async () => {
    const url = new URL(server.url)
    url.password = 'guess'
    await assert.rejects(query(url.href, 'select 1'), { code: '28P01' })
    const { mode } = statSync(path.join(dataDir, 'postgres/tongchou.password'))
    assert.equal(mode & 0o077, 0)
  })

  test('answers by a socket in its folder, and on the loopback address', async () => {
    const asked = 'select inet_server_addr()::text'
    assert.deepEqual(await query(server.url, asked), [null])
    const tcp = new URL(server.url)
    tcp.searchParams.delete('host')
    assert.deepEqual(await query(tcp.href, asked), ['127.0.0.1/32'])
  })

  test('is reached by TCP where the path of its folder is too long for a socket', async () => {
    const deep = path.join(parent, 'd'.repeat(110))
    const other = await startEmbeddedPostgres({ ...quiet, dataDir: deep, endWithParent: true })
    assert.equal(new URL(other.url).searchParams.get('host'), null)
    assert.deepEqual(await query(other.url, 'select 1'), [1])
    await other.stop()
  })

  test('is refused to a second process, with the name of the first', async () => {
    await assert.rejects(startEmbeddedPostgres({ ...quiet, dataDir }), DataFolderInUse)
    const { line } = await startElsewhere(dataDir)
    assert.match(line, new RegExp(`data folder is in use by process ${process.pid} since 20`))
    assert.match(line, /kill \d+\), or choose another folder with --data/)
  })

  test('makes a database once, however often it is asked', async () => {
    const made = await Promise.all([1, 2, 3].map(() => createDatabase(server.url, 'tongchou')))
    assert.equal(new Set(made).size, 1)
    assert.deepEqual(await query(made[0] ?? '', 'select current_database()'), ['tongchou'])
    await assert.rejects(createDatabase(server.url, 'x"; drop'), RangeError)
  })

  test('comes back under the same URL after kill -9', async () => {
    const killed = identify(server.pid)
    process.kill(killed.pid, 'SIGKILL')
    assert.ok(await waitUntilGone(killed, 2_000))
    while (server.pid === killed.pid) await pause(20)
    assert.deepEqual(await query(server.url, 'select n from kept'), [7])
  })

  test('keeps its data over a stop and makes no second data folder', async () => {
    await server.stop()
    assert.equal(existsSync(path.join(dataDir, 'instance.lock')), false)
    server = await startEmbeddedPostgres({ ...quiet, dataDir })
    assert.equal(server.adopted, false)
    assert.deepEqual(await query(server.url, 'select n from kept'), [7])
  })

  test('is adopted after kill -9 of the process that started it', async () => {
    await server.stop()
    const elsewhere = await startElsewhere(dataDir)
    elsewhere.process.kill('SIGKILL')
    await once(elsewhere.process, 'exit')
    server = await startEmbeddedPostgres({ ...quiet, dataDir })
    assert.equal(server.adopted, true)
    assert.equal(`pid ${server.pid}`, elsewhere.line)
    assert.deepEqual(await query(server.url, 'select n from kept'), [7])
  })

  test('an orphan with other settings is stopped and started anew', async () => {
    await server.stop()
    const elsewhere = await startElsewhere(dataDir)
    const orphan = identify(Number(elsewhere.line.slice(4)))
    elsewhere.process.kill('SIGKILL')
    await once(elsewhere.process, 'exit')
    const settings = { ...quiet.settings, max_connections: '50' }
    server = await startEmbeddedPostgres({ ...quiet, dataDir, settings })
    assert.equal(server.adopted, false)
    assert.equal(isRunning(orphan), false)
    assert.deepEqual(await query(server.url, 'show max_connections'), ['50'])
  })

  test('a data folder without PG_VERSION is set aside and made again', async () => {
    await server.stop()
    rmSync(path.join(dataDir, 'postgres/PG_VERSION'))
    server = await startEmbeddedPostgres({ ...quiet, dataDir })
    await assert.rejects(query(server.url, 'select n from kept'), { code: '42P01' })
    const aside = readdirSync(dataDir).filter(name => name.startsWith('postgres.unfinished-'))
    assert.equal(aside.length, 1)
  })
})

test('every test has a database of its own, gone at its end', async t => {
  const [one, two] = await Promise.all([testDatabase(t), testDatabase(t)])
  await query(one.url, 'create table mine ()')
  assert.deepEqual(
    await query(two.url, "select count(*)::int from pg_tables where tablename = 'mine'"),
    [0],
  )
  await one.drop()
  await assert.rejects(query(one.url, 'select 1'), { code: '3D000' })
})
