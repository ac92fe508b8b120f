import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { EventData, EventType } from '@tongchou/contracts/events.generated.ts'
import { decodePublic } from '@tongchou/contracts/public/codec.ts'
import type {
  AccountBalance,
  JournalEntryPosted,
} from '@tongchou/contracts/public-events.generated.ts'
import { idFor } from '@tongchou/contracts/testing/fixed.ts'
import type { Instant } from '@tongchou/contracts/time.ts'
import { type PublicEvent, publicIdOf } from '@tongchou/runtime/public/port.ts'
import type { Recorded } from '@tongchou/runtime/service/recorded.ts'
import fc from 'fast-check'
import type { Booked } from './balance/books.ts'
import { Books } from './balance/books.ts'
import { publish } from './publish.ts'
import { histories } from './testing/history.ts'
import { bookedFrom } from './testing/journal.ts'

type At = { readonly position: bigint; readonly at: Instant }

function told<T extends EventType>(type: T, data: EventData[T], { position, at }: At) {
  const event = { type, data, position, at, id: idFor(`${type} ${position}`) }
  return publish.publicEvents(event as unknown as Recorded)
}

function entriesIn(booked: readonly Booked[]): readonly PublicEvent[] {
  return booked.flatMap(({ data, ...at }) => told('JournalPosted', data, at))
}

function dataOf<T extends JournalEntryPosted | AccountBalance>({ data }: PublicEvent): T {
  assert.ok(data !== null)
  return decodePublic(data).data as T
}

const BATCHES = { sizes: [3, 1, 7], minutes: [5, 600] }
const past = histories({ minSteps: 3 }).map(({ events }) => bookedFrom(events, BATCHES))

type Balances = Map<string, readonly [debit: bigint, credit: bigint]>

function add(balances: Balances, key: string, debit: bigint, credit: bigint): void {
  const [debits, credits] = balances.get(key) ?? [0n, 0n]
  balances.set(key, [debits + debit, credits + credit])
}

/** What a reader does with the topic of entries; `from` holds rows of the topic of balances. */
function balancesOf(entries: readonly PublicEvent[], from: ReadonlyMap<string, AccountBalance>) {
  const balances: Balances = new Map()
  for (const [key, { debitFen, creditFen }] of from) add(balances, key, debitFen, creditFen)
  for (const event of entries) {
    const { region, position, postings } = dataOf<JournalEntryPosted>(event)
    for (const { fund, account, counterparty, debitFen, creditFen } of postings) {
      const key = `${region}/${fund}/${account}/${counterparty ?? '-'}`
      if (position > (from.get(key)?.cutPosition ?? 0n)) add(balances, key, debitFen, creditFen)
    }
  }
  return new Map([...balances].sort(([a], [b]) => (a < b ? -1 : 1)))
}

function expectedOf(booked: readonly Booked[]): Balances {
  const books = new Books()
  for (const event of booked) books.apply(event)
  const balances: Balances = new Map()
  for (const { entity, account, counterparty, debitFen, creditFen } of books.rows())
    add(balances, `${entity}/${account}/${counterparty ?? '-'}`, debitFen, creditFen)
  return new Map([...balances].sort(([a], [b]) => (a < b ? -1 : 1)))
}

describe('the balance of every account', () => {
  test('follows from the public entries alone', () => {
    fc.assert(
      fc.property(past, booked => {
        assert.deepEqual(balancesOf(entriesIn(booked), new Map()), expectedOf(booked))
      }),
    )
  })

  test('follows from the rows of any cut and the entries behind it', () => {
    fc.assert(
      fc.property(past, fc.nat(), (booked, pick) => {
        const books = new Books()
        for (const event of booked.slice(0, pick % (booked.length + 1))) books.apply(event)
        const struck = books.strike()
        const at = { position: 999n, at: '2025-02-01T00:00:00.000Z' as Instant }
        const rows = struck === null ? [] : told('BalancesStruck', struck, at)
        const state = new Map(rows.map(row => [row.key, dataOf<AccountBalance>(row)]))
        assert.equal(state.size, rows.length)
        assert.deepEqual(balancesOf(entriesIn(booked), state), expectedOf(booked))
      }),
    )
  })
})

test('an entry is of one region, and balanced in each of its funds', () => {
  fc.assert(
    fc.property(past, booked => {
      for (const event of entriesIn(booked)) {
        const { region, postings } = dataOf<JournalEntryPosted>(event)
        assert.deepEqual(event.regions, [region])
        const funds = Map.groupBy(postings, ({ fund }) => fund)
        for (const of of funds.values())
          assert.equal(
            of.reduce((sum, { debitFen, creditFen }) => sum + debitFen - creditFen, 0n),
            0n,
          )
      }
    }),
  )
})

test('entries are numbered within their journal event, and name what was booked', () => {
  fc.assert(
    fc.property(past, booked => {
      for (const { data, ...at } of booked) {
        const sources = new Map(
          data.entries.map(({ sourceEventId, kind }) => [publicIdOf(sourceEventId), kind]),
        )
        const entries = told('JournalPosted', data, at)
        entries.forEach((event, index) => {
          const entry = dataOf<JournalEntryPosted>(event)
          assert.deepEqual([entry.position, entry.entryNo], [at.position, index])
          const { kind, causedBy, claimId, windowNo } = entry
          const isPaidIn = kind === 'premium' || kind === 'credit' || kind === 'movement'
          assert.equal(causedBy === null, isPaidIn)
          if (causedBy !== null) assert.equal(sources.get(causedBy as never), kind)
          assert.equal(claimId !== null, kind === 'settlement' || kind === 'reversal')
          assert.equal(windowNo !== null, kind === 'netting' || kind === 'payment')
          assert.equal(event.key.startsWith('window-'), windowNo !== null)
          if (claimId !== null) assert.equal(event.key, claimId)
          if (isPaidIn) assert.match(event.key, /^\d{6}\/employee\.|^\d{6}\/resident\./)
        })
      }
    }),
  )
})
