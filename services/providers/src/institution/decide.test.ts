import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixedMeta } from '@tongchou/contracts/testing/fixed.ts'
import { institution } from '@tongchou/contracts/testing/reference.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import type { DesignateInstitution, InstitutionCommand } from './commands.ts'
import type { InstitutionRefusal } from './decide.ts'
import { decide } from './decide.ts'
import type { InstitutionEvent } from './events.ts'
import type { InstitutionState } from './state.ts'
import { evolve, initialState } from './state.ts'

const day = businessDate
const meta = fixedMeta()
const askedBy = '110100'

function designation(change: Partial<DesignateInstitution['data']> = {}): DesignateInstitution {
  return { type: 'DesignateInstitution', data: institution(change), meta }
}
function renewal(from: string, to: string, by: string | null = askedBy): InstitutionCommand {
  const data = { agreementFrom: day(from), agreementTo: day(to), askedBy: by }
  return { type: 'RenewAgreement', data, meta }
}
function doctors(...list: readonly string[]): InstitutionCommand {
  return { type: 'RegisterDoctors', data: { doctors: list, askedBy }, meta }
}
function suspension(
  from: string,
  to: string | null,
  by: string | null = askedBy,
): InstitutionCommand {
  const suspendedTo = to === null ? null : day(to)
  const data = { suspendedFrom: day(from), suspendedTo, reason: 'false bills', askedBy: by }
  return { type: 'SuspendInstitution', data, meta }
}
function reinstatement(on: string): InstitutionCommand {
  return { type: 'ReinstateInstitution', data: { reinstatedOn: day(on), askedBy }, meta }
}
function renaming(
  newCode: string,
  formerCode = 'H11010000001',
  former: { regionCode: string } | null = { regionCode: '110100' },
): InstitutionCommand {
  return { type: 'RenameInstitution', data: { newCode, formerCode, former, askedBy }, meta }
}

function run(state: InstitutionState, command: InstitutionCommand): readonly InstitutionEvent[] {
  const decision = decide(command, state)
  if (!decision.accepted) assert.fail(`refused: ${decision.refusal.kind}`)
  return decision.events
}
function after(...commands: readonly InstitutionCommand[]): InstitutionState {
  return commands.reduce<InstitutionState>(
    (state, command) => run(state, command).reduce(evolve, state),
    initialState,
  )
}

test('what is sent again records nothing, whatever came in between', () => {
  const all = [
    designation(),
    renewal('2025-01-01', '2025-12-31'),
    suspension('2024-03-01', null),
    reinstatement('2024-04-01'),
    doctors('D3'),
  ]
  const state = after(...all)
  for (const command of all) assert.deepEqual(run(state, command), [], command.type)
  assert.deepEqual(run(after(renaming('H2')), renaming('H2')), [])
})

test('a pharmacy has no level', () => {
  const pharmacy = designation({ type: 'pharmacy', level: null })
  assert.equal(run(initialState, pharmacy)[0]?.type, 'InstitutionDesignated')
})

test('the centre acts for every region', () => {
  assert.equal(run(after(designation()), renewal('2025-01-01', '2025-12-31', null)).length, 1)
})

test('a suspension may follow one that was taken back', () => {
  const state = after(designation(), suspension('2024-03-01', null), reinstatement('2024-04-01'))
  assert.equal(run(state, suspension('2024-04-01', '2024-04-30')).length, 1)
})

test('a reinstatement names the suspension that it ends', () => {
  const state = after(designation(), suspension('2024-03-01', null))
  const data = {
    institutionCode: 'H11010000001',
    reinstatedOn: day('2024-04-01'),
    suspendedFrom: day('2024-03-01'),
  }
  const [event] = run(state, reinstatement('2024-04-01'))
  assert.deepEqual(event, { type: 'InstitutionReinstated', data })
})

type Row = readonly [
  fact: string,
  given: readonly InstitutionCommand[],
  when: InstitutionCommand,
  then: InstitutionRefusal,
]
const one = [designation()]
const first = { from: day('2024-01-01'), to: day('2024-12-31') }

const ROWS: readonly Row[] = [
  ['renewing nothing', [], renewal('2025-01-01', '2025-12-31'), { kind: 'unknown-institution' }],
  [
    'suspending another code',
    [renaming('H2')],
    suspension('2024-03-01', null),
    { kind: 'unknown-institution' },
  ],
  [
    'renewing elsewhere',
    one,
    renewal('2025-01-01', '2025-12-31', '310100'),
    { kind: 'other-region' },
  ],
  ['suspending elsewhere', one, suspension('2024-03-01', null, '310100'), { kind: 'other-region' }],
  [
    'the code of another region',
    [],
    designation({ institutionCode: 'H31010000001' }),
    { kind: 'code-of-other-region', institutionCode: 'H31010000001' },
  ],
  [
    'a hospital without a level',
    [],
    designation({ level: null }),
    { kind: 'level-not-of-type', type: 'hospital' },
  ],
  [
    'a pharmacy with a level',
    [],
    designation({ type: 'pharmacy' }),
    { kind: 'level-not-of-type', type: 'pharmacy' },
  ],
  [
    'an agreement that ends before it begins',
    [],
    designation({ agreementTo: day('2023-12-31') }),
    { kind: 'period-reversed', field: 'agreementTo', from: first.from, to: day('2023-12-31') },
  ],
  [
    'designating what is another code',
    [renaming('H2')],
    designation({ institutionCode: 'H2' }),
    { kind: 'code-in-use', institutionCode: 'H2' },
  ],
  [
    'other content under the code',
    one,
    designation({ level: 'tier2', doctors: ['D1'] }),
    { kind: 'already-designated', differs: ['level', 'doctors'] },
  ],
  [
    'a renewal that ends before it begins',
    one,
    renewal('2025-01-01', '2024-12-31'),
    { kind: 'period-reversed', field: 'agreementTo', from: day('2025-01-01'), to: first.to },
  ],
  [
    'a renewal that begins on the last day',
    one,
    renewal('2024-12-31', '2025-12-31'),
    { kind: 'agreement-overlaps', ...first },
  ],
  [
    'a renewal that ends on the first day',
    one,
    renewal('2023-01-01', '2024-01-01'),
    { kind: 'agreement-overlaps', ...first },
  ],
  [
    'a suspension that ends before it begins',
    one,
    suspension('2024-03-01', '2024-02-29'),
    {
      kind: 'period-reversed',
      field: 'suspendedTo',
      from: day('2024-03-01'),
      to: day('2024-02-29'),
    },
  ],
  [
    'a suspension within another',
    [...one, suspension('2024-03-01', null)],
    suspension('2024-05-01', '2024-06-01'),
    { kind: 'suspension-overlaps', from: day('2024-03-01'), to: null },
  ],
  [
    'reinstating on a day without suspension',
    [...one, suspension('2024-03-01', '2024-03-31')],
    reinstatement('2024-04-01'),
    { kind: 'not-suspended', reinstatedOn: day('2024-04-01') },
  ],
  ['renaming nothing', [], renaming('H2', 'H9', null), { kind: 'unknown-institution' }],
  [
    'renaming elsewhere',
    [],
    renaming('H2', 'H9', { regionCode: '310100' }),
    { kind: 'other-region' },
  ],
  [
    'renaming to the code of another region',
    [],
    renaming('H31010000001'),
    { kind: 'code-of-other-region', institutionCode: 'H31010000001' },
  ],
  [
    'renaming to an institution',
    one,
    renaming('H11010000001', 'H3'),
    { kind: 'code-in-use', institutionCode: 'H11010000001' },
  ],
  [
    'renaming to itself',
    one,
    renaming('H11010000001'),
    { kind: 'code-in-use', institutionCode: 'H11010000001' },
  ],
  [
    'renaming to the other code of another',
    [renaming('H2')],
    renaming('H2', 'H3'),
    { kind: 'code-in-use', institutionCode: 'H2' },
  ],
]

for (const [fact, given, when, then] of ROWS) {
  test(`${fact} is refused: ${then.kind}`, () => {
    const decision = decide(when, after(...given))
    assert.deepEqual(decision, { accepted: false, refusal: then })
  })
}
