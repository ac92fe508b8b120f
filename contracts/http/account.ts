/**
 * Benefit accounts, quotes and explanations. Money in fen; names of totals as in RULES.md and the
 * engine.
 */
import { type Static, Type } from 'typebox'
import { SharesJson } from './claim.ts'
import {
  BasisPointsJson,
  DateJson,
  FenJson,
  Maybe,
  RegionJson,
  Shape,
  SignedFenJson,
  UuidJson,
} from './scalars.ts'

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

/** The shares of the claim laid on its lines: they add up to those of the claim, to the fen. */
export const LinesJson = Type.Array(
  Shape({
    itemCode: Type.String(),
    name: Type.String(),
    on: DateJson,
    amountFen: FenJson,
    fullSelfFen: FenJson,
    overLimitFen: FenJson,
    firstShareFen: FenJson,
    inScopeFen: FenJson,
    layers: Type.Array(Shape({ layer: Type.String(), amountFen: FenJson })),
    cashFen: FenJson,
  }),
)

export type LinesJson = Static<typeof LinesJson>

const AssumedJson = Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()])

/** What a pre-settlement rests on; each is compared when the claim is settled. */
export const AssumptionJson = Shape({
  name: Type.String({ description: 'packHash, status, filing, inScopeFen, totals.dedInFen …' }),
  en: Type.String(),
  zh: Type.String(),
  value: AssumedJson,
})

export type AssumptionJson = Static<typeof AssumptionJson>

export const ChangeJson = Shape({
  name: Type.String(),
  en: Type.String(),
  zh: Type.String(),
  assumed: AssumedJson,
  settled: AssumedJson,
})

export type ChangeJson = Static<typeof ChangeJson>

/** What `POST /v1/claims:presettle` handed out, to be compared with the settlement. */
export const PRESETTLEMENT = Type.String({ maxLength: 6000, pattern: '^[A-Za-z0-9_-]+$' })

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
  lines: Maybe(LinesJson, { description: 'null where the lines miss the parts of the claim' }),
  restsOn: Type.Array(AssumptionJson, {
    description: 'the amount holds for as long as all of it does',
  }),
  validTo: Maybe(DateJson, {
    description: 'last end date for which policy and year stay the same; included',
  }),
  presettlement: Type.String({
    description: 'hand it to GET /v1/claims/{id}/explanation to learn what changed',
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
      number: Type.Integer({ minimum: 1 }),
      of: Maybe(
        Type.Integer({ description: 'the step that this one goes into; null: the whole claim' }),
      ),
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
  lines: Maybe(LinesJson, { description: 'null where claims was not handed the lines' }),
  changes: Maybe(Type.Array(ChangeJson), {
    description: 'what the pre-settlement assumed otherwise; null where none was named',
  }),
  text: Shape({ patient: TextJson, clerk: TextJson }),
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
  counts: Type.Array(Type.String(), {
    description: 'totals that the cap counts: what each claim added stands in its `effect`',
  }),
  measure: Maybe(Type.String(), {
    description: 'the total on which the bands lie; null: on each claim alone',
  }),
  bands: Type.Array(
    Shape({
      fromFen: FenJson,
      toFen: Maybe(FenJson),
      fundBp: BasisPointsJson,
      leftFen: Maybe(FenJson, { description: 'of the band; null: no end' }),
    }),
    { description: 'those that the next claim can still reach, with the rate of the fund' },
  ),
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
  attributes: Type.Record(Type.String(), Type.String(), {
    description: 'what was told of the person and what earlier years say: a claim would carry it',
  }),
  benefits: Type.Array(
    Shape({
      kind: Type.String(),
      levels: Type.Array(Type.String()),
      deductibleLeftFen: Maybe(FenJson),
      deductible: Maybe(
        Shape({
          per: Type.Enum(['stay', 'year', 'visit']),
          usedFen: FenJson,
          counts: Type.Array(Type.String()),
        }),
        { description: 'what was borne this year, and the totals that it counts' },
      ),
      layers: Type.Array(LayerLeftJson),
      cannotCompute: Maybe(TextJson),
    }),
    { description: 'at home, by kind and level; levels with equal figures stand together' },
  ),
  claims: Type.Array(
    Shape({
      claimId: UuidJson,
      eventId: UuidJson,
      endOn: DateJson,
      kind: Type.String(),
      packHash: Type.String(),
      accountFen: FenJson,
      effect: AmountsJson,
    }),
    { description: 'the events that used deductibles, bands and caps of the year, newest first' },
  ),
  credits: Type.Array(
    Shape({ eventId: UuidJson, creditNo: Type.String(), amountFen: SignedFenJson }),
    { description: 'the events that filled the personal account, newest first' },
  ),
  accountUses: Type.Array(
    Shape({
      eventId: UuidJson,
      kind: Type.Enum(['claim', 'payment', 'withdrawal', 'inheritance', 'pooledFund', 'card']),
      claimId: Maybe(UuidJson),
      movementNo: Maybe(Type.String()),
      on: DateJson,
      amountFen: FenJson,
    }),
    { description: 'claims of any year and money without a claim that the account paid' },
  ),
  claimsOfYear: Type.Integer({ minimum: 0 }),
})

export type EntitlementJson = Static<typeof EntitlementJson>
