/**
 * What the policy engine is told about one claim. The claim carries all of it; nothing is looked
 * up here.
 */
import type { Fen } from '@tongchou/contracts/money.ts'
import type { Attributes, Kind, Level, Scheme } from '@tongchou/contracts/policy/rule/words.ts'
import type { BusinessDate } from '@tongchou/contracts/time.ts'

export type {
  Attributes,
  FilingBranch,
  Kind,
  Level,
  Scheme,
} from '@tongchou/contracts/policy/rule/words.ts'
export { FILING_BRANCHES, KINDS, LEVELS, STATUSES } from '@tongchou/contracts/policy/rule/words.ts'

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
