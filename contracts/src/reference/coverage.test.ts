import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { PersonId } from '../id.ts'
import { uuid } from '../id.ts'
import { enrolment } from '../testing/reference.ts'
import { addDays, businessDate } from '../time.ts'
import type { CoverageEvent, CoverageFacts } from './coverage.ts'
import {
  applyCoverage,
  coveredOn,
  decodeCoverage,
  encodeCoverage,
  filingsFor,
  latestPeriod,
  statusOn,
} from './coverage.ts'

const personId = uuid<PersonId>('0b3f3f5e-8d0a-8c3e-9c6e-3d2f1a0b9c8d')
const day = businessDate

const enrolled: CoverageEvent = { type: 'PersonEnrolled', data: enrolment({ personId }) }
const retired: CoverageEvent = {
  type: 'StatusChanged',
  data: { personId, status: 'retired', changedOn: day('2025-03-04') },
}
const ended: CoverageEvent = {
  type: 'CoverageEnded',
  data: { personId, coveredTo: day('2025-06-30') },
}
const resumed: CoverageEvent = {
  type: 'CoverageResumed',
  data: {
    personId,
    regionCode: '310100',
    scheme: 'resident',
    status: 'adult',
    coveredFrom: day('2025-08-01'),
    coveredTo: day('2025-12-31'),
    premiumPaidOn: day('2025-07-20'),
  },
}
const filed: CoverageEvent = {
  type: 'FilingMade',
  data: {
    personId,
    filingNo: 'F1',
    kind: 'referral',
    treatmentRegion: '120100',
    filedOn: day('2025-01-10'),
    validFrom: day('2025-01-15'),
    validTo: null,
  },
}
function cancelledOn(on: string): CoverageEvent {
  return { type: 'FilingCancelled', data: { personId, filingNo: 'F1', cancelledOn: day(on) } }
}

function fold(...events: readonly CoverageEvent[]): CoverageFacts {
  let facts: CoverageFacts | undefined
  for (const event of events) facts = applyCoverage(facts, event)
  assert.ok(facts)
  return facts
}

test('the first and the last day of a period are covered, the days around it are not', () => {
  const facts = fold(enrolled, ended)
  assert.equal(coveredOn(facts, day('2019-12-31')), undefined)
  assert.equal(coveredOn(facts, day('2020-01-01'))?.scheme, 'employee')
  assert.equal(coveredOn(facts, day('2025-06-30'))?.scheme, 'employee')
  assert.equal(coveredOn(facts, day('2025-07-01')), undefined)
})

test('a later period may lie under another scheme in another region', () => {
  const facts = fold(enrolled, ended, resumed)
  assert.deepEqual(coveredOn(facts, day('2025-08-01')), latestPeriod(facts))
  assert.equal(latestPeriod(facts).regionCode, '310100')
  assert.equal(coveredOn(facts, day('2025-06-01'))?.regionCode, '110100')
})

test('a period knows the day of its premium where enrolment does', () => {
  const facts = fold(enrolled, ended, resumed)
  assert.equal(coveredOn(facts, day('2025-08-01'))?.premiumPaidOn, '2025-07-20')
  const before = coveredOn(facts, day('2025-06-01'))
  assert(before !== undefined && !('premiumPaidOn' in before))
  const told = fold({ ...enrolled, data: enrolment({ premiumPaidOn: day('2019-12-01') }) })
  assert.equal(latestPeriod(told).premiumPaidOn, '2019-12-01')
})

test('the status is that of the last change up to the day', () => {
  const facts = fold(enrolled, retired)
  assert.equal(statusOn(facts, day('2019-01-01')), 'active')
  assert.equal(statusOn(facts, day('2025-03-03')), 'active')
  assert.equal(statusOn(facts, day('2025-03-04')), 'retired')
})

test('changes told out of order count by their day', () => {
  const earlier: CoverageEvent = {
    type: 'StatusChanged',
    data: { personId, status: 'active', changedOn: day('2025-01-01') },
  }
  assert.equal(statusOn(fold(enrolled, retired, earlier), day('2025-12-31')), 'retired')
})

test('a scheme asked for gives a status of that scheme even on a day of the other', () => {
  const facts = fold(enrolled, retired, ended, resumed)
  assert.equal(statusOn(facts, day('2025-08-02')), 'adult')
  assert.equal(statusOn(facts, day('2025-08-02'), 'employee'), 'retired')
  assert.equal(statusOn(facts, day('2025-01-01'), 'resident'), 'adult')
})

test('filings are given for the region of treatment alone', () => {
  const facts = fold(enrolled, filed)
  assert.deepEqual(
    filingsFor(facts, '120100').map(({ filingNo }) => filingNo),
    ['F1'],
  )
  assert.deepEqual(filingsFor(facts, '310100'), [])
})

test('a cancelled filing ends on the day of cancellation, and never later than before', () => {
  const facts = fold(enrolled, filed, cancelledOn('2025-02-01'))
  assert.equal(filingsFor(facts, '120100')[0]?.validTo, '2025-02-01')
  const later = applyCoverage(facts, cancelledOn('2025-03-01'))
  assert.equal(filingsFor(later, '120100')[0]?.validTo, '2025-02-01')
})

test('a filing cancelled before its first day counts for nothing', () => {
  assert.deepEqual(filingsFor(fold(enrolled, filed, cancelledOn('2025-01-14')), '120100'), [])
})

test('facts survive their text, and equal facts give equal text', () => {
  const facts = fold(enrolled, retired, ended, resumed, filed)
  assert.deepEqual(decodeCoverage(encodeCoverage(facts)), facts)
  const kept = fold(enrolled, retired, ended)
  const [first, second] = [kept, decodeCoverage(encodeCoverage(kept))].map(before =>
    encodeCoverage([resumed, filed].reduce(applyCoverage, before)),
  )
  assert.equal(first, encodeCoverage(facts))
  assert.equal(second, first)
})

test('what history makes impossible stops the process', () => {
  assert.throws(() => applyCoverage(undefined, retired), /not enrolled/)
  assert.throws(() => fold(enrolled, enrolled), /enrolled twice/)
})

test('law: changes in any order give the status of the newest day up to the one asked', () => {
  const days = fc.uniqueArray(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(days, fc.integer({ min: 0, max: 420 }), (offsets, asked) => {
      const start = day('2020-01-01')
      const facts = fold(
        enrolled,
        ...offsets.map((offset): CoverageEvent => {
          const changedOn = addDays(start, offset)
          return { type: 'StatusChanged', data: { personId, status: `s${offset}`, changedOn } }
        }),
      )
      const newest = Math.max(0, ...offsets.filter(offset => offset <= asked))
      const expected = newest === 0 ? 'active' : `s${newest}`
      assert.equal(statusOn(facts, addDays(start, asked)), expected)
      assert.deepEqual(decodeCoverage(encodeCoverage(facts)), facts)
    }),
    { seed: 7, numRuns: 200 },
  )
})
