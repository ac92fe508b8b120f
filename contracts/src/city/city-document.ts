/**
 * The policies of one city as a public data set holds them (contracts/policies/cities/source):
 * yuan and fractions, kept as the decimal text of the file, so that no float meets money.
 */
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import citySchema from '../../policies/city.schema.json' with { type: 'json' }
import type { ShapeProblem } from '../policy-document.ts'

/** A number as it stands in the file: `{ decimal: '0.045' }`. */
export type Decimal = { readonly decimal: string }

export type CityLevel = 'community' | 'tier1' | 'tier2' | 'tier3' | 'tier3_top'

export type CityTier = {
  readonly tierName: string
  readonly deductible: Decimal
  readonly reimbursementRatio: Decimal
  readonly retireeRatioBonus?: Decimal
}
export type CityTiers = Readonly<Partial<Record<CityLevel, CityTier>>>

export type CityOutpatient = {
  readonly sourceDocId?: string
  readonly annualDeductible?: Decimal
  readonly annualDeductibleRetiree?: Decimal
  readonly deductibleType?: 'annual' | 'per_visit'
  readonly annualCap: Decimal
  readonly annualCapRetiree?: Decimal
  readonly tierBenefits: CityTiers
  readonly note?: string
}
export type CityInpatient = {
  readonly sourceDocId?: string
  readonly annualCap: Decimal
  readonly comprehensiveCap?: Decimal
  readonly tierBenefits: CityTiers
  readonly repeatedDeductibleRule?: string
}
export type CityBand = {
  readonly minAmount: Decimal
  readonly maxAmount?: Decimal
  readonly ratio: Decimal
}
export type CityCatastrophic = {
  readonly sourceDocId?: string
  readonly name: string
  readonly deductible: Decimal
  readonly annualCap?: Decimal
  readonly tiers: readonly CityBand[]
}
export type CityRemote = {
  readonly sourceDocId?: string
  readonly filingChannels?: readonly string[]
  readonly longTermFiledRatio: Decimal
  readonly transferFiledRatio: Decimal
  readonly unfiledEmergencyRatio: Decimal
  readonly unfiledNormalRatio: Decimal
  readonly specialNotes?: readonly string[]
}
export type CityPackage = {
  readonly outpatient: CityOutpatient
  readonly inpatient: CityInpatient
  readonly catastrophic: CityCatastrophic
  readonly remoteMedical: CityRemote
}
export type CitySourceDoc = {
  readonly docId: string
  readonly title: string
  readonly docNumber: string
  readonly publishDate: string
  readonly effectiveDate: string
  readonly status: 'active' | 'superseded'
  readonly officialUrl: string
  readonly summaryQuote: string
}
export type CityDocument = {
  readonly cityCode: string
  readonly cityName: string
  readonly provinceCode: string
  readonly provinceName: string
  readonly lastUpdated?: string
  readonly sourceDocs: readonly CitySourceDoc[]
  readonly employee: CityPackage
  readonly resident: CityPackage
}

export type CityRead =
  | { readonly ok: true; readonly city: CityDocument }
  | { readonly ok: false; readonly problems: readonly ShapeProblem[] }

/** Reads a city's file from its text. Throws SyntaxError where the text is no JSON. */
export function readCity(text: string): CityRead {
  const validate = validator()
  if (!validate(JSON.parse(text))) {
    return { ok: false, problems: (validate.errors ?? []).map(problemOf) }
  }
  return { ok: true, city: parseWithDecimals(text) as CityDocument }
}

function problemOf({ instancePath, keyword, message, params }: ErrorObject): ShapeProblem {
  const extra: unknown = params['additionalProperty'] ?? params['missingProperty']
  const inside = typeof extra === 'string' ? `/${extra}` : ''
  const path = `${instancePath}${inside}`.slice(1).replaceAll('/', '.')
  return { path, keyword, message: message ?? 'is wrong' }
}

/** True for a parsed file that says it is one of these. */
export function looksLikeCity(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'cityCode' in value
}

function parseWithDecimals(text: string): unknown {
  return JSON.parse(text, (_, value: unknown, context?: { readonly source?: string }) =>
    typeof value === 'number' ? { decimal: context?.source ?? String(value) } : value,
  )
}

let check: ValidateFunction | null = null

function validator(): ValidateFunction {
  check ??= new Ajv2020({ allErrors: true, strict: true, strictRequired: false }).compile(
    citySchema,
  )
  return check
}
