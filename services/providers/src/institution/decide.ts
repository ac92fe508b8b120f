import type { Decision } from '@tongchou/contracts/decision.ts'
import { accept, refuse, unreachable } from '@tongchou/contracts/decision.ts'
import type { InstitutionDesignated } from '@tongchou/contracts/events.generated.ts'
import { suspendedOn } from '@tongchou/contracts/reference/institutions.ts'
import type { BusinessDate } from '@tongchou/contracts/time.ts'
import type { Aggregate } from '@tongchou/runtime/service/aggregate.ts'
import type {
  DesignateInstitution,
  InstitutionCommand,
  RegisterDoctors,
  ReinstateInstitution,
  RenameInstitution,
  RenewAgreement,
  SuspendInstitution,
} from './commands.ts'
import type { InstitutionEvent, InstitutionEventType } from './events.ts'
import type { Designated, InstitutionState } from './state.ts'
import { evolve, initialState } from './state.ts'

type Period = { readonly from: BusinessDate; readonly to: BusinessDate | null }

/** In the order in which they are checked, where several apply. */
export type InstitutionRefusal =
  | { readonly kind: 'unknown-institution' }
  | { readonly kind: 'other-region' }
  | { readonly kind: 'code-of-other-region'; readonly institutionCode: string }
  | { readonly kind: 'level-not-of-type'; readonly type: InstitutionDesignated['type'] }
  | ({ readonly kind: 'period-reversed'; readonly field: string } & Period)
  | { readonly kind: 'code-in-use'; readonly institutionCode: string }
  /** Names the fields that differ. */
  | { readonly kind: 'already-designated'; readonly differs: readonly string[] }
  /** Names the period that is in the way. */
  | ({ readonly kind: 'agreement-overlaps' } & Period)
  | ({ readonly kind: 'suspension-overlaps' } & Period)
  | { readonly kind: 'not-suspended'; readonly reinstatedOn: BusinessDate }

export type InstitutionDecision = Decision<InstitutionEvent, InstitutionRefusal>
type Refused = Extract<InstitutionDecision, { readonly accepted: false }>

export function decide(command: InstitutionCommand, state: InstitutionState): InstitutionDecision {
  if (command.type === 'DesignateInstitution') return designate(command, state)
  if (command.type === 'RenameInstitution') return rename(command, state)
  if (state.status !== 'designated') return refuse({ kind: 'unknown-institution' })
  const { askedBy } = command.data
  if (askedBy !== null && askedBy !== state.institution.regionCode) {
    return refuse({ kind: 'other-region' })
  }
  switch (command.type) {
    case 'RenewAgreement':
      return renew(command, state)
    case 'RegisterDoctors':
      return register(command, state)
    case 'SuspendInstitution':
      return suspend(command, state)
    case 'ReinstateInstitution':
      return reinstate(command, state)
    default:
      return unreachable(command)
  }
}

const REGION_IN_CODE = /^[HP]([1-9][0-9]{5})[0-9]{5}$/

/** A code that names a region (H or P, region, five digits) is given out by that region alone. */
function refuseForeignCode(institutionCode: string, regionCode: string): Refused | null {
  const named = REGION_IN_CODE.exec(institutionCode)?.[1] ?? regionCode
  return named === regionCode ? null : refuse({ kind: 'code-of-other-region', institutionCode })
}

function refuseReversed(
  field: string,
  from: BusinessDate,
  to: BusinessDate | null,
): Refused | null {
  return to !== null && to < from ? refuse({ kind: 'period-reversed', field, from, to }) : null
}

/**
 * Designates a hospital or pharmacy; the same content again records nothing.
 * Refuses code-of-other-region, level-not-of-type, period-reversed, code-in-use, already-
 * designated.
 */
function designate({ data }: DesignateInstitution, state: InstitutionState): InstitutionDecision {
  const { institutionCode, regionCode, type, level, agreementFrom, agreementTo } = data
  const foreign = refuseForeignCode(institutionCode, regionCode)
  if (foreign !== null) return foreign
  if ((type === 'hospital') !== (level !== null)) return refuse({ kind: 'level-not-of-type', type })
  const reversed = refuseReversed('agreementTo', agreementFrom, agreementTo)
  if (reversed !== null) return reversed
  if (state.status === 'alias') return refuse({ kind: 'code-in-use', institutionCode })
  if (state.status === 'free') return accept({ type: 'InstitutionDesignated', data })
  const differs = FIELDS.filter(field => !isEqual(data[field], state.designation[field]))
  return differs.length === 0 ? accept() : refuse({ kind: 'already-designated', differs })
}

const FIELDS = [
  'name',
  'regionCode',
  'level',
  'type',
  'network',
  'agreementFrom',
  'agreementTo',
  'grade',
  'doctors',
] as const

function isEqual(a: string | null | readonly string[], b: typeof a): boolean {
  if (typeof a === 'string' || a === null || typeof b === 'string' || b === null) return a === b
  return a.length === b.length && a.every((entry, index) => entry === b[index])
}

/**
 * Adds a further period to the agreement; the same period again records nothing.
 * Refuses period-reversed, agreement-overlaps.
 */
function renew({ data }: RenewAgreement, state: Designated): InstitutionDecision {
  const { agreementFrom: from, agreementTo: to } = data
  const { institutionCode, agreements } = state.institution
  const reversed = refuseReversed('agreementTo', from, to)
  if (reversed !== null) return reversed
  const known = agreements.some(agreement => agreement.from === from && agreement.to === to)
  if (known) return accept()
  const other = agreements.find(agreement => overlaps(agreement, { from, to }))
  if (other !== undefined) return refuse({ kind: 'agreement-overlaps', ...other })
  const renewed = { institutionCode, agreementFrom: from, agreementTo: to }
  return accept({ type: 'AgreementRenewed', data: renewed })
}

/** Replaces the list of doctors; the list that holds records nothing. */
function register({ data }: RegisterDoctors, state: Designated): InstitutionDecision {
  const { doctors } = data
  const { institutionCode } = state.institution
  if (isEqual(doctors, state.institution.doctors)) return accept()
  return accept({ type: 'DoctorsRegistered', data: { institutionCode, doctors } })
}

/**
 * Suspends an institution for a period; the same suspension again records nothing.
 * Refuses period-reversed, suspension-overlaps.
 */
function suspend({ data }: SuspendInstitution, state: Designated): InstitutionDecision {
  const { suspendedFrom: from, suspendedTo: to, reason } = data
  const { institutionCode } = state.institution
  const known = state.suspensions.some(
    other => other.suspendedFrom === from && other.suspendedTo === to && other.reason === reason,
  )
  if (known) return accept()
  const reversed = refuseReversed('suspendedTo', from, to)
  if (reversed !== null) return reversed
  const other = state.institution.suspensions.find(suspension => overlaps(suspension, { from, to }))
  if (other !== undefined) {
    return refuse({ kind: 'suspension-overlaps', from: other.from, to: other.to })
  }
  const suspended = { institutionCode, suspendedFrom: from, suspendedTo: to, reason }
  return accept({ type: 'InstitutionSuspended', data: suspended })
}

/**
 * Ends the suspension of the day on the day before; the same day again records nothing. Refuses
 * not-suspended.
 */
function reinstate({ data }: ReinstateInstitution, state: Designated): InstitutionDecision {
  const { reinstatedOn } = data
  const { institutionCode } = state.institution
  if (state.reinstatements.some(other => other.reinstatedOn === reinstatedOn)) return accept()
  const suspension = suspendedOn(state.institution, reinstatedOn)
  if (suspension === undefined) return refuse({ kind: 'not-suspended', reinstatedOn })
  const suspendedFrom = suspension.from
  const reinstated = { institutionCode, reinstatedOn, suspendedFrom }
  return accept({ type: 'InstitutionReinstated', data: reinstated })
}

/**
 * Makes a free code another code of an institution, for ever; again records nothing. Since only a
 * free code is taken and only a used one is renamed, renames never loop.
 * Refuses unknown-institution, other-region, code-of-other-region, code-in-use.
 */
function rename({ data }: RenameInstitution, state: InstitutionState): InstitutionDecision {
  const { newCode, formerCode, former, askedBy } = data
  if (former === null) return refuse({ kind: 'unknown-institution' })
  if (askedBy !== null && askedBy !== former.regionCode) return refuse({ kind: 'other-region' })
  const foreign = refuseForeignCode(newCode, former.regionCode)
  if (foreign !== null) return foreign
  if (state.status === 'alias' && state.formerCode === formerCode) return accept()
  if (state.status !== 'free') return refuse({ kind: 'code-in-use', institutionCode: newCode })
  return accept({ type: 'InstitutionRenamed', data: { institutionCode: newCode, formerCode } })
}

function overlaps(a: Period, b: Period): boolean {
  return (b.to === null || a.from <= b.to) && (a.to === null || b.from <= a.to)
}

/** Stream `institution-<uuid of the code>`. */
export const institutionAggregate: Aggregate<
  InstitutionCommand,
  InstitutionState,
  InstitutionEventType,
  InstitutionRefusal
> = {
  category: 'institution',
  initialState,
  decide,
  evolve,
  keyOf: ({ data }) => data.institutionCode,
}
