/**
 * Writers that race, retry, conflict and roll back, with a reader at their heels. For short and
 * long tests.
 */
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Session } from '../../postgres/database.ts'
import { openDatabase } from '../../postgres/database.ts'
import { EMPTY_HEAD } from '../chain.ts'
import type { Append, EventStore, StoredEvent, StreamHead } from '../port.ts'
import { openPostgresStore, type PostgresStore } from '../postgres.ts'
import { appendOf, assertIntact, newEvents, newStream, readWhole } from '../testing.ts'
import { appendStatement } from './statement.ts'

export type StormOptions = {
  readonly url: string
  readonly schema: string
  readonly writers: number
  readonly durationMs: number
}

export type StormCounts = Record<'appended' | 'duplicate' | 'conflict' | 'rolledBack', number>

/**
 * Throws when a position was skipped, an acknowledged event is missing or stands twice, or a hash
 * is wrong.
 */
export async function raceWriters(options: StormOptions): Promise<StormCounts> {
  const { url, schema, writers, durationMs } = options
  const databases = Array.from({ length: 4 }, () => openDatabase({ url, readers: 1 }))
  const open = (index: number): Promise<PostgresStore> => {
    const database = databases[index % databases.length]
    assert.ok(database !== undefined)
    return openPostgresStore({ database, schema, recent: { maxEvents: 1 } })
  }
  const stores = await Promise.all(Array.from({ length: writers }, (_, index) => open(index)))
  const streams = Array.from({ length: 40 }, newStream)
  const counts: StormCounts = { appended: 0, duplicate: 0, conflict: 0, rolledBack: 0 }
  const acknowledged: string[] = []
  const stopMs = performance.now() + durationMs
  let writing = true
  const tail = followTail(await open(0), () => !writing)
  await Promise.all(
    stores.map(async (store, index) => {
      const database = databases[index % databases.length]
      assert.ok(database !== undefined)
      const session = await database.connect()
      const writer = { store, session, streams, counts, acknowledged, heads: new Map() }
      while (performance.now() < stopMs) await writeOnce(writer)
      session.destroy()
    }),
  )
  writing = false
  const [first] = stores
  assert.ok(first !== undefined)
  const all = await readWhole(first)
  assertIntact(all)
  assert.equal((await first.head()).position, BigInt(all.length))
  assert.deepEqual(all.map(({ id }) => id).sort(), acknowledged.sort())
  const seen = await tail
  assert.deepEqual(
    seen,
    all.map(({ position }) => position),
  )
  await Promise.all(stores.map(store => store.close()))
  await Promise.all(databases.map(database => database.close()))
  return counts
}

type Writer = {
  readonly store: PostgresStore
  readonly session: Session
  readonly streams: readonly string[]
  readonly counts: StormCounts
  readonly acknowledged: string[]
  /** What this writer believes; others write too, so it is often wrong. */
  readonly heads: Map<string, StreamHead>
}

async function writeOnce(writer: Writer): Promise<void> {
  const { store, streams, heads, counts, acknowledged } = writer
  const chosen = new Set(Array.from({ length: 3 }, () => streams[Math.floor(Math.random() * 40)]))
  const appends = [...chosen].flatMap(stream => {
    if (stream === undefined) return []
    return [appendOf(stream, newEvents(1 + Math.floor(Math.random() * 3)), heads.get(stream))]
  })
  if (Math.random() < 0.1) return rollBack(writer, appends)
  const outcomes = await store.append(appends)
  const again = Math.random() < 0.1 ? await store.append(appends) : null
  outcomes.forEach((outcome, index) => {
    const append = appends[index]
    if (append === undefined) return
    heads.set(append.stream, outcome.head)
    assert.ok(outcome.status === 'appended' || outcome.status === 'conflict', outcome.status)
    counts[outcome.status] += 1
    if (outcome.status !== 'appended') return
    acknowledged.push(...append.events.map(({ id }) => id))
    if (again === null) return
    assert.deepEqual(again[index], { ...outcome, status: 'duplicate' })
    counts.duplicate += 1
  })
}

/** The positions that this append had go back: the next one gets them. */
async function rollBack(writer: Writer, appends: readonly Append[]): Promise<void> {
  const { client } = writer.session
  const { incarnation, schema } = writer.store
  const { text, values } = appendStatement(schema, { incarnation, seen: 0n }, appends)
  await client.query('begin')
  await client.query(text, [...values])
  await sleep(Math.random() * 3)
  await client.query('rollback')
  writer.counts.rolledBack += 1
}

/**
 * Positions in the order in which a reader saw them, until the writers are done and all is read.
 */
async function followTail(store: PostgresStore, done: () => boolean): Promise<bigint[]> {
  const seen: bigint[] = []
  for (let after = 0n; ; ) {
    const ending = done()
    const page = await store.readAll(after, 200)
    seen.push(...page.map(({ position }) => position))
    after = page.at(-1)?.position ?? after
    if (page.length > 0) continue
    if (ending && (await store.head()).position === after) break
    await sleep(1)
  }
  await store.close()
  return seen
}

/** Appends one event to each of `count` new streams, in statements of 1,000. */
export async function loadStreams(store: EventStore, count: number): Promise<void> {
  for (let left = count; left > 0; left -= 1000) {
    const appends = Array.from({ length: Math.min(1000, left) }, () =>
      appendOf(newStream(), newEvents(1)),
    )
    await store.append(appends)
  }
}

/** Milliseconds of each kind of call, median of `rounds`. */
export async function latencies(
  store: EventStore,
  old: readonly StoredEvent[],
  rounds = 40,
): Promise<Record<'fresh' | 'next' | 'retry' | 'conflict', number>> {
  const times = {
    fresh: [] as number[],
    next: [] as number[],
    retry: [] as number[],
    conflict: [] as number[],
  }
  for (let round = 0; round < rounds; round++) {
    const fresh = appendOf(newStream(), newEvents(1))
    times.fresh.push(await timed(store, fresh, 'appended'))
    const head = { version: 1, hash: fresh.hashes[0] ?? EMPTY_HEAD.hash }
    times.next.push(await timed(store, appendOf(fresh.stream, newEvents(1), head), 'appended'))
    const event = old[round % old.length]
    assert.ok(event !== undefined)
    times.retry.push(await timed(store, appendOf(event.stream, [event]), 'duplicate'))
    times.conflict.push(await timed(store, appendOf(event.stream, newEvents(1)), 'conflict'))
  }
  const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1] ?? 0
  const { fresh, next, retry, conflict } = times
  return {
    fresh: median(fresh),
    next: median(next),
    retry: median(retry),
    conflict: median(conflict),
  }
}

async function timed(store: EventStore, append: Append, status: string): Promise<number> {
  const start = performance.now()
  const [outcome] = await store.append([append])
  assert.equal(outcome?.status, status)
  return performance.now() - start
}
