/**
 * The two written forms of a policy, and the check of their shape against the JSON Schemas beside
 * the packs.
 */
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import overrideSchema from '../policies/override.schema.json' with { type: 'json' }
import packSchema from '../policies/pack.schema.json' with { type: 'json' }
import tableSchema from '../policies/table.schema.json' with { type: 'json' }
import type {
  ContributionDocument,
  FundDocument,
  GuardDocument,
  HistoryDocument,
  OverrideDocument,
  PersonalAccountDocument,
} from './policy/language.ts'
import type { TableDocument } from './policy/table.ts'

export type { TableDocument, TableSection, TableSource } from './policy/table.ts'

export type Text = { readonly en: string; readonly zh: string }
type Table<T> = { readonly [key: string]: T }

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
export type CountLeaf = { readonly count: number | null }

type NamedTotal = 'aboveDeductibleFen' | 'burdenFen' | 'costInFen' | 'costOutFen' | `own.${string}`

/** Which part of the claim is shared or counted. */
export type BasisDocument =
  | 'inScope'
  | 'aboveDeductible'
  | 'unpaid'
  | 'firstShare'
  | 'overLimit'
  | {
      readonly cutByCapOf?: string
      readonly coinsuranceOf?: string
      readonly beyondOf?: string
      readonly paidBy?: string
      readonly given?: string
    }

export type LayerDocument = {
  readonly id: string
  readonly payer: 'pooled' | 'catastrophic' | 'largeAmount' | 'civilServant' | 'assistance'
  /** The fund that pays where it is not the payer's own, e.g. `supplement`. */
  readonly fund?: string
  readonly when?: RuleDocument<FlagLeaf>
  readonly of: BasisDocument
  readonly measure?: NamedTotal
  readonly from?: RuleDocument<FenLeaf>
  readonly bands: readonly BandDocument[]
  readonly remoteFactor?: boolean
  readonly cap?: CapDocument
}
export type BandDocument = {
  readonly to?: RuleDocument<FenLeaf>
  readonly rate: RuleDocument<RateLeaf>
  readonly plus?: readonly RuleDocument<RateLeaf>[]
  readonly minus?: readonly RuleDocument<RateLeaf>[]
  readonly times?: readonly RuleDocument<RateLeaf>[]
  readonly floor?: RuleDocument<RateLeaf>
}
export type CapDocument = {
  readonly kind:
    | 'fundPayment'
    | 'eligibleAboveDeductible'
    | 'eligibleExpense'
    | 'costIncludingPersonShare'
  readonly amount: RuleDocument<CapLeaf>
  readonly counts?: readonly PaidTotal[]
  /** Attributes whose amount raises the cap, e.g. what was carried over from earlier years. */
  readonly plus?: readonly string[]
  /** Attribute that lists diseases; their limits, as `chronicLimit` says, raise the cap. */
  readonly diseases?: string
}
type PaidTotal = 'paidInFen' | 'paidOutFen' | 'paidCatFen' | 'paidLargeFen' | `own.${string}`
export type CounterDocument = {
  readonly of: BasisDocument
  readonly kinds?: readonly ('inpatient' | 'outpatient' | 'chronic' | 'pharmacy')[]
  readonly when?: RuleDocument<FlagLeaf>
}
export type BenefitDocument =
  | (Cited & { readonly missing: Text })
  | {
      readonly missing?: never
      readonly covered: readonly RuleDocument<FlagLeaf>[]
      readonly waiting?: { readonly since: string; readonly months: RuleDocument<CountLeaf> }
      readonly deductible: DeductibleDocument | null
      readonly layers: readonly LayerDocument[]
      readonly account: AccountUseDocument | null
      readonly zeroRateIsNotCovered?: boolean
    }
export type AccountUseDocument = Cited & {
  readonly pays: 'allButFullSelf' | 'inScopeShare'
  /** Attribute: of the balance, what it may not pay from, e.g. this year's credits. */
  readonly less?: string
}
export type DeductibleDocument = {
  readonly per: 'stay' | 'year' | 'visit'
  readonly count?: 'all' | 'sameLevel'
  readonly amount: RuleDocument<LadderLeaf>
  readonly maxPerYear?: RuleDocument<FenLeaf>
  /** From the second stay on: this part of the first entry. */
  readonly later?: RuleDocument<RateLeaf>
  /** A ladder that takes its place where it is lower. */
  readonly lowered?: {
    readonly when: RuleDocument<FlagLeaf>
    readonly to: RuleDocument<LadderLeaf>
  }
  /** Attribute: borne already in the same episode, before a transfer. */
  readonly less?: string
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
  /** Null: the pack is of no one scheme and computes no claim. */
  readonly scheme: 'employee' | 'resident' | null
  readonly region: string | null
  readonly effectiveFrom: string | null
  readonly effectiveTo: string | null
  readonly statuses: readonly string[]
  readonly documents: Table<{
    readonly title: string
    readonly number: string | null
    readonly effective: string | null
  }>
  readonly clauses: Table<{
    readonly document: string
    readonly quote: string
    readonly says?: string
  }>
  readonly readings: Table<Text>
  readonly attributes: Table<{
    readonly default: boolean | number | string | null
    readonly means: Text
    /** What the person's coverage tells; without it the claim says it, or earlier years do. */
    readonly from?: 'insuredSince' | 'premiumPaidOn' | 'registered' | 'diseases'
  }>
  readonly remote: {
    readonly deemedFiledFor: readonly string[]
    readonly factor: RuleDocument<RateLeaf> | null
  }
  readonly benefits: Readonly<
    Record<'inpatient' | 'outpatient' | 'chronic' | 'pharmacy', BenefitDocument>
  >
  readonly supersedes?: Cited & { readonly packId: string }
  readonly basedOn?: {
    readonly packId: string
    readonly hash: string
    readonly changed: readonly string[]
  }
  /** Running totals of the policy's own, kept for its claims alone. */
  readonly counters?: Table<CounterDocument>
  readonly history?: Table<HistoryDocument>
  readonly chronicLimit?: {
    readonly othersShare: RuleDocument<RateLeaf>
    /** Payment standard of each disease for a year, by its code. */
    readonly limits?: Table<RuleDocument<FenLeaf>>
  }
  readonly personalAccount?: PersonalAccountDocument
  readonly contribution: ContributionDocument | null
  readonly fund?: FundDocument
  readonly guards?: readonly GuardDocument[]
  readonly riskReserve: { readonly draw: Multiple; readonly ceiling: Multiple } | null
  readonly conflicts?: readonly ConflictDocument[]
  readonly otherNumbers: readonly (Cited & {
    readonly name: string
    readonly value: number | null
    readonly unit: string
    readonly as?: 'figure' | 'targetAtLeast' | 'targetAtMost' | 'targetAbout' | 'deadline'
  })[]
}

export type PolicyDocument = TableDocument | PackDocument
export type WrittenPolicy = PolicyDocument | OverrideDocument

export type ShapeProblem = {
  readonly path: string
  readonly keyword: string
  readonly message: string
}
export type ShapeChecked =
  | { readonly ok: true; readonly document: WrittenPolicy }
  | { readonly ok: false; readonly problems: readonly ShapeProblem[] }

/**
 * True for a document that says it is in the policy language; every other one is read as a table.
 */
export function isLanguageForm(document: WrittenPolicy): document is PackDocument {
  return 'form' in document && document.form === 'language'
}

/** True for a document that only says where it differs from another pack. */
export function isOverride(document: WrittenPolicy): document is OverrideDocument {
  return 'form' in document && document.form === 'override'
}

/**
 * Checks the shape against the schema of the form the document says it has. Figures are not
 * judged.
 */
export function checkShape(value: unknown): ShapeChecked {
  const validate = validatorOf(value)
  if (validate(value)) return { ok: true, document: value }
  return { ok: false, problems: (validate.errors ?? []).filter(isOwn).map(problemOf) }
}

function validatorOf(value: unknown): ValidateFunction<WrittenPolicy> {
  if (typeof value !== 'object' || value === null || !('form' in value)) return tableValidator()
  return value.form === 'override' ? overrideValidator() : packValidator()
}

/** An if/then keyword only repeats the problem found inside it. */
function isOwn(error: ErrorObject): boolean {
  return error.keyword !== 'if'
}

/** What a schema found wrong, with the path of the field. */
export function problemOf(error: ErrorObject): ShapeProblem {
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
let overrideCheck: ValidateFunction<OverrideDocument> | null = null

/** Compiled at first use: 80 ms that a process which loads no pack does not spend. */
function packValidator(): ValidateFunction<PackDocument> {
  packCheck ??= new Ajv2020(OPTIONS).compile<PackDocument>(packSchema)
  return packCheck
}

function tableValidator(): ValidateFunction<TableDocument> {
  tableCheck ??= new Ajv2020(OPTIONS).compile<TableDocument>(tableSchema)
  return tableCheck
}

function overrideValidator(): ValidateFunction<OverrideDocument> {
  overrideCheck ??= new Ajv2020(OPTIONS).compile<OverrideDocument>(overrideSchema)
  return overrideCheck
}
