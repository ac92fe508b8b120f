import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { fen } from '@tongchou/contracts/money.ts'
import { instant, instantFromMs, instantToMs } from '@tongchou/contracts/time.ts'
import fc from 'fast-check'
import { unpack } from '../journal/pack.ts'
import { at, premium } from '../testing/events.ts'
import { histories } from '../testing/history.ts'
import { bookedFrom } from '../testing/journal.ts'
import type { Booked, Target } from './books.ts'
import { Books, foldTo } from './books.ts'
import { ENTRIES_BETWEEN_CUTS, endsDay, isDue, NO_CUT } from './strike.ts'
import { trialBalance, trialBalanceOf } from './trial-balance.ts'

const batching = fc.record({
  sizes: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
  minutes: fc.array(fc.integer({ min: -30, max: 400 }), { minLength: 1, maxLength: 5 }),
})

const past = fc
  .tuple(histories(), batching, fc.nat(), fc.nat())
  .map(([{ events }, cuts, pick, cut]) => ({ booked: bookedFrom(events, cuts), pick, cut }))

/** Balances from zero, line by line: knows nothing of sums, cuts or positions. */
function fromZero(booked: readonly Booked[]): ReadonlyMap<string, readonly [bigint, bigint]> {
  const found = new Map<string, readonly [bigint, bigint]>()
  for (const { entity, account, counterparty, amountFen } of booked
    .flatMap(({ data }) => unpack(data))
    .flatMap(({ lines }) => lines)) {
    const key = `${entity} ${account} ${counterparty ?? ''}`
    const [debit, credit] = found.get(key) ?? [0n, 0n]
    found.set(key, amountFen > 0n ? [debit + amountFen, credit] : [debit, credit - amountFen])
  }
  return found
}

function contentOf(books: Books): ReadonlyMap<string, readonly [bigint, bigint]> {
  return new Map(
    books
      .rows()
      .map(({ entity, account, counterparty, debitFen, creditFen }) => [
        `${entity} ${account} ${counterparty ?? ''}`,
        [debitFen, creditFen],
      ]),
  )
}

function fold(start: Books, booked: readonly Booked[], target: Target): Books {
  const after = booked.filter(({ position }) => position > start.standing.position)
  foldTo(start, after, target)
  return start
}

/** Books struck after the first `n` events, read back. */
function struckAfter(booked: readonly Booked[], n: number): Books {
  const books = new Books()
  for (const event of booked.slice(0, n)) books.apply(event)
  const struck = books.strike()
  return struck === null ? new Books() : Books.from(struck)
}

describe('balances of the past', () => {
  test('at any position they are the fold of all entries up to it, from whichever cut', () => {
    fc.assert(
      fc.property(past, ({ booked, pick, cut }) => {
        const position = BigInt(pick % (booked.length * 2 + 3))
        const upTo = booked.filter(event => event.position <= position)
        const start = struckAfter(booked, cut % (upTo.length + 1))
        const books = fold(start, booked, { kind: 'position', position })
        assert.deepEqual(contentOf(books), fromZero(upTo))
        assert.equal(
          books.standing.entries,
          BigInt(upTo.flatMap(({ data }) => data.entries).length),
        )
        assert.equal(books.standing.events, BigInt(upTo.length))
      }),
    )
  })

  test('at any instant they are the fold up to the first event that was booked later', () => {
    fc.assert(
      fc.property(past, ({ booked, pick, cut }) => {
        const around = booked[pick % Math.max(1, booked.length)]?.at ?? instantFromMs(0)
        const when = instantFromMs(instantToMs(around) + (pick % 3) - 1)
        const first = booked.findIndex(event => event.at > when)
        const upTo = first === -1 ? booked : booked.slice(0, first)
        const start = struckAfter(booked, cut % (upTo.length + 1))
        const books = fold(start, booked, { kind: 'instant', at: when })
        assert.deepEqual(contentOf(books), fromZero(upTo))
      }),
    )
  })

  test('a cut is in the past of an instant exactly when its own time is', () => {
    fc.assert(
      fc.property(past, ({ booked, pick, cut }) => {
        const books = struckAfter(booked, cut % (booked.length + 1))
        const { bookedAt, position } = books.standing
        const when = booked[pick % Math.max(1, booked.length)]?.at
        if (bookedAt === null || when === undefined) return
        const beyond = booked.find(event => event.at > when)
        assert.equal(bookedAt <= when, beyond === undefined || beyond.position > position)
      }),
    )
  })

  test('striking and reading back changes nothing', () => {
    fc.assert(
      fc.property(past, ({ booked, cut }) => {
        const books = struckAfter(booked, booked.length)
        const again = fold(struckAfter(booked, cut % (booked.length + 1)), booked, {
          kind: 'position',
          position: 10_000n,
        })
        assert.deepEqual(again.strike(), books.strike())
      }),
    )
  })
})

test('trial balances of entries and of books are the same, and balanced', () => {
  fc.assert(
    fc.property(past, ({ booked }) => {
      const books = struckAfter(booked, booked.length)
      const ofBooks = trialBalanceOf(books.rows())
      assert.deepEqual(ofBooks, trialBalance(booked.flatMap(({ data }) => unpack(data))))
      assert.equal(ofBooks.balanced, true)
      assert.equal(ofBooks.debitFen, ofBooks.creditFen)
    }),
  )
})

test('a trial balance of one entity that is out is not balanced, whatever the others make up for', () => {
  const row = { account: '1003', counterparty: null, debitFen: fen(1), creditFen: fen(0) }
  const other = { ...row, debitFen: fen(0), creditFen: fen(1) }
  const rows = [
    { ...row, entity: '110100/employee.pooled' },
    { ...other, entity: '310100/employee.pooled' },
  ]
  const { balanced, debitFen, creditFen } = trialBalanceOf(rows)
  assert.deepEqual([balanced, debitFen, creditFen], [false, 1n, 1n])
})

describe('rows of the books', () => {
  const events = [
    at('PremiumReceived', premium('110100', 5), 1n),
    at('PremiumReceived', premium('310100', 7), 2n),
  ]
  const books = struckAfter(bookedFrom(events, { sizes: [1], minutes: [1] }), 2)

  test('pass by region, entity, account and counterparty', () => {
    assert.equal(books.rows().length, 4)
    assert.deepEqual(books.entities('310100'), ['310100/employee.pooled'])
    assert.deepEqual(
      books.rows({ region: '310100', account: '1003' }).map(({ debitFen }) => debitFen),
      [7n],
    )
    assert.equal(books.rows({ entity: '110100/employee.pooled' }).length, 2)
    assert.deepEqual(books.rows({ entity: '110100/employee.pooled', region: '310100' }), [])
    assert.deepEqual(books.rows({ counterparty: 'window-1' }), [])
    assert.deepEqual(books.rows({ entity: '990000/none' }), [])
  })
})

describe('striking balances', () => {
  const [first, second] = bookedFrom(
    [
      at('PremiumReceived', premium('110100', 5), 1n),
      at('PremiumReceived', premium('110100', 7), 2n),
    ],
    { sizes: [1], minutes: [10] },
  )
  assert.ok(first !== undefined && second !== undefined)

  test('is due after enough entries since the last cut', () => {
    const books = new Books()
    books.apply({
      ...first,
      data: { ...first.data, entries: Array(16_383).fill(first.data.entries[0]) },
    })
    assert.equal(isDue(books, NO_CUT), false)
    books.apply(second)
    assert.equal(books.standing.entries, ENTRIES_BETWEEN_CUTS)
    assert.equal(isDue(books, NO_CUT), true)
    assert.equal(isDue(books, { position: 1n, entries: 1n }), false)
  })

  test('is done at the end of a day in Shanghai, once', () => {
    const books = new Books()
    const tomorrow = { ...second, at: instant('2025-01-31T16:00:00.000Z') }
    assert.equal(endsDay(books, tomorrow, NO_CUT), false, 'empty books')
    books.apply(first)
    assert.equal(endsDay(books, second, NO_CUT), false, 'the same day')
    assert.equal(endsDay(books, tomorrow, NO_CUT), true)
    assert.equal(endsDay(books, tomorrow, { position: first.position, entries: 1n }), false)
  })
})
