import type { CommandMeta } from '@tongchou/contracts/decision.ts'
import type {
  CoverageResumed,
  DiseaseRegistered,
  FilingMade,
  PersonEnrolled,
  ReferralApproved,
  ReferralRequested,
} from '@tongchou/contracts/events.generated.ts'
import type { BusinessDate } from '@tongchou/contracts/time.ts'

type CommandOf<Type extends string, Data> = {
  readonly type: Type
  readonly data: Data
  readonly meta: CommandMeta
}

export type StatusChange = { readonly status: string; readonly changedOn: BusinessDate }

/** Region of the agency that asks, from its token; null for the centre, which acts for all. */
type Asked = { readonly askedBy: string | null }

/**
 * Enrols a person with the changes of status that are known already. `personal` is sealed under a
 * key that is durable before the command is decided; `personalDigest` tells a resend from other
 * content.
 */
export type EnrolPerson = CommandOf<
  'EnrolPerson',
  PersonEnrolled & { readonly statusChanges: readonly StatusChange[] }
>
export type ChangeStatus = CommandOf<'ChangeStatus', StatusChange & Asked>
export type EndCoverage = CommandOf<'EndCoverage', { readonly coveredTo: BusinessDate } & Asked>
/**
 * A further period; in another region than before it is a transfer, asked for by the new region.
 */
export type ResumeCoverage = CommandOf<'ResumeCoverage', Omit<CoverageResumed, 'personId'>>
export type MakeFiling = CommandOf<'MakeFiling', Omit<FilingMade, 'personId'> & Asked>
export type CancelFiling = CommandOf<
  'CancelFiling',
  { readonly filingNo: string; readonly cancelledOn: BusinessDate } & Asked
>
export type RegisterDisease = CommandOf<
  'RegisterDisease',
  Omit<DiseaseRegistered, 'personId'> & Asked
>
export type EndDiseaseRegistration = CommandOf<
  'EndDiseaseRegistration',
  { readonly registrationNo: string; readonly endedOn: BusinessDate } & Asked
>
export type RequestReferral = CommandOf<
  'RequestReferral',
  Omit<ReferralRequested, 'personId'> & Asked
>
/** Makes the filing, too; its number is taken before. */
export type ApproveReferral = CommandOf<
  'ApproveReferral',
  Omit<ReferralApproved, 'personId'> & Asked
>
export type ReturnReferral = CommandOf<
  'ReturnReferral',
  { readonly referralNo: string; readonly returnedOn: BusinessDate } & Asked
>
export type ErasePersonalData = CommandOf<'ErasePersonalData', { readonly reason: string } & Asked>

export type PersonCommand =
  | EnrolPerson
  | ChangeStatus
  | EndCoverage
  | ResumeCoverage
  | MakeFiling
  | CancelFiling
  | RegisterDisease
  | EndDiseaseRegistration
  | RequestReferral
  | ApproveReferral
  | ReturnReferral
  | ErasePersonalData
