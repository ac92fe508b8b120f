import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AccountCredited } from '@tongchou/contracts/events.generated.ts'
import type { PersonId } from '@tongchou/contracts/id.ts'
import { fen } from '@tongchou/contracts/money.ts'
import { fixedMeta, idFor } from '@tongchou/contracts/testing/fixed.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import { PARTITIONS, TOPICS } from '@tongchou/contracts/topics.ts'
import fc from 'fast-check'
import { chain, EMPTY_HEAD } from '../event-store/chain.ts'
import type { EventStore } from '../event-store/port.ts'
import { openPostgresStore } from '../event-store/postgres.ts'
import { openPostgresLog } from '../message-log/postgres.ts'
import { openDatabase } from '../postgres/database.ts'
import { testDatabase } from '../postgres/testing.ts'
import { Fault } from '../service/fault.ts'
import type { Recorded } from '../service/recorded.ts'
import { recorded, toStore } from '../service/recorded.ts'
import { MemoryViewStore } from './memory.ts'
import type { View } from './port.ts'
import { anyView } from './port.ts'
import { PostgresViewStore } from './postgres.ts'
import { runViews, type ViewGroup } from './run.ts'

type BalanceRow = {
  readonly regionCode: string
  readonly kind: string
  readonly amountFen: bigint
  readonly count: number
  readonly last: string | null
  readonly odd: boolean
}

/** Sums by region and kind; a sum of exactly 50 disappears, so that deletes happen too. */
const balance: View<BalanceRow> = {
  name: 'balance',
  topic: TOPICS.accountCredit,
  columns: {
    regionCode: 'text',
    kind: 'text',
    amountFen: 'bigint',
    count: 'integer',
    last: 'text',
    odd: 'boolean',
  },
  key: ['regionCode', 'kind'],
  indexes: [['amountFen']],
  version: 1,
  project: event => {
    const { data } = event as Recorded<'AccountCredited'>
    const { regionCode, kind, creditNo } = data
    return [
      {
        key: [regionCode, kind],
        apply: row => {
          const amountFen = (row?.amountFen ?? 0n) + data.amountFen
          if (amountFen === 50n) return undefined
          const count = (row?.count ?? 0) + 1
          const last = creditNo.startsWith('n') ? null : creditNo
          return { regionCode, kind, amountFen, count, last, odd: count % 2 === 1 }
        },
      },
    ]
  },
}

const credit = fc.record({
  creditNo: fc
    .string({ unit: 'grapheme', maxLength: 8 })
    .map(text => text.replaceAll('\u0000', '')),
  regionCode: fc.constantFrom('110100', '120100', "it's", '"quoted"', '{brace}', '空 格'),
  kind: fc.constantFrom('openingBalance', 'monthly', 'correction'),
  amount: fc.constantFrom(50n, 1n, -7n, 2n ** 62n / 1000n),
})

async function say(
  store: EventStore,
  credits: readonly { creditNo: string; regionCode: string; kind: string; amount: bigint }[],
) {
  const { position } = await store.head()
  const appends = credits.map((item, index) => {
    const stream = `credit-${idFor(`${position}/${index}`)}`
    const data: AccountCredited = {
      creditNo: item.creditNo,
      personId: idFor<PersonId>('p'),
      regionCode: item.regionCode,
      scheme: 'employee',
      kind: item.kind as AccountCredited['kind'],
      amountFen: fen(item.amount),
      creditedOn: businessDate('2025-01-01'),
    }
    const events = [toStore({ type: 'AccountCredited', data }, fixedMeta(stream), 0, 'p', false)]
    return { stream, expected: EMPTY_HEAD, events, hashes: chain(EMPTY_HEAD, stream, events) }
  })
  if (appends.length > 0) await store.append(appends)
}

/** A database of its own with a store, its log and its views; closed when the test ends. */
async function openViews(t: TestContext) {
  const { url } = await testDatabase(t)
  const database = openDatabase({ url })
  const store = await openPostgresStore({ database, schema: 'contributions' })
  const log = openPostgresLog({ stores: new Map([['contributions', store]]) })
  const views = new PostgresViewStore(database, 'contributions')
  t.after(async () => {
    await log.close()
    await store.close()
    await database.close()
  })
  return { store, log, views }
}

function groupLingering(lingerMs: number): ViewGroup {
  const views = [anyView(balance)]
  return { group: 'test.view', topic: TOPICS.accountCredit, views, lingerMs }
}

test('rows kept in Postgres equal a fold in memory, after any history and after a rebuild', async t => {
  const { store, log, views } = await openViews(t)
  const viewGroup = groupLingering(1)
  const run = async () => {
    await views.ensure(viewGroup.group, viewGroup.views)
    return runViews({ viewGroup, log, store, views })
  }
  const caughtUp = async (running: { handled(): bigint }) => {
    const { position } = await store.head()
    while (running.handled() < position) await sleep(2)
  }
  const folded = async () => {
    const memory = new MemoryViewStore()
    for (const event of await store.readAll(0n, 100_000))
      memory.apply(viewGroup.views, recorded(event))
    return memory.find(balance, { limit: 1000 })
  }
  let running = await run()
  await fc.assert(
    fc.asyncProperty(fc.array(credit, { maxLength: 40 }), async credits => {
      await say(store, credits)
      await caughtUp(running)
      assert.deepEqual(await views.all(balance), await folded())
    }),
    { numRuns: 25 },
  )
  const before = await views.all(balance)
  await running.stop()
  await views.drop(viewGroup.group, viewGroup.views)
  assert.deepEqual(await views.all(balance), [])
  running = await run()
  await caughtUp(running)
  assert.deepEqual(await views.all(balance), before)
})

test('messages that come one at a time, as after a crash, are not lingered over', async t => {
  const { store, log, views } = await openViews(t)
  const viewGroup = groupLingering(3_600_000)
  await views.ensure(viewGroup.group, viewGroup.views)
  const partitions = Array.from({ length: PARTITIONS }, (_, partition) => partition)
  const dead = { partitions, owner: 'dead', ttlMs: 1 }
  await store.progress.acquire({ ...dead, group: 'test.view', topic: TOPICS.accountCredit.name })
  await sleep(10)
  const running = await runViews({ viewGroup, log, store, views })
  for (const creditNo of ['1', '2', '3']) {
    await say(store, [{ creditNo, regionCode: '110100', kind: 'monthly', amount: 1n }])
    while (running.handled() < (await store.head()).position) await sleep(2)
  }
  assert.equal((await views.all(balance))[0]?.amountFen, 3n)
})

test('rows of a holder that lost its lease are not written', async t => {
  const { store, views } = await openViews(t)
  const [group, topic] = ['test.view', TOPICS.accountCredit.name]
  await views.ensure(group, [anyView(balance)])
  const request = { group, topic, partitions: [0], owner: 'a', ttlMs: 1 }
  const [lease] = await store.progress.acquire(request)
  await sleep(10)
  await store.progress.acquire({ ...request, owner: 'b', ttlMs: 60_000 })
  const row = {
    regionCode: '110100',
    kind: 'monthly',
    amountFen: 1n,
    count: 1,
    last: null,
    odd: true,
  }
  const saved = [{ view: anyView(balance), upserts: [row], deletes: [] }]
  const positions = [{ partition: 0, position: 1n, epoch: lease?.epoch ?? 0, from: 0n }]
  const progress = { group, topic, incarnation: store.incarnation, positions }
  await assert.rejects(
    views.save(saved, progress),
    (error: unknown) => error instanceof Fault && error.code === 'fenced',
  )
  assert.deepEqual(await views.all(balance), [])
})

test('a batch that was stored and not known to be is refused: sums do not count it twice', async t => {
  const { store, views } = await openViews(t)
  const [group, topic] = ['test.view', TOPICS.accountCredit.name]
  await views.ensure(group, [anyView(balance)])
  const request = { group, topic, partitions: [0], owner: 'a', ttlMs: 60_000 }
  const [lease] = await store.progress.acquire(request)
  const row = { regionCode: '110100', kind: 'monthly', count: 1, last: null, odd: true }
  const move = (amountFen: bigint, from: bigint, position: bigint) => {
    const saved = [{ view: anyView(balance), upserts: [{ ...row, amountFen }], deletes: [] }]
    const positions = [{ partition: 0, position, epoch: lease?.epoch ?? 0, from }]
    return views.save(saved, { group, topic, incarnation: store.incarnation, positions })
  }
  const isFenced = (error: unknown) => error instanceof Fault && error.code === 'fenced'
  await move(5n, 0n, 1n)
  await assert.rejects(move(10n, 0n, 1n), isFenced)
  await assert.rejects(move(12n, 0n, 2n), isFenced)
  assert.deepEqual(
    (await views.all(balance)).map(({ amountFen }) => amountFen),
    [5n],
  )
  await move(7n, 1n, 2n)
  assert.deepEqual(
    (await views.all(balance)).map(({ amountFen }) => amountFen),
    [7n],
  )
})

test('rows are found by equality, bounds and order, in both stores alike', async t => {
  const { store, views: postgres } = await openViews(t)
  const memory = new MemoryViewStore()
  const [group, topic] = ['test.view', TOPICS.accountCredit.name]
  await postgres.ensure(group, [anyView(balance)])
  const [lease] = await store.progress.acquire({
    group,
    topic,
    partitions: [0],
    owner: 'a',
    ttlMs: 60_000,
  })
  const upserts = ['110100', '120100', 'A', 'a', 'é', '中'].flatMap((regionCode, index) =>
    ['monthly', 'correction'].map(kind => ({
      regionCode,
      kind,
      amountFen: BigInt(index * 10 - 20),
      count: index,
      last: index === 2 ? null : `${index}`,
      odd: index % 2 === 1,
    })),
  )
  const saved = [{ view: anyView(balance), upserts, deletes: [] }]
  const positions = [{ partition: 0, position: 1n, epoch: lease?.epoch ?? 0, from: 0n }]
  const progress = { group, topic, incarnation: store.incarnation, positions }
  await postgres.save(saved, progress)
  await memory.save(saved, progress)
  for (const criteria of [
    { limit: 100 },
    { equals: { kind: 'monthly' }, limit: 3 },
    {
      from: { amountFen: -10n },
      to: { amountFen: 20n },
      orderBy: ['amountFen', 'kind'],
      limit: 100,
    },
    { equals: { odd: true }, descending: true, limit: 100 },
    { from: { regionCode: 'A' }, limit: 100 },
  ] as const) {
    assert.deepEqual(await postgres.find(balance, criteria), await memory.find(balance, criteria))
  }
  const keys = [
    ['A', 'monthly'],
    ['A', 'missing'],
    ['中', 'correction'],
  ]
  assert.deepEqual(await postgres.getAll(balance, keys), await memory.getAll(balance, keys))
})
