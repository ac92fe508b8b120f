import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Instant, instant, instantFromMs, instantToMs } from '@tongchou/contracts/time.ts'
import { type MemoryStore, openMemoryStore } from '@tongchou/runtime/event-store/memory.ts'
import { CommandHandler } from '@tongchou/runtime/service/handle-command.ts'
import { SILENT } from '@tongchou/runtime/service/logger.ts'
import { recorded } from '@tongchou/runtime/service/recorded.ts'
import { MemoryViewStore } from '@tongchou/runtime/view/memory.ts'
import { anyView } from '@tongchou/runtime/view/port.ts'
import fc from 'fast-check'
import type { Target } from '../balance/books.ts'
import { Books, foldTo } from '../balance/books.ts'
import { balances } from '../balance/decide.ts'
import { balanceView, cutView } from '../balance/view.ts'
import { journal } from '../journal/decide.ts'
import type { BookedEvent } from '../journal/entries.ts'
import { journalId } from '../journal/stream.ts'
import { journalOf } from '../testing/bed.ts'
import { at, premium } from '../testing/events.ts'
import { histories } from '../testing/history.ts'
import { posted } from '../testing/journal.ts'
import type { BalancesHandler } from './journal.ts'
import { Ledger } from './journal.ts'

const VIEWS = [anyView(balanceView), anyView(cutView)]

type Bench = { readonly store: MemoryStore; readonly views: MemoryViewStore; applied: bigint }

function bench(): Bench {
  return { store: openMemoryStore(), views: new MemoryViewStore(), applied: 0n }
}

function ledgerOn({ store, views }: Bench, pageSize = 500): Ledger {
  const handler: BalancesHandler = new CommandHandler(store, balances, { hotStreams: 10 })
  return new Ledger({ store, views, logger: SILENT, balances: handler, pageSize })
}

/** The views follow: only then are new cuts found. */
async function follow(bench: Bench): Promise<void> {
  for (const event of await bench.store.readAll(bench.applied, 1_000_000)) {
    bench.views.apply(VIEWS, recorded(event))
    bench.applied = event.position
  }
}

/** Books each event as a batch of its own, in a partition of its own choice. */
async function post(
  store: MemoryStore,
  events: readonly BookedEvent[],
  now: Instant,
): Promise<void> {
  const handler = new CommandHandler(store, journal, { hotStreams: 10 })
  for (const event of events) {
    const partition = Number(event.position % 3n)
    const stream = handler.streamOf(journalId(partition, '2025-01'))
    await handler.handle(stream, posted([event], now, partition))
  }
}

const START = instant('2025-01-30T10:00:00.000Z')

function later(hours: number): Instant {
  return instantFromMs(instantToMs(START) + hours * 3_600_000)
}

/** Every fold from zero, without cuts, memory or views. */
async function fromZero(store: MemoryStore, target: Target): Promise<Books> {
  const books = new Books()
  foldTo(books, await journalOf(store), target)
  return books
}

describe('the books of the past', () => {
  test('are what folding from zero gives, at any position and instant, days and cuts apart', async () => {
    const days = fc.array(fc.tuple(histories(), fc.integer({ min: -5, max: 30 })), { maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(days, fc.nat(), fc.nat(), async (parts, pick, hour) => {
        const bed = bench()
        const ledger = ledgerOn(bed)
        let offset = 0n
        let hours = 0
        for (const [{ events }, pause] of parts) {
          hours += pause
          const moved = events.map(event => ({ ...event, position: event.position + offset }))
          offset += BigInt(events.length)
          await post(bed.store, moved, later(hours))
          await ledger.current()
          await follow(bed)
        }
        const end = (await bed.store.head()).position
        const position = BigInt(pick) % (end + 1n)
        const targets: readonly Target[] = [
          { kind: 'position', position },
          { kind: 'instant', at: later((hour % 60) - 6) },
        ]
        for (const target of targets) {
          const expected = await fromZero(bed.store, target)
          for (const reader of [ledger, ledgerOn(bed), ledgerOn(bed, 3)]) {
            const books = await reader.at(target)
            assert.deepEqual(books?.rows(), expected.rows())
            assert.deepEqual(books?.standing, expected.standing)
          }
        }
      }),
      { numRuns: 40 },
    )
  })

  test('end where the store ends', async () => {
    const bed = bench()
    await post(bed.store, [at('PremiumReceived', premium('110100', 5), 1n)], START)
    const ledger = ledgerOn(bed)
    assert.notEqual(await ledger.at({ kind: 'position', position: 1n }), null)
    assert.equal(await ledger.at({ kind: 'position', position: 2n }), null)
  })
})

describe('striking balances', () => {
  const FIRST = at('PremiumReceived', premium('110100', 5), 1n)
  const SECOND = at('PremiumReceived', premium('110100', 7), 2n)

  async function struck(store: MemoryStore) {
    const events = (await store.readAll(0n, 1000)).map(recorded)
    return events.flatMap(event => (event.type === 'BalancesStruck' ? [event.data] : []))
  }

  test('happens at the end of a day, once, whoever follows', async () => {
    const bed = bench()
    await post(bed.store, [FIRST], START)
    await post(bed.store, [SECOND], later(24))
    await Promise.all([ledgerOn(bed).current(), ledgerOn(bed).current()])
    await ledgerOn(bed).current()
    const [cut, ...others] = await struck(bed.store)
    assert.equal(others.length, 0)
    assert.equal(cut?.cutPosition, 1n)
    assert.equal(cut?.bookedAt, START)
    assert.deepEqual(
      cut?.accounts.map(({ account, debitFen, creditFen }) => [account, debitFen, creditFen]),
      [
        ['1003', 5n, 0n],
        ['4001', 0n, 5n],
      ],
    )
  })

  test('lets a new process start from the cut instead of from zero', async () => {
    const bed = bench()
    await post(bed.store, [FIRST], START)
    await post(bed.store, [SECOND], later(24))
    await ledgerOn(bed).current()
    await follow(bed)
    const reads: bigint[] = []
    const readAll = bed.store.readAll.bind(bed.store)
    bed.store.readAll = (after, limit, only) => {
      if (only?.has('JournalPosted') === true) reads.push(after)
      return readAll(after, limit, only)
    }
    const books = await ledgerOn(bed).current()
    assert.equal(reads[0], 1n)
    assert.equal(books.rows({ account: '1003' })[0]?.debitFen, 12n)
    assert.equal(books.standing.events, 2n)
  })

  test('that fails holds up nothing', async () => {
    const bed = bench()
    await post(bed.store, [FIRST], START)
    await post(bed.store, [SECOND], later(24))
    bed.store.append = () => Promise.reject(new Error('no'))
    const books = await ledgerOn(bed).current()
    assert.equal(books.rows({ account: '1003' })[0]?.debitFen, 12n)
  })
})

test('an unsound journal event is reported by its position', async () => {
  const bed = bench()
  const handler = new CommandHandler(
    bed.store,
    { ...journal, decide: tampered },
    { hotStreams: 10 },
  )
  const event = at('PremiumReceived', premium('110100', 5), 1n)
  await handler.handle('journal-0-2025-01', posted([event], START))
  const ledger = ledgerOn(bed)
  await ledger.current()
  assert.match(ledger.faults[0] ?? '', /^position 1: .*4001: the sums are not those of the lines$/)
})

const tampered: typeof journal.decide = (command, state) => {
  const decision = journal.decide(command, state)
  return {
    ...decision,
    events: decision.events.map(({ type, data }) => {
      const [bank, income] = data.accounts
      assert.ok(bank !== undefined && income !== undefined)
      const accounts = [bank, { ...income, creditFen: bank.creditFen }]
      return { type, data: { ...data, accounts } }
    }),
  }
}
