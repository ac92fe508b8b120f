/** Hospitals and pharmacies with their agreements, as agencies send and read them. */
import { type Static, Type } from 'typebox'
import { CodeJson, DateJson, Maybe, RegionJson, Shape } from '../scalars.ts'
import { Text } from '../text.ts'

export const LEVELS = ['community', 'tier1', 'tier2', 'tier3', 'tier3_top'] as const
const LevelJson = Maybe(Type.Enum(LEVELS))
const TypeJson = Type.Enum(['hospital', 'pharmacy'])
const GradeJson = Maybe(Type.Enum(['A', 'AA', 'AAA']))
const NetworkJson = Type.Array(Type.Enum(['intra', 'cross']), { uniqueItems: true, maxItems: 2 })
const DoctorListJson = Type.Array(CodeJson, { uniqueItems: true, maxItems: 4000 })

/** One record of an import, and the body of a single designation. */
export const DesignationJson = Shape({
  institutionCode: CodeJson,
  name: Text(128),
  regionCode: RegionJson,
  level: LevelJson,
  type: TypeJson,
  network: NetworkJson,
  agreementFrom: DateJson,
  agreementTo: DateJson,
  grade: Type.Optional(GradeJson),
  doctors: DoctorListJson,
})
export type DesignationJson = Static<typeof DesignationJson>

export const AgreementJson = Shape({ agreementFrom: DateJson, agreementTo: DateJson })
export const DoctorsJson = Shape({ doctors: DoctorListJson })
export const SuspensionJson = Shape({
  suspendedFrom: DateJson,
  suspendedTo: Type.Optional(Maybe(DateJson)),
  reason: Text(200, { description: 'never personal data' }),
})
export const ReinstatementJson = Shape({ reinstatedOn: DateJson })
export const RenameJson = Shape({ newCode: CodeJson })

export const InstitutionCodeJson = Shape({ code: CodeJson })

/**
 * The answer to everything that is recorded of an institution: its first code, whatever code was
 * used.
 */
export const InstitutionIdJson = Shape({ institutionCode: CodeJson })

export const InstitutionJson = Shape({
  institutionCode: Type.String({ description: 'the first code: claims are numbered under it' }),
  name: Type.String(),
  regionCode: RegionJson,
  type: TypeJson,
  level: LevelJson,
  network: NetworkJson,
  grade: GradeJson,
  doctors: Type.Array(CodeJson),
  agreements: Type.Array(Shape({ from: DateJson, to: DateJson })),
  suspensions: Type.Array(Shape({ from: DateJson, to: Maybe(DateJson), reason: Type.String() })),
})
export type InstitutionJson = Static<typeof InstitutionJson>

export const InstitutionPageJson = Shape({
  institutions: Type.Array(InstitutionJson),
  next: Maybe(Type.String({ description: 'send it as `after` for the next page' })),
})
