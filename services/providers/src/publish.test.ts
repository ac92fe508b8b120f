import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { InstitutionDesignated } from '@tongchou/contracts/events.generated.ts'
import { decodePublic } from '@tongchou/contracts/public/codec.ts'
import type {
  AgreementState,
  SuspensionState,
} from '@tongchou/contracts/public-events.generated.ts'
import { fixedMeta, idFor, NOW } from '@tongchou/contracts/testing/fixed.ts'
import { addDays, businessDate } from '@tongchou/contracts/time.ts'
import type { PublicEvent } from '@tongchou/runtime/public/port.ts'
import type { Recorded } from '@tongchou/runtime/service/recorded.ts'
import fc from 'fast-check'
import type { InstitutionCommand } from './institution/commands.ts'
import { decide } from './institution/decide.ts'
import type { InstitutionEvent } from './institution/events.ts'
import { evolve, initialState } from './institution/state.ts'
import { publish } from './publish.ts'

const CODE = 'H11010000001'
const START = businessDate('2024-01-01')
const day = (offset: number) => addDays(START, offset)
const meta = fixedMeta()
const askedBy = '110100'
const REASON = 'bills of Dr Zhao'

const DESIGNATED: InstitutionDesignated = {
  ...{ institutionCode: CODE, name: '市第一医院', regionCode: '110100', level: 'tier3' },
  ...{ type: 'hospital', network: ['intra', 'cross'], grade: 'AAA', doctors: ['DOC-1'] },
  ...{ agreementFrom: day(0), agreementTo: day(10) },
}

function told(event: InstitutionEvent, position = 1n): readonly PublicEvent[] {
  const stored = { ...event, position, id: idFor(`${event.type} ${position}`), at: NOW }
  return publish.publicEvents(stored as unknown as Recorded)
}

function dataOf({ data }: PublicEvent): object {
  assert.ok(data !== null)
  return { ...decodePublic(data).data }
}

const offset = fc.integer({ min: 0, max: 60 })
const command: fc.Arbitrary<InstitutionCommand> = fc.oneof(
  fc.tuple(offset, offset).map(([from, days]) => {
    const data = { agreementFrom: day(from), agreementTo: day(from + days), askedBy }
    return { type: 'RenewAgreement' as const, data, meta }
  }),
  fc.tuple(offset, fc.option(offset)).map(([from, days]) => {
    const suspendedTo = days === null ? null : day(from + days)
    const data = { suspendedFrom: day(from), suspendedTo, reason: REASON, askedBy }
    return { type: 'SuspendInstitution' as const, data, meta }
  }),
  offset.map(on => {
    const data = { reinstatedOn: day(on), askedBy }
    return { type: 'ReinstateInstitution' as const, data, meta }
  }),
  fc.constantFrom('DOC-2', 'DOC-3').map(doctor => {
    return { type: 'RegisterDoctors' as const, data: { doctors: [doctor], askedBy }, meta }
  }),
)

/** What can happen to an institution: the events of those commands that are accepted. */
function lifeOf(commands: readonly InstitutionCommand[]) {
  let state = evolve(initialState, { type: 'InstitutionDesignated', data: DESIGNATED })
  const events: InstitutionEvent[] = [{ type: 'InstitutionDesignated', data: DESIGNATED }]
  for (const one of commands) {
    const decision = decide(one, state)
    if (!decision.accepted) continue
    for (const event of decision.events) {
      state = evolve(state, event)
      events.push(event)
    }
  }
  assert.ok(state.status === 'designated')
  return { events, institution: state.institution }
}

describe('an institution', () => {
  test('is what its rows say, whatever happened to it', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 20 }), commands => {
        const { events, institution } = lifeOf(commands)
        const rows = new Map<string, PublicEvent>()
        for (const event of events.flatMap((fact, index) => told(fact, BigInt(index + 1)))) {
          if (event.topic.kind !== 'state') continue
          if (event.data === null) rows.delete(event.key)
          else rows.set(event.key, event)
        }
        const sorted = [...rows.values()].sort((a, b) => (a.key < b.key ? -1 : 1))
        const of = <T>(schema: string) =>
          sorted.filter(row => row.schema === schema).map(row => dataOf(row) as T)
        assert.deepEqual(
          of<AgreementState>('AgreementState').map(row => [row.agreementFrom, row.agreementTo]),
          institution.agreements.map(({ from, to }) => [from, to]),
        )
        assert.deepEqual(
          of<SuspensionState>('SuspensionState').map(row => [row.suspendedFrom, row.suspendedTo]),
          institution.suspensions.map(({ from, to }) => [from, to]),
        )
        assert.equal(of('InstitutionState').length, 1)
      }),
      { numRuns: 500 },
    )
  })

  test('is told without its doctors and without reasons', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 20 }), commands => {
        for (const event of lifeOf(commands).events.flatMap(fact => told(fact))) {
          const text = event.data?.toString('utf8') ?? ''
          assert.ok(!text.includes('DOC-') && !text.includes('Zhao'))
          assert.equal(event.regions, null)
        }
      }),
    )
    assert.ok(!publish.events.has('DoctorsRegistered'))
  })

  test('renamed is told as a fact and as an alias of its own', () => {
    const renamed = { institutionCode: 'H2', formerCode: CODE }
    const [fact, row, ...rest] = told({ type: 'InstitutionRenamed', data: renamed })
    assert.deepEqual(rest, [])
    assert.deepEqual([fact?.key, row?.key, row?.subject], ['H2', 'H2/alias', 'H2'])
    assert.deepEqual(row && dataOf(row), renamed)
  })

  test('reinstated on the first day of its suspension has no row of it any more', () => {
    const data = { institutionCode: CODE, suspendedFrom: day(5), reinstatedOn: day(5) }
    const [fact, row] = told({ type: 'InstitutionReinstated', data })
    assert.deepEqual(fact && dataOf(fact), data)
    assert.deepEqual([row?.key, row?.data], [`${CODE}/suspension/2024-01-06`, null])
    assert.equal(row?.topic.kind, 'state')
  })
})
