/**
 * The long forms of the event store's storms; minutes each. `node --test
 * test/slow/event-store.test.ts`.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  killDuringCommits,
  withDurableServer,
} from '@tongchou/runtime/event-store/postgres/testing-kill.ts'
import {
  latencies,
  loadStreams,
  raceWriters,
} from '@tongchou/runtime/event-store/postgres/testing-storm.ts'
import { openPostgresStore } from '@tongchou/runtime/event-store/postgres.ts'
import { openDatabase } from '@tongchou/runtime/postgres/database.ts'
import { testDatabase } from '@tongchou/runtime/postgres/testing.ts'

const MINUTES = Number(process.env['TONGCHOU_SLOW_MINUTES'] ?? 10)

test('16 racing writers for minutes: no position is skipped or seen twice', async t => {
  const { url } = await testDatabase(t)
  const counts = await raceWriters({
    url,
    schema: 'race',
    writers: 16,
    durationMs: MINUTES * 60_000,
  })
  t.diagnostic(JSON.stringify(counts))
})

test('300,000 streams, autovacuum off, one session: an append takes what it took', async t => {
  const database = openDatabase(await testDatabase(t))
  const store = await openPostgresStore({ database, schema: 'plans', recent: { maxEvents: 1 } })
  t.after(() => store.close().then(() => database.close()))
  await database.pool.query('alter table plans.event set (autovacuum_enabled = off)')
  await loadStreams(store, 20)
  const old = await store.readAll(0n, 10)
  const first = await latencies(store, old)
  for (const streams of [20_000, 80_000, 200_000]) {
    await loadStreams(store, streams)
    const now = await latencies(store, old)
    t.diagnostic(JSON.stringify({ streams, first, now }))
    for (const kind of ['fresh', 'next', 'retry', 'conflict'] as const) {
      assert.ok(now[kind] < first[kind] * 2 + 2, `${kind}: ${first[kind]} then ${now[kind]} ms`)
    }
  }
})

test('kill -9 of the server again and again: what was acknowledged stands, and once', async t => {
  for (let round = 0; round < MINUTES; round++) {
    await withDurableServer(async server => {
      const counts = await killDuringCommits({ url: server.url, pid: () => server.pid, kills: 4 })
      t.diagnostic(JSON.stringify(counts))
    })
  }
})
