/** Money paid in: premiums of a region and scheme, credits to personal accounts. */
import { type Static, Type } from 'typebox'
import { LEVELS } from '../../src/policy/dues/payers.ts'
import { SchemeJson } from '../person.ts'
import {
  CodeJson,
  DateJson,
  FenJson,
  Maybe,
  PersonNumberJson,
  RegionJson,
  Shape,
  SignedFenJson,
  UuidJson,
} from '../scalars.ts'

const FundJson = Type.String({
  pattern: '^[A-Za-z][A-Za-z0-9]{0,31}$',
  maxLength: 32,
  description: 'fund of the scheme: pooled, largeAmount, supplement, civilServant …',
})
const LevelJson = Maybe(Type.Enum([...LEVELS]), {
  description: 'public level that paid; null: not public finance, or not told',
})

const premium = {
  receiptNo: CodeJson,
  regionCode: RegionJson,
  scheme: SchemeJson,
  payer: Type.Enum(['employer', 'person', 'finance']),
  period: Type.String({
    pattern: '^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$',
    maxLength: 7,
    description: 'month that is paid for, YYYY-MM',
  }),
  amountFen: FenJson,
  receivedOn: DateJson,
}

/** Negative: what a payment that was undone had brought. */
const TakenBackJson = SignedFenJson

/** A number as it is read: an agency's, or one that a bill's payment gave, which has colons. */
const NumberJson = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._/+:-]{0,191}$', maxLength: 192 })

/** One record of an import, and the body of a single receipt; the pooled fund unless told. */
export const PremiumJson = Shape({
  ...premium,
  fund: Type.Optional(FundJson),
  level: Type.Optional(LevelJson),
})
export type PremiumJson = Static<typeof PremiumJson>

/** As it is read. */
export const PremiumStateJson = Shape({
  ...premium,
  amountFen: TakenBackJson,
  receiptNo: NumberJson,
  fund: FundJson,
  level: LevelJson,
})
export type PremiumStateJson = Static<typeof PremiumStateJson>

export const ReceiptNoJson = Shape({ receiptNo: NumberJson })

export const PremiumPageJson = Shape({
  premiums: Type.Array(PremiumStateJson),
  next: Maybe(Type.String({ description: 'send it as `after` for the next page' })),
})

const credit = {
  creditNo: CodeJson,
  regionCode: RegionJson,
  scheme: SchemeJson,
  kind: Type.Enum(['openingBalance', 'monthly', 'correction', 'interest']),
  amountFen: FenJson,
  creditedOn: DateJson,
}

/** One record of an import, and the body of a single credit. */
export const AccountCreditJson = Shape({ ...credit, personNo: PersonNumberJson })
export type AccountCreditJson = Static<typeof AccountCreditJson>

/** A credit as it is read: the person by id. */
export const CreditStateJson = Shape({
  ...{ ...credit, amountFen: TakenBackJson, creditNo: NumberJson, personId: UuidJson },
})
export type CreditStateJson = Static<typeof CreditStateJson>

export const CreditNoJson = Shape({ creditNo: NumberJson })
export const CreditIdJson = Shape({ creditNo: CodeJson, personId: UuidJson })

export const CreditPageJson = Shape({
  credits: Type.Array(CreditStateJson),
  next: Maybe(Type.String({ description: 'send it as `after` for the next page' })),
})

export const CreditQueryJson = {
  personNo: Type.Optional(PersonNumberJson),
}
