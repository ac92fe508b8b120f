/** Persons, their coverage and their cross-region filings, as agencies send and read them. */
import { type Static, Type } from 'typebox'
import {
  CodeJson,
  DateJson,
  FenJson,
  Maybe,
  PersonNumberJson,
  RegionJson,
  Shape,
  UuidJson,
} from './scalars.ts'
import { Text } from './text.ts'

export const SchemeJson = Type.Enum(['employee', 'resident'])
export const SexJson = Type.Enum(['M', 'F'])
const StatusJson = Type.String({
  pattern: '^[a-z][A-Za-z]{0,31}$',
  maxLength: 32,
  description: 'employee: active, retired; resident: adult, child',
})

/** An absent end is open. */
const EndJson = Type.Optional(Maybe(DateJson))
const PaidJson = Type.Optional(
  Maybe(DateJson, { description: 'day on which the premium of the period was paid' }),
)

/** One record of an import, and the body of a single enrolment. */
export const EnrolmentJson = Shape({
  personNo: PersonNumberJson,
  idNumber: PersonNumberJson,
  name: Text(64),
  sex: SexJson,
  bornOn: DateJson,
  regionCode: RegionJson,
  scheme: SchemeJson,
  status: StatusJson,
  statusChanges: Type.Optional(
    Type.Array(Shape({ on: DateJson, status: StatusJson }), { maxItems: 20 }),
  ),
  coveredFrom: DateJson,
  coveredTo: EndJson,
  premiumPaidOn: PaidJson,
  accountBalanceFen: Type.Optional(
    Maybe(FenJson, {
      description: 'taken and not kept: account credits are booked by contributions',
    }),
  ),
  lastYearWageFen: Type.Optional(Maybe(FenJson)),
})
export type EnrolmentJson = Static<typeof EnrolmentJson>

export const StatusChangeJson = Shape({ on: DateJson, status: StatusJson })
export const CoverageEndJson = Shape({ coveredTo: DateJson })
export const FurtherPeriodJson = Shape({
  regionCode: RegionJson,
  scheme: SchemeJson,
  status: StatusJson,
  coveredFrom: DateJson,
  coveredTo: EndJson,
  premiumPaidOn: PaidJson,
})

export const FILING_KINDS = [
  'longTermResidence',
  'retireeResettled',
  'postedWorker',
  'referral',
  'temporary',
] as const

export const FilingJson = Shape({
  filingNo: CodeJson,
  personNo: PersonNumberJson,
  kind: Type.Enum(FILING_KINDS),
  treatmentRegion: RegionJson,
  filedOn: DateJson,
  validFrom: DateJson,
  validTo: EndJson,
})
export type FilingJson = Static<typeof FilingJson>

/** Codes that the policy of the region knows; told to it in lists, so without semicolons. */
const DiseaseCodeJson = Type.String({ pattern: '^[0-9A-Za-z._-]{1,32}$', maxLength: 32 })

export const DiseaseJson = Shape({
  registrationNo: CodeJson,
  disease: DiseaseCodeJson,
  approvedBy: CodeJson,
  approvedOn: DateJson,
  validFrom: DateJson,
  validTo: EndJson,
})
export const DiseaseEndJson = Shape({ endedOn: DateJson })
export const DiseaseNoJson = Shape({ personNo: PersonNumberJson, registrationNo: CodeJson })

/** Words, never text about a person: they stand in the books for ever. */
export const REFERRAL_REASONS = [
  'noCapacity',
  'specialistNeeded',
  'secondOpinion',
  'rehabilitation',
] as const

export const ReferralJson = Shape({
  referralNo: CodeJson,
  requestedBy: Type.Optional(
    Maybe(CodeJson, { description: 'institution that asks; null: the agency itself' }),
  ),
  treatmentRegion: RegionJson,
  reason: Type.Optional(Maybe(Type.Enum(REFERRAL_REASONS))),
  disease: Type.Optional(Maybe(DiseaseCodeJson)),
  validFrom: DateJson,
  validTo: EndJson,
})
export const ReferralNoJson = Shape({ personNo: PersonNumberJson, referralNo: CodeJson })
export const ReferralIdJson = Shape({ referralNo: CodeJson })
export const ReferralApprovalJson = Shape({ certificateNo: CodeJson, approvedOn: DateJson })
export const ReferralReturnJson = Shape({ returnedOn: DateJson })

export const CancellationJson = Shape({ cancelledOn: DateJson })

/** A reason stands in the books for ever: a word, never text about a person. */
export const ERASURE_REASONS = ['person-asked', 'retention-over', 'court-order'] as const
export const ErasureQueryJson = Shape({
  reason: Type.Enum(ERASURE_REASONS, { default: 'person-asked' }),
})

export const PersonNoJson = Shape({ personNo: PersonNumberJson })
export const FilingNoJson = Shape({ filingNo: CodeJson })
export const CoverageQueryJson = Shape({
  on: Type.Optional(DateJson),
})

/** The answer to everything that is recorded of a person. */
export const PersonIdJson = Shape({ personId: UuidJson })

export const FilingIdJson = Shape({ filingNo: CodeJson, personId: UuidJson })

const PeriodJson = Shape({
  regionCode: RegionJson,
  scheme: SchemeJson,
  coveredFrom: DateJson,
  coveredTo: Maybe(DateJson),
  premiumPaidOn: PaidJson,
})

const FilingFactJson = Shape({
  filingNo: CodeJson,
  kind: Type.Enum(FILING_KINDS),
  treatmentRegion: RegionJson,
  filedOn: DateJson,
  validFrom: DateJson,
  validTo: Maybe(DateJson),
})

export const PersonJson = Shape({
  personId: UuidJson,
  sex: SexJson,
  bornOn: DateJson,
  periods: Type.Array(PeriodJson),
  statuses: Type.Array(Shape({ scheme: SchemeJson, status: StatusJson, changedOn: DateJson })),
  filings: Type.Array(FilingFactJson),
  diseases: Type.Array(
    Shape({
      registrationNo: CodeJson,
      disease: DiseaseCodeJson,
      approvedBy: CodeJson,
      approvedOn: DateJson,
      validFrom: DateJson,
      validTo: Maybe(DateJson),
    }),
    { description: 'register of special and chronic outpatient diseases' },
  ),
  referrals: Type.Array(
    Shape({
      referralNo: CodeJson,
      requestedBy: Maybe(CodeJson, { description: 'institution; null: the agency itself' }),
      treatmentRegion: RegionJson,
      reason: Maybe(Type.Enum(REFERRAL_REASONS)),
      disease: Maybe(DiseaseCodeJson),
      validFrom: DateJson,
      validTo: Maybe(DateJson),
      certificateNo: Maybe(CodeJson),
      approvedOn: Maybe(DateJson),
      returnedOn: Maybe(DateJson),
    }),
  ),
  erased: Type.Boolean({ description: 'the personal data are gone for ever' }),
  personal: Type.Optional(
    Shape({
      personNo: PersonNumberJson,
      idNumber: PersonNumberJson,
      name: Type.String(),
      lastYearWageFen: Maybe(FenJson),
    }),
  ),
})
export type PersonJson = Static<typeof PersonJson>

export const CoverageJson = Shape({
  personId: UuidJson,
  on: DateJson,
  covered: Type.Boolean(),
  period: Maybe(PeriodJson),
  status: Maybe(StatusJson),
  filings: Type.Array(FilingFactJson, { description: 'that hold on the day, for any region' }),
})
export type CoverageJson = Static<typeof CoverageJson>

export const FilingStateJson = Shape({
  personId: UuidJson,
  ...FilingFactJson.properties,
  cancelledOn: Maybe(DateJson),
})

export const PersonRowJson = Shape({
  personId: UuidJson,
  regionCode: RegionJson,
  scheme: SchemeJson,
  status: StatusJson,
  coveredFrom: DateJson,
  coveredTo: Maybe(DateJson),
  filings: Type.Integer({ minimum: 0, description: 'made so far' }),
})

export const PersonPageJson = Shape({
  persons: Type.Array(PersonRowJson),
  next: Maybe(Type.String({ description: 'send it as `after` for the next page' })),
})
