import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { instant } from '@tongchou/contracts/time.ts'
import { PARTITIONS, TOPICS } from '@tongchou/contracts/topics.ts'
import { MemoryStore, openMemoryStore } from '@tongchou/runtime/event-store/memory.ts'
import type { Append, EventStore, Progress } from '@tongchou/runtime/event-store/port.ts'
import { openMemoryLog } from '@tongchou/runtime/message-log/memory.ts'
import { partitionOf } from '@tongchou/runtime/message-log/partition.ts'
import type { Batch, Message } from '@tongchou/runtime/message-log/port.ts'
import { Fault } from '@tongchou/runtime/service/fault.ts'
import { CommandHandler } from '@tongchou/runtime/service/handle-command.ts'
import { type LogEntry, SILENT } from '@tongchou/runtime/service/logger.ts'
import fc from 'fast-check'
import { journal } from '../journal/decide.ts'
import { bookedPositions, journalOf, NOW, say } from '../testing/bed.ts'
import { premium, settled } from '../testing/events.ts'
import type { Booking } from './book.ts'
import { bookBatch } from './book.ts'
import { PartitionLocks } from './locks.ts'

const TOPIC = TOPICS.claim
const GROUP = 'funds.book.claim'
const JANUARY = instant('2025-01-31T15:59:59.999Z')
const FEBRUARY = instant('2025-01-31T16:00:00.000Z')
const KEYS = ['a', 'b', 'c', 'd', 'e', 'f'] as const

/** A clearing store with one settled claim for each number; odd ones are next month's. */
async function claims(count: number, wrong: readonly number[] = []): Promise<MemoryStore> {
  const clearing = openMemoryStore()
  for (let no = 1; no <= count; no++) {
    const spec = { no: `c${no}`, insured: '110100', treating: '310100', pooled: no }
    const sound = settled(spec)
    const data = wrong.includes(no) ? { ...sound, obligation: null } : sound
    const key = KEYS[no % KEYS.length] ?? 'a'
    await say(
      clearing,
      { type: 'ClaimSettled', data },
      { key, at: no % 2 === 0 ? JANUARY : FEBRUARY },
    )
  }
  return clearing
}

/** A consumer of its own over a store: what one process has. */
function bookingOn(store: EventStore): Booking {
  return {
    group: GROUP,
    topic: TOPIC,
    log: openMemoryLog({ stores: new Map() }),
    store,
    handler: new CommandHandler(store, journal, { hotStreams: 100 }),
    locks: new PartitionLocks(),
    clock: () => NOW,
    logger: SILENT,
  }
}

type Held = { readonly clearing: MemoryStore; readonly store: EventStore }

/** Takes all partitions anew, as a process that comes after a dead one does. */
async function leases({ store }: Held) {
  const partitions = Array.from({ length: PARTITIONS }, (_, partition) => partition)
  const request = { group: GROUP, topic: TOPIC.name, partitions, owner: 'test', ttlMs: 60_000 }
  return store.progress.acquire(request)
}

async function batchOf(
  held: Held,
  from: number,
  to: number,
  rest: Partial<Batch> = {},
): Promise<Batch> {
  const { incarnation } = await held.clearing.head()
  const taken = await leases(held)
  const stored = (await held.clearing.readAll(BigInt(from - 1), to - from + 1)).map(
    (event): Message => ({ ...event, topic: TOPIC.name, incarnation }),
  )
  const positions = taken.map(({ partition, epoch, position }) => ({
    partition,
    epoch,
    position: position > BigInt(to) ? position : BigInt(to),
  }))
  const progress: Progress = { group: GROUP, topic: TOPIC.name, incarnation, positions }
  return { messages: stored, progress, parkedKeys: new Set(), replay: null, crashes: 0, ...rest }
}

/**
 * Like a store that cannot move a checkpoint with an append: the marks alone keep the books right.
 */
class WithoutCheckpoints extends MemoryStore {
  override append(appends: readonly Append[]) {
    return super.append(appends)
  }
}

function numbers(from: number, to: number): readonly bigint[] {
  return Array.from({ length: to - from + 1 }, (_, index) => BigInt(from + index))
}

async function assertBooked(store: EventStore, expected: readonly bigint[]): Promise<void> {
  const booked = (await bookedPositions(store)).toSorted((a, b) => Number(a - b))
  assert.deepEqual(booked, expected)
}

describe('booking a batch', () => {
  test('is one event for each partition and month, and moves the checkpoint', async () => {
    const clearing = await claims(12)
    const store = openMemoryStore()
    await bookBatch(bookingOn(store), await batchOf({ clearing, store }, 1, 12))
    const events = await journalOf(store)
    const streams = events.map(({ stream }) => stream)
    assert.equal(new Set(streams).size, streams.length)
    const names = KEYS.map((key, index) => `journal-${partitionOf(key)}-2025-0${(index % 2) + 1}`)
    assert.deepEqual(streams.toSorted(), [...new Set(names)].sort())
    await assertBooked(store, numbers(1, 12))
    const positions = await store.progress.positions(GROUP, TOPIC.name)
    assert.deepEqual([...new Set(positions.values())], [12n])
  })

  test('without money in it moves the checkpoint alone', async () => {
    const clearing = await claims(1)
    const store = openMemoryStore()
    const batch = await batchOf({ clearing, store }, 1, 1)
    const messages = batch.messages.map(message => ({
      ...message,
      type: 'ClaimSubmitted' as const,
    }))
    await bookBatch(bookingOn(store), { ...batch, messages })
    assert.equal((await store.head()).position, 0n)
    const positions = await store.progress.positions(GROUP, TOPIC.name)
    assert.deepEqual([...new Set(positions.values())], [1n])
  })

  test('reads no more of a long stream than its last event', async () => {
    const clearing = await claims(8)
    const store = openMemoryStore()
    await bookBatch(bookingOn(store), await batchOf({ clearing, store }, 1, 4))
    store.readStreams = () => Promise.reject(new Error('the whole stream was read'))
    await bookBatch(bookingOn(store), await batchOf({ clearing, store }, 1, 8))
    await assertBooked(store, numbers(1, 8))
  })
})

describe('a batch that comes again', () => {
  test('cut differently books nothing twice, where the store cannot keep the checkpoint', async () => {
    const stretch = fc.record({ back: fc.nat({ max: 9 }), size: fc.integer({ min: 1, max: 9 }) })
    const clearing = await claims(30)
    await fc.assert(
      fc.asyncProperty(fc.array(stretch, { maxLength: 15 }), async stretches => {
        const store = new WithoutCheckpoints({})
        let next = 1
        for (const { back, size } of stretches) {
          const from = Math.max(1, next - back)
          const to = Math.min(30, from + size - 1)
          if (to < from) continue
          await bookBatch(bookingOn(store), await batchOf({ clearing, store }, from, to))
          next = Math.max(next, to + 1)
        }
        await assertBooked(store, numbers(1, next - 1))
      }),
      { numRuns: 60 },
    )
  })

  test('after an append whose answer was lost is met by its own events', async () => {
    const clearing = await claims(6)
    const store = openMemoryStore()
    const booking = bookingOn(store)
    const append = store.append.bind(store)
    store.append = async (...work) => {
      await append(...work)
      store.append = append
      throw new Fault('unavailable', 'the answer was lost')
    }
    await assert.rejects(bookBatch(booking, await batchOf({ clearing, store }, 1, 6)), Fault)
    const later = { ...booking, clock: () => instant('2025-02-01T05:00:00.000Z') }
    await bookBatch(later, await batchOf({ clearing, store }, 1, 6))
    await assertBooked(store, numbers(1, 6))
  })

  test('from two processes at once books everything once', async () => {
    const clearing = await claims(10)
    const store = new WithoutCheckpoints({})
    const [one, two] = [bookingOn(store), bookingOn(store)]
    const first = await batchOf({ clearing, store }, 1, 7)
    const second = await batchOf({ clearing, store }, 3, 10)
    await Promise.all([bookBatch(one, first), bookBatch(two, second)])
    const all = await bookedPositions(store)
    assert.equal(new Set(all).size, all.length)
  })

  test('whose stream another consumer moved meanwhile is decided again', async () => {
    const clearing = await claims(2)
    const store = openMemoryStore()
    const append = store.append.bind(store)
    const held = { clearing, store }
    const batch = await batchOf(held, 2, 2)
    store.append = async (...work) => {
      store.append = append
      const [elsewhere] = await claims(2).then(other => other.readAll(1n, 1))
      assert.ok(elsewhere !== undefined)
      const { incarnation } = await openMemoryStore().head()
      const message = { ...elsewhere, topic: TOPIC.name, incarnation }
      const progress = { ...batch.progress, incarnation, positions: [] }
      await bookBatch(bookingOn(store), { ...batch, messages: [message], progress })
      return append(...work)
    }
    await bookBatch(bookingOn(store), batch)
    assert.deepEqual(await bookedPositions(store), [2n, 2n])
    const positions = await store.progress.positions(GROUP, TOPIC.name)
    assert.deepEqual([...new Set(positions.values())], [2n])
  })

  test('from another incarnation of the source is another history', async () => {
    const store = new WithoutCheckpoints({})
    for (const clearing of [await claims(3), await claims(3)]) {
      await bookBatch(bookingOn(store), await batchOf({ clearing, store }, 1, 3))
    }
    assert.equal((await bookedPositions(store)).length, 6)
  })
})

describe('a message that contradicts itself', () => {
  test('is parked with its key, and the others are booked', async () => {
    const clearing = await claims(14, [2])
    const store = openMemoryStore()
    const alerts: LogEntry[] = []
    const logger = { ...SILENT, error: (entry: LogEntry) => void alerts.push(entry) }
    const booking = { ...bookingOn(store), logger }
    await bookBatch(booking, await batchOf({ clearing, store }, 1, 14))
    const rows = await store.progress.parked({ group: GROUP })
    assert.deepEqual(
      rows.map(({ position, key }) => [position, key]),
      [
        [2n, 'c'],
        [8n, 'c'],
        [14n, 'c'],
      ],
    )
    assert.match(rows[0]?.reason ?? '', /an obligation stands between two regions/)
    assert.deepEqual(
      alerts.map(({ event, position }) => [event, position]),
      [2n, 8n, 14n].map(position => ['key.parked', position]),
    )
    await assertBooked(
      store,
      numbers(1, 14).filter(position => position % 6n !== 2n),
    )
  })

  test('keeps back later messages of its key', async () => {
    const clearing = await claims(8)
    const store = openMemoryStore()
    const batch = await batchOf({ clearing, store }, 1, 8, { parkedKeys: new Set(['c']) })
    await bookBatch(bookingOn(store), batch)
    await assertBooked(store, [1n, 3n, 4n, 5n, 6n, 7n])
  })

  test('is booked once when it is replayed behind the mark, however often', async () => {
    const clearing = await claims(8, [2])
    const healed = await claims(8)
    const store = new WithoutCheckpoints({})
    await bookBatch(bookingOn(store), await batchOf({ clearing, store }, 1, 8))
    await assertBooked(store, [1n, 3n, 4n, 5n, 6n, 7n])
    const { incarnation } = await clearing.head()
    const sound = await batchOf({ clearing: healed, store }, 1, 8)
    const messages = sound.messages
      .filter(({ position }) => position === 2n || position === 8n)
      .map(message => ({ ...message, incarnation }))
    const progress = { ...sound.progress, incarnation }
    for (let time = 0; time < 2; time++) {
      await bookBatch(bookingOn(store), { ...sound, messages, progress, replay: [] })
      await assertBooked(store, numbers(1, 8))
    }
  })

  test('that killed its process twice is parked, not tried again', async () => {
    const clearing = await claims(1)
    const store = openMemoryStore()
    await bookBatch(bookingOn(store), await batchOf({ clearing, store }, 1, 1, { crashes: 2 }))
    await assertBooked(store, [])
    assert.equal((await store.progress.parked({ group: GROUP })).length, 1)
  })
})

test('a premium and a claim of one partition and month share a stream and do not hinder each other', async () => {
  const clearing = await claims(2)
  const contributions = openMemoryStore()
  await say(
    contributions,
    { type: 'PremiumReceived', data: premium('110100', 5) },
    { key: 'c', at: JANUARY },
  )
  const store = new WithoutCheckpoints({})
  const booking = bookingOn(store)
  const topic = TOPICS.premium
  const ofPremium = await batchOf({ clearing: contributions, store }, 1, 1)
  await Promise.all([
    bookBatch(booking, await batchOf({ clearing, store }, 2, 2)),
    bookBatch(
      { ...booking, group: 'funds.book.premium', topic },
      { ...ofPremium, progress: { ...ofPremium.progress, topic: topic.name } },
    ),
  ])
  const [one, two, ...rest] = await journalOf(store)
  assert.ok(one !== undefined && two !== undefined && rest.length === 0)
  assert.equal(one.stream, two.stream)
  assert.equal(two.data.marks.length, 2)
})
