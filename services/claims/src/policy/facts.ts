/**
 * What the policy engine is told about one claim. The claim carries all of it; nothing is looked
 * up here.
 */
import type { Fen } from '@tongchou/contracts/money.ts'
import type { BusinessDate } from '@tongchou/contracts/time.ts'

export const KINDS = ['inpatient', 'outpatient', 'chronic', 'pharmacy'] as const
export type Kind = (typeof KINDS)[number]

export const LEVELS = ['community', 'tier1', 'tier2', 'tier3', 'tier3_top'] as const
export type Level = (typeof LEVELS)[number]

export const FILING_BRANCHES = [
  'local',
  'deemed',
  'longTerm',
  'transfer',
  'unfiledEmergency',
  'unfiled',
] as const
export type FilingBranch = (typeof FILING_BRANCHES)[number]

export type Scheme = 'employee' | 'resident'

export const STATUSES: Readonly<Record<Scheme, readonly string[]>> = {
  employee: ['active', 'retired'],
  resident: ['adult', 'child'],
}

export type FilingKind =
  | 'longTermResidence'
  | 'retireeResettled'
  | 'postedWorker'
  | 'referral'
  | 'temporary'

export type Filing = {
  readonly kind: FilingKind
  readonly filedOn: BusinessDate
  readonly validFrom: BusinessDate
  readonly validTo: BusinessDate | null
}

/**
 * Facts beyond the usual ones that a pack may ask for, e.g. `civilServant`; text `true` equals
 * true.
 */
export type Attributes = Readonly<Record<string, boolean | number | string>>

export type BenefitFacts = {
  readonly kind: Kind
  /** Null only at pharmacies. */
  readonly level: Level | null
  readonly insuredRegion: string
  readonly treatingRegion: string
  readonly scheme: Scheme
  /** On the end date: active, retired; adult, child. */
  readonly status: string
  /** Completed years on 1 January of the year of the end date. */
  readonly ageOnYearStart?: number
  readonly beginOn: BusinessDate
  readonly endOn: BusinessDate
  readonly emergency: boolean
  /** Only those of the person for the treating region, cancelled ones left out. */
  readonly filings: readonly Filing[]
  readonly fullSelfFen: Fen
  readonly overLimitFen: Fen
  readonly firstShareFen: Fen
  readonly inScopeFen: Fen
  /** fullSelf + overLimit + firstShare + inScope. */
  readonly totalFen: Fen
  readonly useAccount: boolean
  readonly attributes: Attributes
}
