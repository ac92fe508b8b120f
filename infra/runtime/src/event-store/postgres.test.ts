import assert from 'node:assert/strict'
import { after, before, describe, it, type TestContext } from 'node:test'
import type { EventType } from '@tongchou/contracts/events.generated.ts'
import { until } from '../message-log/testing.ts'
import { type Database, openDatabase } from '../postgres/database.ts'
import { testDatabase } from '../postgres/testing.ts'
import { eventStoreContract } from './contract.ts'
import type { StoredEvent } from './port.ts'
import { openPostgresStore, type PostgresStore } from './postgres.ts'
import { type Range, readRange } from './range.ts'
import { appendOf, assertIntact, BYTES, newEvent, newEvents, newStream, put } from './testing.ts'

let database: Database
let url: string
let count = 0
const ends: (() => Promise<void>)[] = []

before(async () => {
  url = (await testDatabase({ after: end => ends.push(end) })).url
  database = openDatabase({ url })
  ends.unshift(() => database.close())
})
after(async () => {
  for (const end of ends) await end()
})

async function open(t: TestContext): Promise<PostgresStore> {
  count += 1
  const store = await openPostgresStore({ database, schema: `store_${count}` })
  t.after(() => store.close())
  return store
}

eventStoreContract('postgres', open)

describe('postgres: several processes', () => {
  it('another process hears of an append, and of those before it listened', async t => {
    const here = await open(t)
    await put(here, newStream(), newEvents(2))
    const other = openDatabase({ url })
    const there = await openPostgresStore({ database: other, schema: here.schema })
    t.after(() => there.close().then(() => other.close()))
    const heard: bigint[] = []
    there.onAppend(position => heard.push(position))
    await until('listening', () => other.listener.connected)
    await put(here, newStream(), newEvents(1))
    await until('heard', () => heard.at(-1) === 3n)
  })

  it('ten that start at once on an empty database make one store', async t => {
    const schema = 'at_once'
    const stores = await Promise.all(
      Array.from({ length: 10 }, () => openPostgresStore({ database, schema })),
    )
    t.after(() => Promise.all(stores.map(store => store.close())))
    const heads = await Promise.all(stores.map(store => store.head()))
    assert.equal(new Set(heads.map(({ incarnation }) => incarnation)).size, 1)
  })

  it('a store that was exchanged for another one is refused', async t => {
    const store = await open(t)
    await put(store, newStream(), newEvents(2))
    await database.pool.query(`update ${store.schema}.head set incarnation = gen_random_uuid()`)
    const append = appendOf(newStream(), newEvents(1))
    await assert.rejects(store.append([append]), { code: 'incarnation' })
  })

  it('a store that lost what was acknowledged is refused', async t => {
    const store = await open(t)
    await put(store, newStream(), newEvents(2))
    await database.pool.query(`delete from ${store.schema}.event where pos = 2`)
    await database.pool.query(`update ${store.schema}.head set pos = 1`)
    const append = appendOf(newStream(), newEvents(1))
    await assert.rejects(store.append([append]), { code: 'hole' })
  })

  it('a missing position is a hole, on short pages and on long ones', async t => {
    const store = await open(t)
    await put(store, newStream(), newEvents(200))
    await database.pool.query(`delete from ${store.schema}.event where pos = 150`)
    const fresh = await openPostgresStore({ database, schema: store.schema })
    t.after(() => fresh.close())
    await assert.rejects(fresh.readAll(145n, 10), { code: 'hole' })
    await assert.rejects(fresh.readAll(0n, 200), { code: 'hole' })
  })

  it('pages by copy and pages by query are the same', async t => {
    const store = await open(t)
    const events = newEvents(60, { data: BYTES }).concat(newEvents(60, { type: 'ClaimHeld' }))
    await put(store, newStream(), events)
    const fresh = await openPostgresStore({
      database,
      schema: store.schema,
      recent: { maxEvents: 1 },
    })
    t.after(() => fresh.close())
    const collect = async (range: Partial<Range>): Promise<StoredEvent[]> => {
      const all: StoredEvent[] = []
      for await (const page of readRange(fresh, { after: 0n, ...range })) all.push(...page)
      return all
    }
    const only = new Set(['ClaimHeld'] as const)
    const some = await collect({ only })
    const short = await collect({ pageSize: 5 })
    assertIntact(short)
    assert.deepEqual(await collect({}), short)
    assert.deepEqual(await collect({ after: 7n, upTo: 113n, pageSize: 50 }), short.slice(7, 113))
    assert.deepEqual(some.slice(60), short.slice(60))
    assert.ok(some.slice(0, 60).every(({ data, meta }) => data.length + meta.length === 0))
  })

  it('what was read without its bytes is read again for those who want them', async t => {
    const store = await open(t)
    await put(store, newStream(), newEvents(3))
    const fresh = await openPostgresStore({ database, schema: store.schema })
    t.after(() => fresh.close())
    await fresh.readAll(0n, 3, new Set(['ClaimHeld'] as const))
    assertIntact(await fresh.readAll(0n, 3, new Set(['ClaimSubmitted'] as const)))
    assertIntact(await fresh.readAll(0n, 3))
  })

  it('events of broadcast topics are found by an index of their own in a long log', async t => {
    const store = await openPostgresStore({ database, schema: 'claims' })
    t.after(() => store.close())
    await put(store, newStream(), [
      newEvent({ type: 'PackPublished' }),
      ...newEvents(2000, { type: 'ClaimAdjudicated' }),
      newEvent({ type: 'PackPublished' }),
    ])
    const range = { after: 0n, upTo: 2002n, limit: 10 }
    const found = await store.readTypes(new Set(['PackPublished'] as const), range)
    assert.deepEqual(
      found.map(({ position }) => position),
      [1n, 2002n],
    )
    const plan = await database.pool.query(
      `explain select e.data from claims.event e
       where e.type in ('PackPublished') and e.pos > 0 and e.pos <= 2002 order by e.pos`,
    )
    assert.match(JSON.stringify(plan.rows), /event_rare_/)
  })

  it('one caller whose bytes the database refuses harms no other', async t => {
    const store = await open(t)
    const bad = appendOf(newStream(), [newEvent({ type: 'Claim\u0000' as EventType })])
    const good = Array.from({ length: 5 }, () => appendOf(newStream(), newEvents(1)))
    const results = await Promise.allSettled([bad, ...good].map(append => store.append([append])))
    assert.deepEqual(
      results.map(({ status }) => status),
      ['rejected', ...good.map(() => 'fulfilled')],
    )
    assert.equal((await store.head()).position, 5n)
  })

  it('when too much waits, callers are told at once', async t => {
    const { schema } = await open(t)
    const store = await openPostgresStore({ database, schema, maxQueuedEvents: 10, maxEvents: 5 })
    t.after(() => store.close())
    const appends = Array.from({ length: 30 }, () => appendOf(newStream(), newEvents(1)))
    const results = await Promise.allSettled(appends.map(append => store.append([append])))
    const refused = results.filter(result => result.status === 'rejected')
    assert.equal(refused.length, 20)
    assert.ok(refused.every(({ reason }) => reason.code === 'overloaded' && reason.retryable))
    assert.equal((await store.head()).position, 10n)
  })
})
