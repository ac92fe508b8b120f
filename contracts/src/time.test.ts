import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Instant } from './time.ts'
import {
  addDays,
  ageOn,
  businessDate,
  businessDateOf,
  isBusinessDate,
  isInstant,
  within,
} from './time.ts'

const day = businessDate

test('only real calendar days are dates', () => {
  for (const text of [
    '2025-02-29',
    '2025-13-01',
    '2025-00-10',
    '2025-1-01',
    '1899-12-31',
    '2200-01-01',
    '',
  ]) {
    assert.equal(isBusinessDate(text), false, text)
  }
  for (const text of ['2024-02-29', '1900-01-01', '2199-12-31'])
    assert.ok(isBusinessDate(text), text)
})

test('law: the days are those of the calendar, from 1900 to 2199', () => {
  for (let year = 1899; year <= 2200; year++) {
    for (let month = 1; month <= 12; month++) {
      for (let date = 28; date <= 32; date++) {
        const text = `${year}-${String(month).padStart(2, '0')}-${date}`
        const ms = Date.UTC(year, month - 1, date)
        const real = new Date(ms).getUTCDate() === date && year >= 1900 && year < 2200
        assert.equal(isBusinessDate(text), real, text)
      }
    }
  }
})

test('instants are UTC with milliseconds', () => {
  assert.ok(isInstant('2025-03-01T08:00:00.000Z'))
  assert.equal(isInstant('2025-03-01T08:00:00Z'), false)
  assert.equal(isInstant('2025-03-01T08:00:00.000+08:00'), false)
  assert.equal(isInstant('2025-02-30T25:00:00.000Z'), false)
})

test('the business day begins at 16:00 UTC', () => {
  assert.equal(businessDateOf('2025-03-01T15:59:59.999Z' as Instant), '2025-03-01')
  assert.equal(businessDateOf('2025-03-01T16:00:00.000Z' as Instant), '2025-03-02')
})

test('a birthday completes a year, the day before does not', () => {
  assert.equal(ageOn(day('2007-06-15'), day('2025-06-14')), 17)
  assert.equal(ageOn(day('2007-06-15'), day('2025-06-15')), 18)
  assert.equal(ageOn(day('2008-02-29'), day('2025-02-28')), 16)
  assert.equal(ageOn(day('2008-02-29'), day('2025-03-01')), 17)
})

test('both ends of a period are inside, an absent end is open', () => {
  assert.ok(within(day('2025-01-01'), day('2025-01-01'), day('2025-01-01')))
  assert.ok(within(day('2099-01-01'), day('2025-01-01'), null))
  assert.equal(within(day('2025-01-02'), day('2025-01-01'), day('2025-01-01')), false)
  assert.equal(within(day('2024-12-31'), day('2025-01-01'), null), false)
})

test('days are counted over leap days and years', () => {
  assert.equal(addDays(day('2024-02-28'), 2), '2024-03-01')
  assert.equal(addDays(day('2025-01-01'), -1), '2024-12-31')
})
