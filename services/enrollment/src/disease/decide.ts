import { accept, refuse } from '@tongchou/contracts/decision.ts'
import type { EndDiseaseRegistration, RegisterDisease } from '../person/commands.ts'
import type { PersonDecision } from '../person/refusals.ts'
import { refuseFuture, refuseOtherRegion, refuseReversed } from '../person/refusals.ts'
import type { Enrolled } from '../person/state.ts'

/**
 * Records that a special or chronic disease was identified (慢特病鉴定); the same again records
 * nothing. It may begin later than the approval, never before it.
 * Refuses other-region, date-in-the-future, period-reversed, valid-before-approval,
 * registration-number-reused.
 * @source capabilities CL-19
 */
export function registerDisease({ data, meta }: RegisterDisease, state: Enrolled): PersonDecision {
  const { askedBy, ...asked } = data
  const { registrationNo, approvedOn, validFrom, validTo } = asked
  const refused =
    refuseOtherRegion(state, askedBy) ??
    refuseFuture('approvedOn', approvedOn, meta.now) ??
    refuseReversed('validTo', validFrom, validTo)
  if (refused !== null) return refused
  if (validFrom < approvedOn) return refuse({ kind: 'valid-before-approval', approvedOn })
  const known = state.diseases.get(registrationNo)
  const { personId } = state.facts
  if (known === undefined) {
    return accept({ type: 'DiseaseRegistered', data: { personId, ...asked } })
  }
  const same =
    known.made.disease === asked.disease &&
    known.made.approvedBy === asked.approvedBy &&
    known.made.approvedOn === approvedOn &&
    known.made.validFrom === validFrom &&
    known.made.validTo === validTo
  return same ? accept() : refuse({ kind: 'registration-number-reused', registrationNo })
}

/**
 * The registration counts for no treatment after the day; the same day again records nothing.
 * Refuses other-region, unknown-registration, period-reversed, registration-already-ended.
 */
export function endDisease({ data }: EndDiseaseRegistration, state: Enrolled): PersonDecision {
  const { askedBy, registrationNo, endedOn } = data
  const otherRegion = refuseOtherRegion(state, askedBy)
  if (otherRegion !== null) return otherRegion
  const known = state.diseases.get(registrationNo)
  if (known === undefined) return refuse({ kind: 'unknown-registration', registrationNo })
  const reversed = refuseReversed('endedOn', known.made.approvedOn, endedOn)
  if (reversed !== null) return reversed
  if (known.endedOn === endedOn) return accept()
  if (known.endedOn !== null) {
    return refuse({ kind: 'registration-already-ended', endedOn: known.endedOn })
  }
  const { personId } = state.facts
  return accept({ type: 'DiseaseRegistrationEnded', data: { personId, registrationNo, endedOn } })
}
