import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PersonId, Uuid } from '@tongchou/contracts/id.ts'
import { uuid } from '@tongchou/contracts/id.ts'
import { enrolment as personEnrolled } from '@tongchou/contracts/testing/reference.ts'
import { businessDate, instant } from '@tongchou/contracts/time.ts'
import fc from 'fast-check'
import type { EnrolPerson, MakeFiling, PersonCommand, ResumeCoverage } from './commands.ts'
import { decide } from './decide.ts'
import type { PersonEvent } from './events.ts'
import type { PersonRefusal } from './refusals.ts'
import type { PersonState } from './state.ts'
import { evolve, initialState } from './state.ts'

const day = businessDate
const personId = uuid<PersonId>('0b3f3f5e-8d0a-8c3e-9c6e-3d2f1a0b9c8d')
const commandId = uuid<Uuid>('11111111-1111-5111-9111-111111111111')
const meta = {
  commandId,
  correlationId: commandId,
  causationId: null,
  actor: 'agency:110100',
  now: instant('2025-03-10T02:00:00.000Z'),
}
const asked = { askedBy: '110100' }

function enrolment(change: Partial<EnrolPerson['data']> = {}): EnrolPerson {
  const data: EnrolPerson['data'] = {
    ...personEnrolled({ personId }),
    personal: Buffer.from('sealed'),
    personalDigest: Buffer.from('digest'),
    statusChanges: [{ status: 'retired', changedOn: day('2025-05-01') }],
  }
  return { type: 'EnrolPerson', data: { ...data, ...change }, meta }
}
function status(name: string, on: string, askedBy: string | null = '110100'): PersonCommand {
  return { type: 'ChangeStatus', data: { status: name, changedOn: day(on), askedBy }, meta }
}
function end(on: string, askedBy: string | null = '110100'): PersonCommand {
  return { type: 'EndCoverage', data: { coveredTo: day(on), askedBy }, meta }
}
function resumption(change: Partial<ResumeCoverage['data']> = {}): ResumeCoverage {
  const data: ResumeCoverage['data'] = {
    regionCode: '310100',
    scheme: 'resident',
    status: 'adult',
    coveredFrom: day('2025-02-01'),
    coveredTo: null,
    premiumPaidOn: null,
  }
  return { type: 'ResumeCoverage', data: { ...data, ...change }, meta }
}
function filing(change: Partial<MakeFiling['data']> = {}): MakeFiling {
  const data: MakeFiling['data'] = {
    ...asked,
    filingNo: 'F1',
    kind: 'referral',
    treatmentRegion: '120100',
    filedOn: day('2025-01-10'),
    validFrom: day('2025-01-05'),
    validTo: day('2025-03-05'),
  }
  return { type: 'MakeFiling', data: { ...data, ...change }, meta }
}
function cancel(filingNo: string, on: string, askedBy = '110100'): PersonCommand {
  return { type: 'CancelFiling', data: { filingNo, cancelledOn: day(on), askedBy }, meta }
}
function erase(askedBy = '110100'): PersonCommand {
  return { type: 'ErasePersonalData', data: { reason: 'asked by the person', askedBy }, meta }
}

function run(state: PersonState, command: PersonCommand): readonly PersonEvent[] {
  const decision = decide(command, state)
  if (!decision.accepted) assert.fail(`refused: ${decision.refusal.kind}`)
  return decision.events
}
function after(...commands: readonly PersonCommand[]): PersonState {
  return commands.reduce<PersonState>(
    (state, command) => run(state, command).reduce(evolve, state),
    initialState,
  )
}

test('an enrolment records the person and each change of status that is known', () => {
  const events = run(initialState, enrolment())
  assert.deepEqual(
    events.map(({ type }) => type),
    ['PersonEnrolled', 'StatusChanged'],
  )
  assert.equal('statusChanges' in (events[0]?.data ?? {}), false)
})

test('a change of status that stands twice in an enrolment is recorded once', () => {
  const change = { status: 'retired', changedOn: day('2025-05-01') }
  assert.equal(run(initialState, enrolment({ statusChanges: [change, change] })).length, 2)
})

const first: readonly PersonCommand[] = [enrolment()]
const ended: readonly PersonCommand[] = [...first, end('2025-01-31')]
const filed: readonly PersonCommand[] = [...first, filing()]
const cancelled: readonly PersonCommand[] = [...filed, cancel('F1', '2025-02-01')]

test('every command sent again records nothing, whatever came in between', () => {
  const all = [
    enrolment(),
    status('retired', '2025-01-20'),
    filing(),
    cancel('F1', '2025-02-01'),
    end('2025-01-31'),
    resumption(),
  ]
  const state = after(...all)
  for (const command of all) {
    if (command.type === 'EndCoverage') continue
    const askedBy = command.type === 'ChangeStatus' || 'askedBy' in command.data ? null : undefined
    const again = askedBy === null ? { ...command, data: { ...command.data, askedBy } } : command
    assert.deepEqual(run(state, again as PersonCommand), [], command.type)
  }
  assert.deepEqual(run(after(...ended), end('2025-01-31')), [])
  assert.deepEqual(run(after(...first, erase()), erase()), [])
})

test('coverage may end sooner than was said before', () => {
  assert.equal(run(after(...ended), end('2025-01-15')).length, 1)
})

test('the centre acts for every region', () => {
  assert.equal(run(after(...first), end('2025-01-31', null)).length, 1)
})

test('after a transfer the new region looks after the person', () => {
  const moved = after(...ended, resumption())
  assert.equal(run(moved, status('child', '2025-03-01', '310100')).length, 1)
  assert.deepEqual(refusalOf(moved, status('child', '2025-03-01')), { kind: 'other-region' })
})

function refusalOf(state: PersonState, command: PersonCommand): PersonRefusal | undefined {
  const decision = decide(command, state)
  return decision.accepted ? undefined : decision.refusal
}

type Row = readonly [
  fact: string,
  given: readonly PersonCommand[],
  when: PersonCommand,
  then: PersonRefusal,
]
const period = { regionCode: '110100', scheme: 'employee' } as const
const open = { ...period, coveredFrom: day('2020-01-01'), coveredTo: null }
const statuses = { allowed: ['active', 'retired'] } as const

const ROWS: readonly Row[] = [
  ['a status of nobody', [], status('retired', '2025-01-20'), { kind: 'unknown-person' }],
  ['a filing of nobody', [], filing(), { kind: 'unknown-person' }],
  ['erasing of nobody', [], erase(), { kind: 'unknown-person' }],
  [
    'a status from elsewhere',
    first,
    status('retired', '2025-01-20', '120100'),
    { kind: 'other-region' },
  ],
  ['an end from elsewhere', first, end('2025-01-31', '120100'), { kind: 'other-region' }],
  ['a filing from elsewhere', first, filing({ askedBy: '120100' }), { kind: 'other-region' }],
  [
    'a cancellation from elsewhere',
    filed,
    cancel('F1', '2025-02-01', '1'),
    { kind: 'other-region' },
  ],
  ['erasing from elsewhere', first, erase('120100'), { kind: 'other-region' }],
  ['enrolling the erased', [...first, erase()], enrolment(), { kind: 'personal-data-erased' }],
  [
    'a birth tomorrow',
    [],
    enrolment({ bornOn: day('2025-03-11'), coveredFrom: day('2025-04-01') }),
    { kind: 'date-in-the-future', field: 'bornOn', on: day('2025-03-11') },
  ],
  [
    'an enrolment that ends before it begins',
    [],
    enrolment({ coveredTo: day('2019-12-31') }),
    { kind: 'period-reversed', field: 'coveredTo', from: day('2020-01-01'), to: day('2019-12-31') },
  ],
  [
    'a status of another scheme',
    [],
    enrolment({ status: 'adult' }),
    { kind: 'status-not-of-scheme', scheme: 'employee', status: 'adult', ...statuses },
  ],
  [
    'a later status of another scheme',
    [],
    enrolment({ statusChanges: [{ status: 'child', changedOn: day('2025-05-01') }] }),
    { kind: 'status-not-of-scheme', scheme: 'employee', status: 'child', ...statuses },
  ],
  [
    'a change of status before coverage',
    [],
    enrolment({ statusChanges: [{ status: 'retired', changedOn: day('2019-12-31') }] }),
    { kind: 'status-before-coverage', coveredFrom: day('2020-01-01') },
  ],
  [
    'two statuses on the first day',
    [],
    enrolment({ statusChanges: [{ status: 'retired', changedOn: day('2020-01-01') }] }),
    { kind: 'other-status-that-day', status: 'active', changedOn: day('2020-01-01') },
  ],
  [
    'an enrolment elsewhere while covered',
    first,
    enrolment({ regionCode: '310100', coveredFrom: day('2025-01-01') }),
    { kind: 'coverage-overlaps', ...open },
  ],
  [
    'an enrolment with another name',
    first,
    enrolment({ personalDigest: Buffer.from('other') }),
    { kind: 'already-enrolled', differs: ['personal'] },
  ],
  [
    'an enrolment with another birth date and status',
    first,
    enrolment({ bornOn: day('1971-05-01'), status: 'retired', statusChanges: [] }),
    { kind: 'already-enrolled', differs: ['status', 'bornOn'] },
  ],
  [
    'an enrolment with a change of status that is not known',
    first,
    enrolment({ statusChanges: [{ status: 'active', changedOn: day('2025-06-01') }] }),
    { kind: 'already-enrolled', differs: ['statusChanges'] },
  ],
  [
    'an enrolment elsewhere after coverage ended: that is a further period',
    ended,
    enrolment({ regionCode: '310100', coveredFrom: day('2025-03-01'), statusChanges: [] }),
    { kind: 'already-enrolled', differs: ['regionCode', 'coveredFrom'] },
  ],
  [
    'a status before all coverage',
    first,
    status('retired', '2019-12-31'),
    { kind: 'status-before-coverage', coveredFrom: day('2020-01-01') },
  ],
  [
    'a status that the scheme of the day lacks',
    first,
    status('child', '2025-01-20'),
    { kind: 'status-not-of-scheme', scheme: 'employee', status: 'child', ...statuses },
  ],
  [
    'a second status for one day',
    first,
    status('active', '2025-05-01'),
    { kind: 'other-status-that-day', status: 'retired', changedOn: day('2025-05-01') },
  ],
  [
    'an end before the beginning',
    first,
    end('2019-12-31'),
    { kind: 'period-reversed', field: 'coveredTo', from: day('2020-01-01'), to: day('2019-12-31') },
  ],
  [
    'an end put off',
    ended,
    end('2025-02-01'),
    { kind: 'coverage-already-ended', coveredTo: day('2025-01-31') },
  ],
  [
    'a further period that ends before it begins',
    ended,
    resumption({ coveredTo: day('2025-01-31') }),
    { kind: 'period-reversed', field: 'coveredTo', from: day('2025-02-01'), to: day('2025-01-31') },
  ],
  [
    'a further period with a status of the other scheme',
    ended,
    resumption({ scheme: 'employee' }),
    { kind: 'status-not-of-scheme', scheme: 'employee', status: 'adult', ...statuses },
  ],
  [
    'a further period that begins on the last covered day',
    ended,
    resumption({ coveredFrom: day('2025-01-31') }),
    { kind: 'coverage-overlaps', ...open, coveredTo: day('2025-01-31') },
  ],
  [
    'an earlier period that ends on the first covered day',
    [enrolment({ coveredFrom: day('2025-02-01') })],
    resumption({ coveredFrom: day('2024-01-01'), coveredTo: day('2025-02-01') }),
    { kind: 'coverage-overlaps', ...open, coveredFrom: day('2025-02-01') },
  ],
  ['a further period while covered', first, resumption(), { kind: 'coverage-overlaps', ...open }],
  [
    'a filing made tomorrow',
    first,
    filing({ filedOn: day('2025-03-11') }),
    { kind: 'date-in-the-future', field: 'filedOn', on: day('2025-03-11') },
  ],
  [
    'a filing that ends before it begins',
    first,
    filing({ validTo: day('2025-01-04') }),
    { kind: 'period-reversed', field: 'validTo', from: day('2025-01-05'), to: day('2025-01-04') },
  ],
  [
    'a filing for the own region',
    first,
    filing({ treatmentRegion: '110100' }),
    { kind: 'filing-for-own-region', treatmentRegion: '110100' },
  ],
  [
    'another filing under the number',
    filed,
    filing({ validTo: null }),
    { kind: 'filing-number-reused', filingNo: 'F1' },
  ],
  [
    'cancelling what is not',
    filed,
    cancel('F2', '2025-02-01'),
    { kind: 'unknown-filing', filingNo: 'F2' },
  ],
  [
    'cancelling before it was made',
    filed,
    cancel('F1', '2025-01-09'),
    { kind: 'cancelled-before-filed', filedOn: day('2025-01-10') },
  ],
  [
    'cancelling twice on different days',
    cancelled,
    cancel('F1', '2025-02-02'),
    { kind: 'filing-already-cancelled', cancelledOn: day('2025-02-01') },
  ],
]

for (const [fact, given, when, then] of ROWS) {
  test(`${fact} is refused: ${then.kind}`, () => {
    assert.deepEqual(refusalOf(after(...given), when), then)
  })
}

test('the day after the last covered day may begin a further period', () => {
  assert.equal(run(after(...ended), resumption()).length, 1)
})

test('five minutes before midnight in Shanghai tomorrow is not the future', () => {
  const late = { ...meta, now: instant('2025-03-10T15:56:00.000Z') }
  const command = { ...filing({ filedOn: day('2025-03-11') }), meta: late }
  assert.equal(run(after(...first), command).length, 1)
})

test('law: a command that was accepted records nothing when it comes again at once', () => {
  const any = fc.oneof(
    fc.constant(enrolment()),
    fc
      .integer({ min: 1, max: 28 })
      .map(n => status('retired', `2025-02-${String(n).padStart(2, '0')}`)),
    fc
      .integer({ min: 1, max: 28 })
      .map(n => end(`2025-02-${String(n).padStart(2, '0')}`, '110100')),
    fc.integer({ min: 1, max: 3 }).map(n => filing({ filingNo: `F${n}` })),
    fc.integer({ min: 1, max: 3 }).map(n => cancel(`F${n}`, '2025-02-01')),
    fc.constant(resumption({ regionCode: '110100', coveredFrom: day('2025-03-01') })),
  )
  fc.assert(
    fc.property(fc.array(any, { maxLength: 12 }), commands => {
      let state = initialState
      for (const command of commands) {
        const decision = decide(command, state)
        if (!decision.accepted) continue
        state = decision.events.reduce(evolve, state)
        assert.deepEqual(run(state, command), [])
      }
    }),
    { seed: 11, numRuns: 300 },
  )
})
