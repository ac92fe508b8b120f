/**
 * Benefit accounts, quotes and explanations. Money in fen; names of totals as in RULES.md and the
 * engine.
 */
import { type Static, Type } from 'typebox'
import { SharesJson } from './claim.ts'
import { DateJson, FenJson, Maybe, RegionJson, Shape, SignedFenJson, UuidJson } from './scalars.ts'

export const TextJson = Shape({ en: Type.String(), zh: Type.String() })

/** Running totals of a year: integers by name, those that are 0 left out. */
export const AmountsJson = Type.Record(Type.String(), Type.Integer(), {
  description: 'stays, stays.<level>, dedInFen, paidInFen, burdenFen …; absent = 0',
})

export const YearJson = Type.Integer({ minimum: 1900, maximum: 2199 })

/** The account as one figure each, named as in the expected results of the demo set. */
export const AccountJson = Shape({
  personId: UuidJson,
  regionCode: Maybe(RegionJson),
  year: YearJson,
  stays: Type.Integer({ minimum: 0, description: 'inpatient claims of the year' }),
  dedIn: FenJson,
  dedOut: FenJson,
  paidIn: FenJson,
  paidOut: FenJson,
  burden: FenJson,
  paidCat: FenJson,
  account: SignedFenJson,
  years: Type.Array(YearJson, { description: 'years with claims' }),
})

export type AccountJson = Static<typeof AccountJson>

export const AccountRowJson = Shape({
  personId: UuidJson,
  regionCode: Maybe(RegionJson),
  scheme: Maybe(Type.String()),
  balanceFen: SignedFenJson,
  years: Type.Record(Type.String(), AmountsJson),
})

export type AccountRowJson = Static<typeof AccountRowJson>

export const AccountPageJson = Shape({
  accounts: Type.Array(AccountRowJson),
  next: Maybe(Type.String({ description: '`after` of the next page' })),
})

/** Bytes of `ClaimSubmitted`, Avro single-object encoding. 1,000 lines fit. */
export const QuoteClaimJson = Shape({
  claim: Type.String({ maxLength: 1_000_000, pattern: '^[A-Za-z0-9+/]+={0,2}$' }),
})

export const QuoteJson = Shape({
  shares: SharesJson,
  totalsBefore: AmountsJson,
  accountBeforeFen: SignedFenJson,
  assumptions: Type.Array(TextJson),
  asOfPosition: Type.Integer({
    description: 'everything that claims stored up to here is counted',
  }),
})

export type QuoteJson = Static<typeof QuoteJson>

const SourceJson = Shape({
  document: Type.String(),
  clause: Type.String(),
  quote: Maybe(Type.String()),
})
const StepValueJson = Type.Unknown({ description: 'fen, basis points, a count, a name or null' })

export const ExplanationJson = Shape({
  claimId: UuidJson,
  personId: UuidJson,
  packHash: Type.String(),
  policy: TextJson,
  counts: Type.Boolean({ description: 'false: the claim was undone afterwards' }),
  shares: SharesJson,
  year: YearJson,
  totalsBefore: AmountsJson,
  accountBeforeFen: SignedFenJson,
  effect: AmountsJson,
  layers: Type.Array(Shape({ layer: Type.String(), fund: Type.String(), amountFen: FenJson })),
  steps: Type.Array(
    Shape({
      name: Type.String(),
      en: Type.String(),
      zh: Type.String(),
      layer: Type.String(),
      inputs: Type.Record(Type.String(), StepValueJson),
      figures: Type.Array(
        Shape({
          path: Type.String({ description: 'place in the pack' }),
          value: StepValueJson,
          sources: Type.Array(SourceJson),
          readings: Type.Array(TextJson),
        }),
      ),
      rounding: Maybe(Type.String()),
      result: StepValueJson,
    }),
  ),
  assumptions: Type.Array(TextJson),
})

export type ExplanationJson = Static<typeof ExplanationJson>

const LayerLeftJson = Shape({
  layer: Type.String(),
  payer: Type.String(),
  capFen: Maybe(FenJson),
  usedFen: Maybe(FenJson),
  leftFen: Maybe(FenJson, {
    description: 'most that the layer still pays in the year; null: no limit',
  }),
})

export const EntitlementJson = Shape({
  personId: UuidJson,
  on: DateJson,
  year: YearJson,
  accountFen: SignedFenJson,
  totals: AmountsJson,
  insured: Maybe(
    Shape({ regionCode: RegionJson, scheme: Type.String(), status: Maybe(Type.String()) }),
  ),
  policy: Maybe(Shape({ packHash: Type.String(), name: TextJson, effectiveFrom: Maybe(DateJson) })),
  benefits: Type.Array(
    Shape({
      kind: Type.String(),
      levels: Type.Array(Type.String()),
      deductibleLeftFen: Maybe(FenJson),
      layers: Type.Array(LayerLeftJson),
      cannotCompute: Maybe(TextJson),
    }),
    { description: 'at home, by kind and level; levels with equal figures stand together' },
  ),
  claims: Type.Array(Shape({ claimId: UuidJson, accountFen: FenJson, effect: AmountsJson }), {
    description: 'what used the deductibles and caps of the year, newest first',
  }),
  claimsOfYear: Type.Integer({ minimum: 0 }),
})

export type EntitlementJson = Static<typeof EntitlementJson>
