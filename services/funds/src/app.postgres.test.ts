import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instant } from '@tongchou/contracts/time.ts'
import type { EventStore } from '@tongchou/runtime/event-store/port.ts'
import { openPostgresStore } from '@tongchou/runtime/event-store/postgres.ts'
import { openDatabase } from '@tongchou/runtime/postgres/database.ts'
import { testDatabase } from '@tongchou/runtime/postgres/testing.ts'
import { recorded } from '@tongchou/runtime/service/recorded.ts'
import { PostgresViewStore } from '@tongchou/runtime/view/postgres.ts'
import fc from 'fast-check'
import { Books } from './balance/books.ts'
import { balanceView, cutView, ledgerAccountsOf } from './balance/view.ts'
import { differences } from './check/check.ts'
import { compareBooks } from './check/comparison.ts'
import type { BookedEvent } from './journal/entries.ts'
import { type Ground, journalOf, openBedOn, say } from './testing/bed.ts'
import { histories } from './testing/history.ts'

const CENTRE = { role: 'centre', subject: 'c' } as const
const DAYS = ['2025-02-01T04:00:00.000Z', '2025-02-02T04:00:00.000Z', '2025-02-03T04:00:00.000Z']

type Sources = Pick<Ground, 'contributions' | 'claims' | 'clearing'>

/** Appends a history to the sources that its events come from. */
async function sayAll(
  events: readonly BookedEvent[],
  { contributions, claims, clearing }: Sources,
): Promise<void> {
  for (const [index, { type, data }] of events.entries()) {
    const money = type === 'PremiumReceived' || type === 'AccountCredited'
    const other = type === 'AccountMoved' ? claims : clearing
    await say(money ? contributions : other, { type, data } as never, {
      key: `key ${index % 13}`,
    })
  }
}

async function everything(store: EventStore) {
  return (await store.readAll(0n, 100_000)).map(recorded)
}

test('over PostgreSQL, stopped and started again, the books equal their sources', async t => {
  const { url } = await testDatabase(t)
  const database = openDatabase({ url })
  const open = (schema: string) => openPostgresStore({ database, schema })
  const [contributions, claims, clearing, store] = await Promise.all(
    ['contributions', 'claims', 'clearing', 'funds'].map(open),
  )
  assert.ok(contributions && claims && clearing && store)
  t.after(async () => {
    await Promise.all([contributions, claims, clearing, store].map(one => one.close()))
    await database.close()
  })
  const views = new PostgresViewStore(database, 'funds')
  const [first, second, third] = fc.sample(histories({ settleUp: true, minSteps: 35 }), {
    numRuns: 3,
    seed: 7,
  })
  assert.ok(first !== undefined && second !== undefined && third !== undefined)
  for (const [day, { events }] of [first, second, third].entries()) {
    const bed = await openBedOn({ contributions, claims, clearing, store, views })
    try {
      bed.setNow(instant(DAYS[day] ?? ''))
      await sayAll(events, { contributions, claims, clearing })
      await bed.settled()
      const check = await bed.call('GET', '/v1/self-check?run=true', {
        as: CENTRE,
      })
      assert.equal(check.get('ok'), true, check.text)
      assert.equal((check.get('checks') as { ok: unknown }[]).at(-1)?.ok, true, check.text)
    } finally {
      await bed.stop()
    }
  }
  const sources = (await Promise.all([contributions, claims, clearing].map(everything))).flat()
  const journal = await journalOf(store)
  const { faults, matched } = compareBooks(
    journal.map(({ data }) => data),
    sources,
  )
  assert.deepEqual(faults, [])
  assert.ok(matched > 30)
  const books = new Books()
  for (const event of journal) books.apply(event)
  const rows = await views.find(balanceView, { limit: 10_000 })
  assert.deepEqual(differences(books.rows(), ledgerAccountsOf(rows)), [])
  const cuts = await views.find(cutView, { limit: 10 })
  assert.deepEqual(
    cuts.map(({ bookedAt }) => bookedAt),
    DAYS.slice(0, 2),
  )
})
