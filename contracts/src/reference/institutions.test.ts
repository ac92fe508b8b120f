import assert from 'node:assert/strict'
import { test } from 'node:test'
import { institution } from '../testing/reference.ts'
import { businessDate } from '../time.ts'
import type { InstitutionEvent } from './institutions.ts'
import { agreementInForce, InstitutionBook, suspendedOn } from './institutions.ts'

const day = businessDate

function designated(institutionCode: string): InstitutionEvent {
  return {
    type: 'InstitutionDesignated',
    data: institution({ institutionCode, doctors: ['D1'] }),
  }
}
function renamed(institutionCode: string, formerCode: string): InstitutionEvent {
  return { type: 'InstitutionRenamed', data: { institutionCode, formerCode } }
}
const renewed: InstitutionEvent = {
  type: 'AgreementRenewed',
  data: {
    institutionCode: 'H1',
    agreementFrom: day('2026-01-01'),
    agreementTo: day('2026-12-31'),
  },
}
const suspended: InstitutionEvent = {
  type: 'InstitutionSuspended',
  data: {
    institutionCode: 'H1',
    suspendedFrom: day('2024-03-01'),
    suspendedTo: null,
    reason: 'false bills',
  },
}
function reinstated(on: string): InstitutionEvent {
  const data = { institutionCode: 'H1', reinstatedOn: day(on), suspendedFrom: day('2024-03-01') }
  return { type: 'InstitutionReinstated', data }
}

function bookOf(...events: readonly InstitutionEvent[]): InstitutionBook {
  const book = new InstitutionBook()
  for (const event of events) book.apply(event)
  return book
}

function h1(...events: readonly InstitutionEvent[]) {
  const resolved = bookOf(designated('H1'), ...events).resolve('H1')
  assert.ok(resolved)
  return resolved.institution
}

test('an unknown code resolves to nothing', () => {
  assert.equal(bookOf(designated('H1')).resolve('H2'), undefined)
})

test('every later code resolves to the first one', () => {
  const book = bookOf(designated('H1'), renamed('H2', 'H1'), renamed('H3', 'H2'))
  for (const code of ['H1', 'H2', 'H3']) {
    assert.equal(book.resolve(code)?.canonicalCode, 'H1')
    assert.equal(book.resolve(code)?.institution.institutionCode, 'H1')
  }
})

test('renames may be heard before the institution they rename', () => {
  const book = bookOf(renamed('H3', 'H2'), renamed('H2', 'H1'))
  assert.equal(book.resolve('H3'), undefined)
  book.apply(designated('H1'))
  assert.equal(book.resolve('H3')?.canonicalCode, 'H1')
})

test('a loop of renames resolves to nothing and ends', () => {
  assert.equal(bookOf(renamed('H1', 'H2'), renamed('H2', 'H1')).resolve('H1'), undefined)
})

test('an agreement is in force on its first and last day and not between two agreements', () => {
  const institution = h1(renewed)
  for (const on of ['2024-01-01', '2024-12-31', '2026-01-01', '2026-12-31']) {
    assert.equal(agreementInForce(institution, day(on)), true, on)
  }
  for (const on of ['2023-12-31', '2025-01-01', '2025-12-31', '2027-01-01']) {
    assert.equal(agreementInForce(institution, day(on)), false, on)
  }
})

test('a suspension lasts until the day before the reinstatement', () => {
  assert.equal(suspendedOn(h1(suspended), day('2030-01-01'))?.reason, 'false bills')
  const institution = h1(suspended, reinstated('2024-04-01'))
  assert.equal(suspendedOn(institution, day('2024-02-29')), undefined)
  assert.equal(suspendedOn(institution, day('2024-03-01'))?.to, '2024-03-31')
  assert.equal(suspendedOn(institution, day('2024-04-01')), undefined)
})

test('a suspension taken back on its first day never was', () => {
  assert.deepEqual(h1(suspended, reinstated('2024-03-01')).suspensions, [])
})

test('a list of doctors replaces the list before it', () => {
  const doctors = ['D2', 'D3']
  const registered: InstitutionEvent = {
    type: 'DoctorsRegistered',
    data: { institutionCode: 'H1', doctors },
  }
  assert.deepEqual(h1(registered).doctors, doctors)
})

test('what history makes impossible stops the process', () => {
  assert.throws(() => bookOf(renewed), /not designated/)
  assert.throws(() => bookOf(designated('H1'), designated('H1')), /designated twice/)
})
