import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JournalPosted } from '@tongchou/contracts/events.generated.ts'
import fc from 'fast-check'
import type { BookedEvent } from '../journal/entries.ts'
import { at, premium, settled } from '../testing/events.ts'
import { histories } from '../testing/history.ts'
import { bookedFrom } from '../testing/journal.ts'
import { compareBooks } from './comparison.ts'

const SOURCES: readonly BookedEvent[] = [
  at('PremiumReceived', premium('110100', 5), 1n),
  at('ClaimSettled', settled({ no: 'R1', insured: '110100', treating: '310100', pooled: 9 }), 2n),
  at('PremiumReceived', premium('110100', 7), 3n),
]

function journalOf(events: readonly BookedEvent[], size = 2): readonly JournalPosted[] {
  return bookedFrom(events, { sizes: [size], minutes: [1] }).map(({ data }) => data)
}

function kinds(journal: readonly JournalPosted[], sources: readonly BookedEvent[]) {
  return compareBooks(journal, sources).faults.map(({ kind }) => kind)
}

test('books of any history equal their sources, in whatever order and batches', () => {
  fc.assert(
    fc.property(histories(), fc.integer({ min: 1, max: 9 }), ({ events }, size) => {
      const { equal, faults } = compareBooks(journalOf(events, size), events.toReversed())
      assert.deepEqual(faults, [])
      assert.equal(equal, true)
    }),
  )
})

test('a source event that was not booked is named', () => {
  assert.deepEqual(kinds(journalOf(SOURCES.slice(1)), SOURCES), ['not-booked'])
})

test('an entry without source, and one booked twice, are named', () => {
  assert.deepEqual(kinds(journalOf(SOURCES), SOURCES.slice(1)), ['booked-without-source'])
  assert.deepEqual(kinds([...journalOf(SOURCES), ...journalOf(SOURCES.slice(2))], []).sort(), [
    'booked-twice',
    'booked-without-source',
    'booked-without-source',
    'booked-without-source',
  ])
})

test('an entry that is not what its source says is named', () => {
  const other = at('PremiumReceived', premium('110100', 6), 1n)
  assert.deepEqual(kinds(journalOf(SOURCES), [other, ...SOURCES.slice(1)]), ['differs'])
})

test('an unsound journal event and a source that contradicts itself are named', () => {
  const [first, ...rest] = journalOf(SOURCES)
  assert.ok(first !== undefined)
  assert.deepEqual(
    kinds(
      [
        { ...first, accounts: first.accounts.map(row => ({ ...row, debitFen: row.creditFen })) },
        ...rest,
      ],
      SOURCES,
    ).at(0),
    'unsound',
  )
  const wrong = at(
    'ClaimSettled',
    {
      ...settled({ no: 'R2', insured: '110100', treating: '310100', pooled: 9 }),
      obligation: null,
    },
    9n,
  )
  assert.deepEqual(kinds(journalOf(SOURCES), [...SOURCES, wrong]), ['unsound'])
})
