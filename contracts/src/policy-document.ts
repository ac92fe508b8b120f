/**
 * The two written forms of a policy, and the check of their shape against the JSON Schemas beside
 * the packs.
 */
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import packSchema from '../policies/pack.schema.json' with { type: 'json' }
import tableSchema from '../policies/table.schema.json' with { type: 'json' }

export type Text = { readonly en: string; readonly zh: string }
type Table<T> = { readonly [key: string]: T }
type ByStatusAndLevel<T> = Table<Table<T>>

export type TableSource = {
  readonly document: string
  readonly number: string | null
  readonly effective: string | null
}
export type TableBand = { readonly toFen: number | null; readonly fundBp: number }

/** What an agency fills in for one region and scheme. Money in fen, rates in basis points. */
export type TableDocument = {
  readonly region: string
  readonly name: string
  readonly scheme: 'employee' | 'resident'
  readonly effectiveFrom: string
  readonly effectiveTo: string | null
  readonly inpatient: {
    readonly deductibleFen: ByStatusAndLevel<readonly number[]>
    readonly stayCount: 'all' | 'sameLevel'
    readonly deductibleMaxFenPerYear: number | null
    readonly fundBp: ByStatusAndLevel<number>
    readonly capFen: number | null
  }
  readonly outpatient: {
    readonly deductibleFen: ByStatusAndLevel<number>
    readonly deductiblePer: 'year' | 'visit'
    readonly fundBp: ByStatusAndLevel<number>
    readonly capFen: Table<number | null>
    readonly sharesInpatientCap: boolean
  }
  readonly catastrophic: {
    readonly name: string
    readonly measure: 'cutByCap' | 'burden'
    readonly fundBp?: number
    readonly fromFen?: number
    readonly bands?: readonly TableBand[]
    readonly capFen: number | null
  } | null
  readonly remote: {
    readonly longTermFiledBp: number
    readonly transferFiledBp: number
    readonly unfiledEmergencyBp: number
    readonly unfiledBp: number
    readonly deemedFiledFor: readonly string[]
  }
  readonly sources: Readonly<Record<TableSection, TableSource | null>>
  readonly assumptions: readonly string[]
}
export type TableSection = 'inpatient' | 'outpatient' | 'catastrophic' | 'remote'

/** Where a number comes from: clauses of the document, or a reading of an unclear one. */
export type Cited = {
  readonly clause?: string | readonly string[]
  readonly reading?: string | readonly string[]
  readonly missing?: Text
}
export type RuleDocument<Leaf> =
  | {
      readonly by: string
      readonly of: Table<RuleDocument<Leaf>>
      readonly else?: RuleDocument<Leaf>
    }
  | (Leaf & Cited & { readonly by?: never })

export type FenLeaf = { readonly fen: number | null }
export type CapLeaf = { readonly fen?: number | null; readonly unlimited?: true }
export type LadderLeaf = { readonly ladderFen: readonly number[] | null }
export type RateLeaf = { readonly fundBp?: number | null; readonly personBp?: number | null }
export type FlagLeaf = { readonly is: boolean | null }
export type MultipleLeaf = { readonly bp: number | null }
export type DueLeaf = { readonly fen?: number | null; readonly baseBp?: number | null }

export type LayerDocument = {
  readonly id: string
  readonly payer: 'pooled' | 'catastrophic' | 'largeAmount' | 'civilServant' | 'assistance'
  readonly when?: RuleDocument<FlagLeaf>
  readonly of:
    | 'inScope'
    | 'aboveDeductible'
    | 'unpaid'
    | { readonly cutByCapOf?: string; readonly coinsuranceOf?: string }
  readonly measure?: 'aboveDeductibleFen' | 'burdenFen' | 'costInFen' | 'costOutFen'
  readonly from?: RuleDocument<FenLeaf>
  readonly bands: readonly BandDocument[]
  readonly remoteFactor?: boolean
  readonly cap?: CapDocument
}
export type BandDocument = {
  readonly to?: RuleDocument<FenLeaf>
  readonly rate: RuleDocument<RateLeaf>
  readonly plus?: readonly RuleDocument<RateLeaf>[]
}
export type CapDocument = {
  readonly kind:
    | 'fundPayment'
    | 'eligibleAboveDeductible'
    | 'eligibleExpense'
    | 'costIncludingPersonShare'
  readonly amount: RuleDocument<CapLeaf>
  readonly counts?: readonly ('paidInFen' | 'paidOutFen' | 'paidCatFen' | 'paidLargeFen')[]
}
export type BenefitDocument =
  | (Cited & { readonly missing: Text })
  | {
      readonly missing?: never
      readonly covered: readonly RuleDocument<FlagLeaf>[]
      readonly deductible: DeductibleDocument | null
      readonly layers: readonly LayerDocument[]
      readonly account: (Cited & { readonly pays: 'allButFullSelf' | 'inScopeShare' }) | null
      readonly zeroRateIsNotCovered?: boolean
    }
export type DeductibleDocument = {
  readonly per: 'stay' | 'year' | 'visit'
  readonly count?: 'all' | 'sameLevel'
  readonly amount: RuleDocument<LadderLeaf>
  readonly maxPerYear?: RuleDocument<FenLeaf>
}
export type DueDocument = {
  readonly id: string
  readonly payer: string
  readonly to: string
  readonly when?: RuleDocument<FlagLeaf>
  readonly amount: RuleDocument<DueLeaf>
}
type Multiple = MultipleLeaf & Cited
/**
 * Where the sources of a pack contradict themselves or leave a meaning open: for its readers;
 * nothing is computed with it.
 */
export type ConflictDocument = {
  readonly rule: string
  readonly path: string
  readonly found: string
  readonly says: Text
}

/**
 * A pack in the policy language: layers, rules that choose by fact, every number with its clause.
 */
export type PackDocument = {
  readonly form: 'language'
  readonly packId: string
  readonly name: Text
  readonly scheme: 'employee' | 'resident'
  readonly region: string | null
  readonly effectiveFrom: string | null
  readonly effectiveTo: string | null
  readonly statuses: readonly string[]
  readonly documents: Table<{
    readonly title: string
    readonly number: string | null
    readonly effective: string | null
  }>
  readonly clauses: Table<{ readonly document: string; readonly quote: string }>
  readonly readings: Table<Text>
  readonly attributes: Table<{
    readonly default: boolean | number | string | null
    readonly means: Text
  }>
  readonly remote: {
    readonly deemedFiledFor: readonly string[]
    readonly factor: RuleDocument<RateLeaf> | null
  }
  readonly benefits: Readonly<
    Record<'inpatient' | 'outpatient' | 'chronic' | 'pharmacy', BenefitDocument>
  >
  readonly contribution: {
    readonly base: {
      readonly counts: RuleDocument<FlagLeaf>
      readonly floor: Multiple
      readonly ceiling: Multiple
    } | null
    readonly dues: readonly DueDocument[]
  } | null
  readonly riskReserve: { readonly draw: Multiple; readonly ceiling: Multiple } | null
  readonly conflicts?: readonly ConflictDocument[]
  readonly otherNumbers: readonly (Cited & {
    readonly name: string
    readonly value: number | null
    readonly unit: string
  })[]
}

export type PolicyDocument = TableDocument | PackDocument

export type ShapeProblem = {
  readonly path: string
  readonly keyword: string
  readonly message: string
}
export type ShapeChecked =
  | { readonly ok: true; readonly document: PolicyDocument }
  | { readonly ok: false; readonly problems: readonly ShapeProblem[] }

/**
 * True for a document that says it is in the policy language; every other one is read as a table.
 */
export function isLanguageForm(document: PolicyDocument): document is PackDocument {
  return 'form' in document
}

/**
 * Checks the shape against the schema of the form the document says it has. Figures are not
 * judged.
 */
export function checkShape(value: unknown): ShapeChecked {
  const language = typeof value === 'object' && value !== null && 'form' in value
  const validate = language ? packValidator() : tableValidator()
  if (validate(value)) return { ok: true, document: value }
  return { ok: false, problems: (validate.errors ?? []).filter(isOwn).map(problemOf) }
}

/** An if/then keyword only repeats the problem found inside it. */
function isOwn(error: ErrorObject): boolean {
  return error.keyword !== 'if'
}

function problemOf(error: ErrorObject): ShapeProblem {
  const { additionalProperty, missingProperty, allowedValues } = error.params
  const extra: unknown = additionalProperty ?? missingProperty
  const inside = typeof extra === 'string' ? `/${extra}` : ''
  const path = `${error.instancePath}${inside}`.slice(1).replaceAll('/', '.')
  const values = Array.isArray(allowedValues) ? `: ${allowedValues.join(', ')}` : ''
  return { path, keyword: error.keyword, message: `${error.message ?? 'is wrong'}${values}` }
}

const OPTIONS = { allErrors: true, strict: true, strictRequired: false, strictTypes: false }

let packCheck: ValidateFunction<PackDocument> | null = null
let tableCheck: ValidateFunction<TableDocument> | null = null

/** Compiled at first use: 80 ms that a process which loads no pack does not spend. */
function packValidator(): ValidateFunction<PackDocument> {
  packCheck ??= new Ajv2020(OPTIONS).compile<PackDocument>(packSchema)
  return packCheck
}

function tableValidator(): ValidateFunction<TableDocument> {
  tableCheck ??= new Ajv2020(OPTIONS).compile<TableDocument>(tableSchema)
  return tableCheck
}
