import { accept, refuse, unreachable } from '@tongchou/contracts/decision.ts'
import type { Aggregate } from '@tongchou/runtime/service/aggregate.ts'
import { endDisease, registerDisease } from '../disease/decide.ts'
import { approveReferral, requestReferral, returnReferral } from '../referral/decide.ts'
import type { ErasePersonalData, PersonCommand } from './commands.ts'
import { changeStatus, endCoverage, resumeCoverage } from './coverage.ts'
import { enrol } from './enrol.ts'
import type { PersonEventType } from './events.ts'
import { cancelFiling, makeFiling } from './filing.ts'
import type { PersonDecision, PersonRefusal } from './refusals.ts'
import { refuseOtherRegion } from './refusals.ts'
import type { Enrolled, PersonState } from './state.ts'
import { evolve, initialState } from './state.ts'

export function decide(command: PersonCommand, state: PersonState): PersonDecision {
  if (command.type === 'EnrolPerson') return enrol(command, state)
  if (state.status === 'unknown') return refuse({ kind: 'unknown-person' })
  switch (command.type) {
    case 'ChangeStatus':
      return changeStatus(command, state)
    case 'EndCoverage':
      return endCoverage(command, state)
    case 'ResumeCoverage':
      return resumeCoverage(command, state)
    case 'MakeFiling':
      return makeFiling(command, state)
    case 'CancelFiling':
      return cancelFiling(command, state)
    case 'RegisterDisease':
      return registerDisease(command, state)
    case 'EndDiseaseRegistration':
      return endDisease(command, state)
    case 'RequestReferral':
      return requestReferral(command, state)
    case 'ApproveReferral':
      return approveReferral(command, state)
    case 'ReturnReferral':
      return returnReferral(command, state)
    case 'ErasePersonalData':
      return erase(command, state)
    default:
      return unreachable(command)
  }
}

/**
 * Records that the key of the personal data is destroyed. Coverage, filings and the chain stay.
 * Refuses other-region.
 */
function erase({ data }: ErasePersonalData, state: Enrolled): PersonDecision {
  const { reason, askedBy } = data
  const refused = refuseOtherRegion(state, askedBy)
  if (refused !== null) return refused
  if (state.personal === null) return accept()
  const { personId } = state.facts
  return accept({ type: 'PersonalDataErased', data: { personId, reason } })
}

/** Stream `person-<personId>`; every event is keyed by the person. */
export const personAggregate: Aggregate<
  PersonCommand,
  PersonState,
  PersonEventType,
  PersonRefusal
> = {
  category: 'person',
  initialState,
  decide,
  evolve,
  keyOf: ({ data }) => data.personId,
}
