import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CatalogueItem } from '../events.generated.ts'
import { catalogueRow } from '../testing/reference.ts'
import { businessDate } from '../time.ts'
import { TOPICS } from '../topics.ts'
import type { CatalogueEvent } from './catalogues.ts'
import { CatalogueBook } from './catalogues.ts'
import { isOn } from './event.ts'

const day = businessDate

function row(itemCode: string, validFrom: string, validTo: string | null): CatalogueItem {
  const days = { validFrom: day(validFrom), validTo: validTo === null ? null : day(validTo) }
  return catalogueRow({ itemCode, ...days })
}
function listed(version: number, ...items: readonly CatalogueItem[]): CatalogueEvent {
  return { type: 'CatalogueListed', version, data: { regionCode: '110100', items } }
}

test('the row of the day is found, on its first and its last day too', () => {
  const book = new CatalogueBook()
  book.apply(listed(1, row('A', '2024-01-01', '2025-01-31'), row('A', '2025-02-01', null)))
  assert.equal(book.itemOn('110100', 'A', day('2023-12-31')), undefined)
  assert.equal(book.itemOn('110100', 'A', day('2025-01-31'))?.validFrom, '2024-01-01')
  assert.equal(book.itemOn('110100', 'A', day('2025-02-01'))?.validFrom, '2025-02-01')
})

test('an item or region that is not listed is not found', () => {
  const book = new CatalogueBook()
  book.apply(listed(1, row('A', '2024-01-01', null)))
  assert.equal(book.itemOn('110100', 'B', day('2025-01-01')), undefined)
  assert.equal(book.itemOn('310100', 'A', day('2025-01-01')), undefined)
})

test('a row for the same first day takes the place of the one before', () => {
  const book = new CatalogueBook()
  book.apply(listed(1, row('A', '2024-01-01', null)))
  book.apply(listed(2, row('A', '2024-01-01', '2024-12-31'), row('A', '2025-01-01', null)))
  assert.equal(book.itemOn('110100', 'A', day('2024-06-01'))?.validTo, '2024-12-31')
  assert.equal(book.itemOn('110100', 'A', day('2025-06-01'))?.validFrom, '2025-01-01')
  assert.equal([...book.rowsOf('110100')].length, 2)
})

test('the version is the number of the last event heard; 0 for an unknown region', () => {
  const book = new CatalogueBook()
  assert.equal(book.version('110100'), 0n)
  book.apply(listed(1, row('B', '2024-01-01', null)))
  book.apply(listed(2, row('A', '2024-01-01', null)))
  assert.equal(book.version('110100'), 2n)
  assert.deepEqual(
    [...book.rowsOf('110100')].map(({ itemCode }) => itemCode),
    ['A', 'B'],
  )
})

test('an event is told to be on a topic by its type', () => {
  const event = listed(1)
  assert.equal(isOn(TOPICS.catalogue, event), true)
  assert.equal(isOn(TOPICS.coverage, event), false)
})
