import { assert, unreachable } from '@tongchou/contracts/decision.ts'
import type {
  AgreementRenewed,
  InstitutionDesignated,
  InstitutionReinstated,
  InstitutionSuspended,
} from '@tongchou/contracts/events.generated.ts'
import type { Institution, InstitutionFact } from '@tongchou/contracts/reference/institutions.ts'
import { applyToInstitution } from '@tongchou/contracts/reference/institutions.ts'
import type { InstitutionEvent } from './events.ts'

export type Designated = {
  readonly status: 'designated'
  /** What now holds. */
  readonly institution: Institution
  /** What was asked for, as it came: tells a resend from other content. */
  readonly designation: InstitutionDesignated
  readonly renewals: readonly AgreementRenewed[]
  readonly suspensions: readonly InstitutionSuspended[]
  readonly reinstatements: readonly InstitutionReinstated[]
}

/** The stream of one code: free, an institution's first code, or another code of one. */
export type InstitutionState =
  | { readonly status: 'free' }
  | { readonly status: 'alias'; readonly formerCode: string }
  | Designated

export const initialState: InstitutionState = { status: 'free' }

export function evolve(state: InstitutionState, event: InstitutionEvent): InstitutionState {
  const { institutionCode } = event.data
  if (event.type === 'InstitutionRenamed') {
    assert(state.status === 'free', `${institutionCode} is in use and becomes another code`)
    return { status: 'alias', formerCode: event.data.formerCode }
  }
  if (event.type === 'InstitutionDesignated') {
    assert(state.status === 'free', `${institutionCode} is in use and is designated`)
    return {
      status: 'designated',
      institution: applyToInstitution(undefined, event),
      designation: event.data,
      renewals: [],
      suspensions: [],
      reinstatements: [],
    }
  }
  assert(state.status === 'designated', `${event.type} of ${institutionCode}, not designated`)
  const institution = applyToInstitution(state.institution, event)
  return { ...asAsked(state, event), institution }
}

type Later = Exclude<InstitutionFact, { readonly type: 'InstitutionDesignated' }>

function asAsked(state: Designated, event: Later): Designated {
  switch (event.type) {
    case 'AgreementRenewed':
      return { ...state, renewals: [...state.renewals, event.data] }
    case 'InstitutionSuspended':
      return { ...state, suspensions: [...state.suspensions, event.data] }
    case 'InstitutionReinstated':
      return { ...state, reinstatements: [...state.reinstatements, event.data] }
    case 'DoctorsRegistered':
      return state
    default:
      return unreachable(event)
  }
}
