import type { CommandMeta } from '@tongchou/contracts/decision.ts'
import type {
  AgreementRenewed,
  DoctorsRegistered,
  InstitutionDesignated,
  InstitutionReinstated,
  InstitutionSuspended,
} from '@tongchou/contracts/events.generated.ts'

type CommandOf<Type extends string, Data> = {
  readonly type: Type
  readonly data: Data
  readonly meta: CommandMeta
}

/** Region of the agency that asks, from its token; null for the centre, which acts for all. */
type Asked = { readonly askedBy: string | null }

type ByAgency<Fact> = Omit<Fact, 'institutionCode'> & Asked

export type DesignateInstitution = CommandOf<'DesignateInstitution', InstitutionDesignated>
export type RenewAgreement = CommandOf<'RenewAgreement', ByAgency<AgreementRenewed>>
export type RegisterDoctors = CommandOf<'RegisterDoctors', ByAgency<DoctorsRegistered>>
export type SuspendInstitution = CommandOf<'SuspendInstitution', ByAgency<InstitutionSuspended>>
export type ReinstateInstitution = CommandOf<
  'ReinstateInstitution',
  ByAgency<Pick<InstitutionReinstated, 'reinstatedOn'>>
>

/**
 * Gives an institution another code. Decided on the stream of the new code, so that a code is never
 * two institutions'; `former` is what the edge found behind the former code, null when there is
 * nothing.
 */
export type RenameInstitution = CommandOf<
  'RenameInstitution',
  Asked & {
    readonly newCode: string
    readonly formerCode: string
    readonly former: { readonly regionCode: string } | null
  }
>

export type InstitutionCommand =
  | DesignateInstitution
  | RenewAgreement
  | RegisterDoctors
  | SuspendInstitution
  | ReinstateInstitution
  | RenameInstitution
