/** Years of cover out of the periods of a person. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { PersonId } from '../id.ts'
import { idFor } from '../testing/fixed.ts'
import { businessDate } from '../time.ts'
import type { CoverageFacts, CoveragePeriod, StatusFrom } from './coverage.ts'
import {
  decodeInsuredYears,
  encodeInsuredYears,
  insuredSince,
  insuredYears,
} from './insured-years.ts'

type Period = readonly [from: string, to: string | null, scheme?: 'employee' | 'resident']

function person(...periods: readonly Period[]): CoverageFacts {
  const all = periods.map(
    ([from, to, scheme = 'resident'], at): CoveragePeriod => ({
      regionCode: `${110_000 + at}`,
      scheme,
      coveredFrom: businessDate(from),
      coveredTo: to === null ? null : businessDate(to),
    }),
  )
  const statuses = all.map(
    ({ scheme, coveredFrom }): StatusFrom => ({
      scheme,
      status: scheme === 'resident' ? 'adult' : 'active',
      changedOn: coveredFrom,
    }),
  )
  const personId = idFor<PersonId>('person')
  const bornOn = businessDate('1980-01-01')
  return { personId, sex: 'F', bornOn, periods: all, statuses, filings: [] }
}

function years(of: CoverageFacts, before = 2025): string {
  return encodeInsuredYears(insuredYears(of, before))
}

describe('years in which a person was insured', () => {
  test('are whole from 1 January to 31 December, and never the year of the claim', () => {
    assert.equal(years(person(['2023-01-01', '2024-12-31'])), '2023:whole:adult,2024:whole:adult')
    assert.equal(years(person(['2023-01-02', '2024-12-30'])), '2023:part:adult,2024:part:adult')
    assert.equal(years(person(['2025-01-01', null])), '')
  })

  test('go on over a move to another region and scheme without a day between', () => {
    const moved = person(['2023-01-01', '2024-06-30'], ['2024-07-01', null, 'employee'])
    assert.equal(years(moved), '2023:whole:adult,2024:whole:active')
  })

  test('are in part where a day is missing, and left out where all are', () => {
    const gap = person(['2021-01-01', '2022-06-29'], ['2022-07-01', '2022-12-31'])
    assert.equal(years(gap), '2021:whole:adult,2022:part:adult')
    const away = person(['2021-01-01', '2021-12-31'], ['2023-01-01', null])
    assert.equal(years(away), '2021:whole:adult,2023:whole:adult,2024:whole:adult')
  })

  test('have the status of their last covered day', () => {
    const grown = person(['2023-01-01', null])
    const statuses: StatusFrom[] = [
      { scheme: 'resident', status: 'child', changedOn: businessDate('2023-01-01') },
      { scheme: 'resident', status: 'adult', changedOn: businessDate('2024-12-31') },
    ]
    assert.equal(years({ ...grown, statuses }), '2023:whole:child,2024:whole:adult')
  })

  test('come back from their text', () => {
    const year = fc.record(
      {
        year: fc.integer({ min: 1990, max: 2100 }),
        whole: fc.boolean(),
        status: fc.constantFrom('adult', 'child', 'active', 'retired'),
      },
      { noNullPrototype: true },
    )
    fc.assert(
      fc.property(fc.array(year, { maxLength: 5 }), all => {
        assert.deepEqual(decodeInsuredYears(encodeInsuredYears(all)), all)
      }),
    )
    assert.throws(() => decodeInsuredYears('2023'), /no insured year/)
  })
})

describe('insured since', () => {
  const moved = person(
    ['2020-01-01', '2021-12-31'],
    ['2022-02-01', '2023-06-30'],
    ['2023-07-01', null, 'employee'],
  )
  test('is the first day of the cover without a break, whatever region and scheme', () => {
    const since = (on: string) => insuredSince(moved, businessDate(on))
    assert.equal(since('2021-05-05'), '2020-01-01')
    assert.equal(since('2022-02-01'), '2022-02-01')
    assert.equal(since('2024-01-01'), '2022-02-01')
  })

  test('is nothing on a day without cover', () => {
    assert.equal(insuredSince(moved, businessDate('2022-01-15')), null)
    assert.equal(insuredSince(moved, businessDate('2019-12-31')), null)
  })
})
