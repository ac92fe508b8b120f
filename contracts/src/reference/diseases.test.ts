import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PersonId } from '../id.ts'
import { idFor } from '../testing/fixed.ts'
import { enrolment } from '../testing/reference.ts'
import { businessDate } from '../time.ts'
import { applyCoverage, type CoverageEvent } from './coverage.ts'
import { diseasesOn, isRegistered } from './diseases.ts'

const personId = idFor<PersonId>('person')
const day = businessDate

function registered(registrationNo: string, disease: string, from: string, to: string | null) {
  const dates = {
    approvedOn: day(from),
    validFrom: day(from),
    validTo: to === null ? null : day(to),
  }
  const data = { personId, registrationNo, disease, approvedBy: 'CENTRE', ...dates }
  return { type: 'DiseaseRegistered', data } as const
}

function ended(registrationNo: string, endedOn: string) {
  const data = { personId, registrationNo, endedOn: day(endedOn) }
  return { type: 'DiseaseRegistrationEnded', data } as const
}

function after(...events: readonly CoverageEvent[]) {
  const first = applyCoverage(undefined, { type: 'PersonEnrolled', data: enrolment({ personId }) })
  return events.reduce(applyCoverage, first)
}

test('a disease counts from the first to the last day, both included', () => {
  const facts = after(registered('R1', 'M01', '2025-02-01', '2025-04-30'))
  const days = ['2025-01-31', '2025-02-01', '2025-04-30', '2025-05-01']
  assert.deepEqual(
    days.map(on => isRegistered(facts, 'M01', day(on))),
    [false, true, true, false],
  )
  assert.equal(isRegistered(facts, 'M02', day('2025-03-01')), false)
  assert.equal(isRegistered(facts, null, day('2025-03-01')), true)
  assert.equal(isRegistered(after(), null, day('2025-03-01')), false)
})

test('an end brings the last day forward and never puts it off', () => {
  const facts = after(
    registered('R1', 'M01', '2025-02-01', '2025-04-30'),
    ended('R1', '2025-03-01'),
  )
  assert.equal(isRegistered(facts, 'M01', day('2025-03-01')), true)
  assert.equal(isRegistered(facts, 'M01', day('2025-03-02')), false)
  const later = after(
    registered('R1', 'M01', '2025-02-01', '2025-04-30'),
    ended('R1', '2026-01-01'),
  )
  assert.equal(isRegistered(later, 'M01', day('2025-05-01')), false)
})

test('codes are told once each, sorted; another registration of the same disease goes on', () => {
  const facts = after(
    registered('R1', 'M02', '2025-01-01', null),
    registered('R2', 'M01', '2025-01-01', null),
    registered('R3', 'M02', '2025-01-01', null),
    ended('R1', '2025-02-01'),
  )
  assert.deepEqual(diseasesOn(facts, day('2025-03-01')), ['M01', 'M02'])
})

test('a person who never had one has no list of them', () => {
  assert.equal('diseases' in after(), false)
})
