/**
 * The claim of a hospital or pharmacy, and the answers to it. Money in fen, dates in Asia/Shanghai.
 */
import { type Static, Type } from 'typebox'
import type { ClaimAdjudicated } from '../src/events.generated.ts'
import { fenToJson, sum } from '../src/money.ts'
import {
  BasisPointsJson,
  CodeJson,
  DateJson,
  DecimalJson,
  FenJson,
  InstantJson,
  Maybe,
  RegionJson,
  Shape,
  SignedFenJson,
  UuidJson,
} from './scalars.ts'
import { TEXT_PATTERN, Text } from './text.ts'

export const CLAIM_KINDS = ['inpatient', 'outpatient', 'chronic', 'pharmacy'] as const

export const ClaimLineJson = Shape({
  itemCode: CodeJson,
  name: Text(200),
  quantity: DecimalJson,
  unitPriceFen: DecimalJson,
  amountFen: FenJson,
  on: DateJson,
})

const AttributeValueJson = Type.Unsafe<string | number | boolean>({
  type: ['string', 'integer', 'boolean'],
  minLength: 1,
  maxLength: 64,
  pattern: TEXT_PATTERN,
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'a flag, an amount in fen, a day, a number or a word, as the pack asks',
})

/** What `GET /v1/policies` says of a pack: `attributes` whose `from` is `claim`. */
export const AttributesJson = Type.Record(
  Type.String({ pattern: '^[a-z][A-Za-z0-9]{0,63}$' }),
  AttributeValueJson,
  {
    maxProperties: 32,
    additionalProperties: false,
    description: 'further facts by which the policy of the insured region decides',
  },
)

/** Inpatient: `admittedOn` and `dischargedOn`; every other kind: `visitedOn`. */
export const ClaimJson = Shape(
  {
    claimNo: CodeJson,
    institutionCode: CodeJson,
    personNo: CodeJson,
    kind: Type.Enum(CLAIM_KINDS),
    admittedOn: Type.Optional(DateJson),
    dischargedOn: Type.Optional(DateJson),
    visitedOn: Type.Optional(DateJson),
    emergency: Type.Boolean(),
    doctorCode: Maybe(CodeJson),
    diagnoses: Type.Array(CodeJson, { maxItems: 50 }),
    useAccount: Type.Boolean(),
    attributes: Type.Optional(AttributesJson),
    lines: Type.Array(ClaimLineJson, { minItems: 1, maxItems: 1000 }),
    totalFen: FenJson,
  },
  { description: 'A claim; the number is unique within the institution.' },
)

export type ClaimJson = Static<typeof ClaimJson>

export const SharesJson = Shape({
  insuredRegion: RegionJson,
  treatingRegion: RegionJson,
  scheme: Type.String(),
  status: Type.String(),
  filing: Type.String(),
  fullSelfFen: FenJson,
  overLimitFen: FenJson,
  firstShareFen: FenJson,
  inScopeFen: FenJson,
  deductibleFen: FenJson,
  fundBp: BasisPointsJson,
  pooledFen: FenJson,
  catastrophicFen: FenJson,
  otherFundFen: FenJson,
  accountFen: FenJson,
  cashFen: FenJson,
  totalFen: FenJson,
  packHash: Type.String(),
  owedFen: SignedFenJson,
})

export type SharesJson = Static<typeof SharesJson>

type Shares = Pick<ClaimAdjudicated, Exclude<keyof SharesJson, 'owedFen'>>

/**
 * The shares as every door says them. Owed is what funds and account of the insured region pay for
 * treatment in another one.
 */
export function sharesJson(shares: Shares): SharesJson {
  const { insuredRegion, treatingRegion, scheme, status, filing, fundBp, packHash } = shares
  const { pooledFen, catastrophicFen, otherFundFen, accountFen } = shares
  const paid = sum(pooledFen, catastrophicFen, otherFundFen, accountFen)
  return {
    insuredRegion,
    treatingRegion,
    scheme,
    status,
    filing,
    fullSelfFen: fenToJson(shares.fullSelfFen),
    overLimitFen: fenToJson(shares.overLimitFen),
    firstShareFen: fenToJson(shares.firstShareFen),
    inScopeFen: fenToJson(shares.inScopeFen),
    deductibleFen: fenToJson(shares.deductibleFen),
    fundBp,
    pooledFen: fenToJson(pooledFen),
    catastrophicFen: fenToJson(catastrophicFen),
    otherFundFen: fenToJson(otherFundFen),
    accountFen: fenToJson(accountFen),
    cashFen: fenToJson(shares.cashFen),
    totalFen: fenToJson(shares.totalFen),
    packHash,
    owedFen: insuredRegion === treatingRegion ? 0 : fenToJson(paid),
  }
}

export const HoldReasonJson = Shape({
  rule: Type.String(),
  detail: Type.String(),
  otherClaimId: Maybe(UuidJson),
})

export const CLAIM_STATUSES = [
  'submitted',
  'held',
  'settled',
  'rejected',
  'withdrawn',
  'reversed',
] as const

/** The same for every equal request: a function of the claim's events alone. */
export const ClaimAnswerJson = Shape({
  claimId: UuidJson,
  claimNo: CodeJson,
  institutionCode: CodeJson,
  state: Type.Enum(CLAIM_STATUSES),
  shares: Maybe(SharesJson),
  reasons: Type.Array(HoldReasonJson),
})

export type ClaimAnswerJson = Static<typeof ClaimAnswerJson>

/** The answer, and while there is none, whom the claim waits for. */
export const ClaimStatusJson = Shape({
  ...ClaimAnswerJson.properties,
  waitsFor: Type.Array(
    Shape({
      service: Type.Enum(['claims', 'fraud', 'clearing']),
      parked: Maybe(
        Type.Boolean({ description: 'set aside there until somebody mends it; null: unknown' }),
      ),
      since: Maybe(InstantJson),
      reason: Maybe(Type.String({ description: 'for centre, auditor and services' })),
    }),
  ),
})

export type ClaimStatusJson = Static<typeof ClaimStatusJson>

export const ReverseClaimJson = Shape({ reason: Text(200) })
