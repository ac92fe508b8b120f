/** The short forms of what `test/slow` runs for minutes. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openDatabase } from '../../postgres/database.ts'
import { testDatabase } from '../../postgres/testing.ts'
import { openPostgresStore } from '../postgres.ts'
import { killDuringCommits, withDurableServer } from './testing-kill.ts'
import { latencies, loadStreams, raceWriters } from './testing-storm.ts'

let url: string
const ends: (() => Promise<void>)[] = []

before(async () => {
  url = (await testDatabase({ after: end => ends.push(end) })).url
})
after(async () => {
  for (const end of ends) await end()
})

describe('storms', () => {
  it('16 racing writers: a reader at their heels sees every position once, in order', async () => {
    const counts = await raceWriters({ url, schema: 'race', writers: 16, durationMs: 2500 })
    for (const [kind, count] of Object.entries(counts)) assert.ok(count > 0, `no ${kind}`)
  })

  it('plans made while the table was empty stay right, however many streams', async t => {
    const before = openDatabase({ url })
    // a server on slow disks, where a scan of a small table looks cheap
    await before.pool.query(
      `do $$ begin
         execute format('alter database %I set random_page_cost = 10', current_database());
       end $$`,
    )
    await before.close()
    const database = openDatabase({ url })
    const store = await openPostgresStore({ database, schema: 'plans', recent: { maxEvents: 1 } })
    t.after(() => store.close().then(() => database.close()))
    await database.pool.query('alter table plans.event set (autovacuum_enabled = off)')
    const scans = async (): Promise<number> => {
      const { rows } = await database.pool.query(
        `select seq_scan::integer as scans from pg_stat_user_tables
         where schemaname = 'plans' and relname = 'event'`,
      )
      return rows[0].scans
    }
    const scansBefore = await scans()
    await loadStreams(store, 20)
    const old = await store.readAll(0n, 10)
    const small = await latencies(store, old)
    await loadStreams(store, 20_000)
    const large = await latencies(store, old)
    await store.readStreams(old.map(({ stream }) => stream))
    for (const kind of ['fresh', 'next', 'retry', 'conflict'] as const) {
      assert.ok(large[kind] < small[kind] * 3 + 3, `${kind}: ${small[kind]} then ${large[kind]} ms`)
    }
    await sleep(1100) // a backend tells its counts at its first commit a second later
    await loadStreams(store, 1)
    assert.equal(await scans(), scansBefore)
  })

  it('kill -9 of the server during commits: what was acknowledged stands, and once', async () => {
    await withDurableServer(async server => {
      const counts = await killDuringCommits({ url: server.url, pid: () => server.pid, kills: 2 })
      assert.ok(counts.acknowledged > 100, JSON.stringify(counts))
    })
  })
})
