import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actorOf, callerFrom, mayReadRegion, regionOf } from './caller.ts'

function callerOf(claims: object) {
  const caller = callerFrom({ sub: 's-1', ...claims })
  assert.ok(caller !== undefined)
  return caller
}

const AGENCY = callerOf({ role: 'agency', region: '110100', institution: 'H1' })
const HOSPITAL = callerOf({ role: 'hospital', institution: 'H1', region: '110100' })
const REVIEWER = callerOf({ role: 'reviewer', region: '310100' })
const CENTRE = callerOf({ role: 'centre', region: '110100' })
const AUDITOR = callerOf({ role: 'auditor' })

test('a caller has only the institution or region that its role needs', () => {
  assert.deepEqual([AGENCY.institution, AGENCY.region], [null, '110100'])
  assert.deepEqual([HOSPITAL.institution, HOSPITAL.region], ['H1', null])
  assert.deepEqual([CENTRE.region, regionOf(REVIEWER)], [null, '310100'])
})

test('an agency reads its region, the centre and an auditor all, a hospital none', () => {
  const readers = [AGENCY, REVIEWER, CENTRE, AUDITOR, HOSPITAL]
  assert.deepEqual(
    readers.map(caller => [mayReadRegion(caller, '110100'), mayReadRegion(caller, '310100')]),
    [
      [true, false],
      [false, true],
      [true, true],
      [true, true],
      [false, false],
    ],
  )
})

test('a caller is named as the actor of a command without a person\u2019s name', () => {
  assert.deepEqual([AGENCY, HOSPITAL, REVIEWER, CENTRE, AUDITOR].map(actorOf), [
    'agency:110100',
    'hospital:H1',
    'reviewer:310100/s-1',
    'centre:s-1',
    'auditor:*/s-1',
  ])
})
