import { assert, unreachable } from '@tongchou/contracts/decision.ts'
import type {
  CoverageResumed,
  DiseaseRegistered,
  FilingFact,
  FilingMade,
  PersonEnrolled,
  ReferralApproved,
  ReferralRequested,
} from '@tongchou/contracts/events.generated.ts'
import type { CoverageFacts } from '@tongchou/contracts/reference/coverage.ts'
import { applyCoverage } from '@tongchou/contracts/reference/coverage.ts'
import type { BusinessDate } from '@tongchou/contracts/time.ts'
import type { PersonEvent } from './events.ts'

/** A filing as it was made, and the day on which it was cancelled. */
export type Filing = {
  readonly made: FilingMade
  readonly cancelledOn: BusinessDate | null
}

export type Registration = {
  readonly made: DiseaseRegistered
  readonly endedOn: BusinessDate | null
}

export type Referral = {
  readonly requested: ReferralRequested
  readonly approved: ReferralApproved | null
  readonly returnedOn: BusinessDate | null
}

export type Enrolled = {
  readonly status: 'enrolled'
  /** What now holds. */
  readonly facts: CoverageFacts
  /** What was asked for at first, to tell a resend from other content. */
  readonly enrolment: Omit<PersonEnrolled, 'personal' | 'personalDigest'>
  /** Further periods as they were asked for. */
  readonly resumed: readonly CoverageResumed[]
  readonly filings: ReadonlyMap<FilingFact['filingNo'], Filing>
  /** By number, as they were asked for, and the day on which they were ended. */
  readonly diseases: ReadonlyMap<string, Registration>
  readonly referrals: ReadonlyMap<string, Referral>
  /** Null once they are erased. */
  readonly personal: { readonly sealed: Buffer; readonly digest: Buffer } | null
}

export type PersonState = { readonly status: 'unknown' } | Enrolled

export const initialState: PersonState = { status: 'unknown' }

export function evolve(state: PersonState, event: PersonEvent): PersonState {
  if (event.type === 'PersonEnrolled') {
    assert(state.status === 'unknown', `${event.data.personId} is enrolled twice`)
    const { personal, personalDigest, ...enrolment } = event.data
    const facts = applyCoverage(undefined, event)
    const sealed = { sealed: personal, digest: personalDigest }
    return {
      status: 'enrolled',
      facts,
      enrolment,
      resumed: [],
      filings: new Map(),
      diseases: new Map(),
      referrals: new Map(),
      personal: sealed,
    }
  }
  assert(state.status === 'enrolled', `${event.type} of ${event.data.personId}, not enrolled`)
  if (event.type === 'PersonalDataErased') return { ...state, personal: null }
  if (isOfReferral(event)) return referred(state, event)
  return { ...asAsked(state, event), facts: applyCoverage(state.facts, event) }
}

type OfReferral = Extract<PersonEvent, { readonly type: `Referral${string}` }>

function isOfReferral(event: PersonEvent): event is OfReferral {
  return event.type.startsWith('Referral')
}

function referred(state: Enrolled, event: OfReferral): Enrolled {
  const { referralNo } = event.data
  const known = state.referrals.get(referralNo)
  const put = (referral: Referral): Enrolled => ({
    ...state,
    referrals: new Map(state.referrals).set(referralNo, referral),
  })
  if (event.type === 'ReferralRequested') {
    return put({ requested: event.data, approved: null, returnedOn: null })
  }
  assert(known !== undefined, `${referralNo} was never asked for`)
  if (event.type === 'ReferralApproved') return put({ ...known, approved: event.data })
  return put({ ...known, returnedOn: event.data.returnedOn })
}

type Later = Exclude<
  PersonEvent,
  OfReferral | { readonly type: 'PersonEnrolled' | 'PersonalDataErased' }
>

/** Keeps the content of periods and filings as it came, beside what later facts made of it. */
function asAsked(state: Enrolled, event: Later): Enrolled {
  switch (event.type) {
    case 'CoverageResumed':
      return { ...state, resumed: [...state.resumed, event.data] }
    case 'FilingMade': {
      const filing = { made: event.data, cancelledOn: null }
      return { ...state, filings: new Map(state.filings).set(event.data.filingNo, filing) }
    }
    case 'FilingCancelled': {
      const { filingNo, cancelledOn } = event.data
      const filing = state.filings.get(filingNo)
      assert(filing !== undefined, `${filingNo} is cancelled but was never made`)
      return { ...state, filings: new Map(state.filings).set(filingNo, { ...filing, cancelledOn }) }
    }
    case 'DiseaseRegistered': {
      const { registrationNo } = event.data
      const registration = { made: event.data, endedOn: null }
      return { ...state, diseases: new Map(state.diseases).set(registrationNo, registration) }
    }
    case 'DiseaseRegistrationEnded': {
      const { registrationNo, endedOn } = event.data
      const known = state.diseases.get(registrationNo)
      assert(known !== undefined, `${registrationNo} is ended but was never registered`)
      return {
        ...state,
        diseases: new Map(state.diseases).set(registrationNo, { ...known, endedOn }),
      }
    }
    case 'StatusChanged':
    case 'CoverageEnded':
      return state
    default:
      return unreachable(event)
  }
}
