import { accept, refuse } from '@tongchou/contracts/decision.ts'
import type { PersonEnrolled } from '@tongchou/contracts/events.generated.ts'
import { statusOn } from '@tongchou/contracts/reference/coverage.ts'
import type { EnrolPerson, StatusChange } from './commands.ts'
import type { PersonEvent } from './events.ts'
import type { PersonDecision, Refused } from './refusals.ts'
import { refuseFuture, refuseOverlap, refuseReversed, refuseStatus } from './refusals.ts'
import type { Enrolled, PersonState } from './state.ts'

/**
 * Enrols a person; the same content again is accepted and records nothing.
 * Refuses personal-data-erased, date-in-the-future, period-reversed, status-not-of-scheme,
 * status-before-coverage, other-status-that-day, coverage-overlaps, already-enrolled.
 */
export function enrol({ data, meta }: EnrolPerson, state: PersonState): PersonDecision {
  const { statusChanges, ...enrolment } = data
  if (state.status === 'enrolled' && state.personal === null) {
    return refuse({ kind: 'personal-data-erased' })
  }
  const refused =
    refuseFuture('bornOn', data.bornOn, meta.now) ??
    refuseReversed('coveredTo', data.coveredFrom, data.coveredTo) ??
    refuseStatus(data.scheme, data.status) ??
    refuseChanges(data, statusChanges)
  if (refused !== null) return refused
  if (state.status === 'enrolled') return again(data, state)
  return accept<PersonEvent>(
    { type: 'PersonEnrolled', data: enrolment },
    ...withoutRepeats(statusChanges).map(
      ({ status, changedOn }): PersonEvent => ({
        type: 'StatusChanged',
        data: { personId: data.personId, status, changedOn },
      }),
    ),
  )
}

function refuseChanges(
  { scheme, status: first, coveredFrom }: PersonEnrolled,
  changes: readonly StatusChange[],
): Refused | null {
  const byDay = new Map<string, string>([[coveredFrom, first]])
  for (const { status, changedOn } of changes) {
    const refused = refuseStatus(scheme, status)
    if (refused !== null) return refused
    if (changedOn < coveredFrom) return refuse({ kind: 'status-before-coverage', coveredFrom })
    const other = byDay.get(changedOn)
    if (other !== undefined && other !== status) {
      return refuse({ kind: 'other-status-that-day', status: other, changedOn })
    }
    byDay.set(changedOn, status)
  }
  return null
}

function withoutRepeats(changes: readonly StatusChange[]): readonly StatusChange[] {
  return [...new Map(changes.map(change => [change.changedOn, change])).values()]
}

const PLAIN_FIELDS = [
  'regionCode',
  'scheme',
  'status',
  'sex',
  'bornOn',
  'coveredFrom',
  'coveredTo',
  'premiumPaidOn',
] as const

/**
 * A person who is enrolled: nothing new, or what differs; a period that overlaps another is named
 * (EN-03).
 */
function again(data: EnrolPerson['data'], state: Enrolled): PersonDecision {
  const { enrolment, facts, personal } = state
  const differs: string[] = PLAIN_FIELDS.filter(field => data[field] !== enrolment[field])
  if (personal !== null && !data.personalDigest.equals(personal.digest)) differs.push('personal')
  const known = data.statusChanges.every(
    ({ status, changedOn }) => statusOn(facts, changedOn, data.scheme) === status,
  )
  if (!known) differs.push('statusChanges')
  if (differs.length === 0) return accept()
  const otherPeriod = differs.some(field => PERIOD_FIELDS.has(field))
  const overlap = otherPeriod ? refuseOverlap(facts.periods, data) : null
  return overlap ?? refuse({ kind: 'already-enrolled', differs })
}

const PERIOD_FIELDS: ReadonlySet<string> = new Set([
  'regionCode',
  'scheme',
  'coveredFrom',
  'coveredTo',
])
