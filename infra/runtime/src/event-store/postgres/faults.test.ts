/**
 * What networks, servers and other clients do to the store; what was acknowledged stays, and stays
 * once.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { after, before, describe, it, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '../../message-log/testing.ts'
import { type Database, type DatabaseOptions, openDatabase } from '../../postgres/database.ts'
import { testDatabase } from '../../postgres/testing.ts'
import { openPostgresStore, type PostgresStore } from '../postgres.ts'
import {
  appendOf,
  appendOne,
  assertIntact,
  newEvents,
  newStream,
  progressTo,
  put,
  readWhole,
} from '../testing.ts'
import { startProxy } from './testing-proxy.ts'

let url: string
let count = 0
const ends: (() => Promise<void>)[] = []
const TIMES = { unavailableMs: 3000, statementTimeoutMs: 1000, lockTimeoutMs: 500 }

before(async () => {
  url = (await testDatabase({ after: end => ends.push(end) })).url
})
after(async () => {
  for (const end of ends) await end()
})

type Opened = { readonly store: PostgresStore; readonly database: Database }

async function open(
  t: TestContext,
  over: Partial<DatabaseOptions> = {},
  name?: string,
): Promise<Opened> {
  count += 1
  const database = openDatabase({ url, ...TIMES, readers: 2, ...over })
  const store = await openPostgresStore({ database, schema: name ?? `faults_${count}` })
  t.after(() => store.close().then(() => database.close()))
  return { store, database }
}

describe('connection', () => {
  it('a reply that is lost behind the commit: the retry gives the first answer', async t => {
    const proxy = await startProxy(t, url)
    const { store } = await open(t, { url: proxy.url })
    await put(store, newStream(), newEvents(1))
    const append = appendOf(newStream(), newEvents(3))
    proxy.cutNextReply()
    const outcome = await appendOne(store, append)
    assert.ok(proxy.cuts() > 0)
    assert.deepEqual(outcome, {
      status: 'duplicate',
      head: { version: 3, hash: append.hashes[2] },
      position: 2n,
    })
    assertIntact(await readWhole(store))
    assert.equal((await store.head()).position, 4n)
  })

  it('a lost reply to a batch with progress: effect and checkpoint stand once', async t => {
    const proxy = await startProxy(t, url)
    const { store } = await open(t, { url: proxy.url })
    const consumer = { group: 'g.c', topic: 'clearing.claim.v1' }
    const who = { ...consumer, owner: 'a', ttlMs: 60_000, partitions: [0, 1] }
    const leases = await store.progress.acquire(who)
    const progress = await progressTo(store, consumer, leases, 9n)
    const message = { partition: 1, key: 'k', position: 9n, reason: 'bad', parkedAtMs: 1 }
    await put(store, newStream(), newEvents(1))
    const [event] = await store.readAll(0n, 1)
    assert.ok(event !== undefined)
    proxy.cutNextReply()
    const [outcome] = await store.append(
      [appendOf(newStream(), newEvents(1))],
      [{ ...progress, park: [{ ...message, event }] }],
    )
    assert.equal(outcome?.status, 'duplicate')
    assert.equal((await store.head()).position, 2n)
    assert.equal((await store.progress.parked({})).length, 1)
    const positions = await store.progress.positions(consumer.group, consumer.topic)
    assert.deepEqual([...positions.values()], [9n, 9n])
  })

  it('cut again and again under load: every acknowledged append stands once', async t => {
    const proxy = await startProxy(t, url)
    const { store } = await open(t, { url: proxy.url })
    const stop = performance.now() + 1500
    const streams: string[] = []
    const callers = Array.from({ length: 20 }, async () => {
      while (performance.now() < stop) {
        const append = appendOf(newStream(), newEvents(1))
        const { status } = await appendOne(store, append)
        assert.ok(status === 'appended' || status === 'duplicate')
        streams.push(append.stream)
      }
    })
    for (let n = 0; performance.now() < stop; n++) {
      await sleep(60)
      if (n % 2 === 0) proxy.cutNextReply()
      else proxy.cutAll()
    }
    await Promise.all(callers)
    assert.ok(proxy.cuts() > 3)
    const events = await readWhole(store)
    assertIntact(events)
    assert.deepEqual(events.map(({ stream }) => stream).sort(), streams.toSorted())
  })

  it('a network that swallows everything: Fault unavailable in time, then well again', async t => {
    const proxy = await startProxy(t, url)
    const { store } = await open(t, { url: proxy.url, unavailableMs: 600 })
    await put(store, newStream(), newEvents(1))
    proxy.freeze()
    const start = performance.now()
    const appends = Array.from({ length: 5 }, () => appendOf(newStream(), newEvents(1)))
    const results = await Promise.allSettled(appends.map(append => store.append([append])))
    const tookMs = performance.now() - start
    assert.ok(results.every(r => r.status === 'rejected' && r.reason.code === 'unavailable'))
    assert.ok(tookMs < 2500, `took ${tookMs} ms`)
    await assert.rejects(store.readAll(1n, 10), { code: 'unavailable', retryable: true })
    proxy.thaw()
    const outcome = await appendOne(store, appendOf(newStream(), newEvents(1)))
    assert.equal(outcome.status, 'appended')
    assertIntact(await readWhole(store))
  })

  it('a listener that is cut listens again', async t => {
    const { store, database } = await open(t)
    const other = await open(t, {}, store.schema)
    const heard: bigint[] = []
    other.store.onAppend(position => heard.push(position))
    await until('listening', () => other.database.listener.connected && database.listener.connected)
    for (let n = 1n; n <= 2n; n++) {
      await endSessions(database)
      await until(
        'listening',
        () => other.database.listener.connected && database.listener.connected,
      )
      await put(store, newStream(), newEvents(1))
      await until('heard', () => heard.at(-1) === n)
    }
  })
})

/** Ends all other sessions of the database, as a restart would. */
async function endSessions(database: Database): Promise<void> {
  const session = await database.connect()
  await session.client.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid()`,
  )
  session.destroy()
  await sleep(50)
}

describe('other clients', () => {
  it('one that is stopped while it holds the head is ended, and writers go on', async t => {
    const { store } = await open(t)
    await put(store, newStream(), newEvents(1))
    const module = import.meta.resolve('../../postgres/database.ts')
    const script = `
      import { openDatabase } from ${JSON.stringify(module)}
      const database = openDatabase({ url: process.env.DATABASE, idleInTransactionMs: 500 })
      const { client } = await database.connect()
      await client.query('begin')
      await client.query('select pos from ${store.schema}.head where id = 1 for update')
      console.log('held')
      setInterval(() => {}, 1000)`
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      env: { ...process.env, DATABASE: url },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    t.after(() => child.kill('SIGKILL'))
    await once(child.stdout, 'data')
    child.kill('SIGSTOP')
    const start = performance.now()
    const outcome = await appendOne(store, appendOf(newStream(), newEvents(1)))
    assert.equal(outcome.status, 'appended')
    assert.ok(performance.now() - start < 2500)
  })

  it('one that writes for hours in another database delays no reader', async t => {
    const elsewhere = openDatabase({ ...(await testDatabase(t)), idleInTransactionMs: 60_000 })
    t.after(() => elsewhere.close())
    const { client, destroy } = await elsewhere.connect()
    await client.query('create table open (n integer)')
    await client.query('begin')
    await client.query('insert into open values (1)')
    const { store } = await open(t)
    await put(store, newStream(), newEvents(3))
    const fresh = await open(t, {}, store.schema)
    assert.equal((await fresh.store.readAll(0n, 10)).length, 3)
    destroy()
  })
})
