/** Bills of a person for a month or year: what is owed, noticed, paid. */
import { type Static, Type } from 'typebox'
import { SchemeJson } from '../person.ts'
import {
  CodeJson,
  DateJson,
  FenJson,
  Maybe,
  PersonNumberJson,
  RegionJson,
  Shape,
  UuidJson,
} from '../scalars.ts'

export const PeriodJson = Type.String({
  pattern: '^(19|20|21)[0-9]{2}(-(0[1-9]|1[0-2]))?$',
  maxLength: 7,
  description: 'YYYY or YYYY-MM, as the policy bills',
})

const NameJson = Type.String({ pattern: '^[A-Za-z][A-Za-z0-9]{0,31}$', maxLength: 32 })

const place = { regionCode: RegionJson, scheme: SchemeJson, period: PeriodJson }

const facts = {
  employerNo: Type.Optional(Maybe(CodeJson, { description: 'unit that pays for the person' })),
  status: NameJson,
  age: Type.Optional(Maybe(Type.Integer({ minimum: 0, maximum: 150 }))),
  averageWageFen: Type.Optional(Maybe(FenJson)),
  wageFen: Type.Optional(Maybe(FenJson)),
  given: Type.Optional(
    Type.Record(NameJson, FenJson, {
      maxProperties: 8,
      description: 'amounts that the policy takes as its base, by the name it gives them',
    }),
  ),
  attributes: Type.Optional(
    Type.Record(NameJson, Type.Union([Type.String({ maxLength: 64 }), Type.Boolean()]), {
      maxProperties: 16,
      description: 'further facts that the policy asks for',
    }),
  ),
  dueOn: Type.Optional(
    Maybe(DateJson, { description: 'only where the policy names no day, or the same one' }),
  ),
}

/** One record of an import, and the body of a single bill. */
export const IssueBillJson = Shape({ ...place, personNo: PersonNumberJson, ...facts })
export type IssueBillJson = Static<typeof IssueBillJson>

const BillLineJson = Shape({
  part: Type.String(),
  payer: Type.String({ description: 'a payer that ends in Fund is a fund: nobody pays it in' }),
  fund: Type.String(),
  amountFen: FenJson,
  clauses: Type.Array(Type.String()),
  path: Type.String({ description: 'place of the figure in the policy' }),
})

const OwedJson = Shape({
  on: DateJson,
  payers: Type.Array(Type.String()),
  duesFen: FenJson,
  lateDays: Type.Integer({ minimum: 0 }),
  lateFeeFen: FenJson,
  owedFen: FenJson,
})

const ReasonJson = Type.String({ minLength: 1, maxLength: 200 })

const UndoneJson = Shape({
  receiptNo: CodeJson,
  amountFen: FenJson,
  lateFeeFen: FenJson,
  reason: ReasonJson,
  undoneOn: DateJson,
})

const PaymentJson = Shape({
  receiptNo: CodeJson,
  payers: Type.Array(Type.String()),
  amountFen: FenJson,
  lateDays: Type.Integer({ minimum: 0 }),
  lateFeeFen: FenJson,
  paidOn: DateJson,
})

const supplementNo = Type.Optional(
  Type.Integer({
    minimum: 0,
    maximum: 999,
    description: '0, or nothing: the bill of the period; else a supplement to it',
  }),
)

/** The bill of a period or a supplement to it. */
const bill = {
  billId: UuidJson,
  supplementNo: Type.Integer({ minimum: 0 }),
  ...place,
  personId: UuidJson,
  employerNo: Maybe(Type.String()),
  packHash: Type.String(),
  packId: Type.String(),
  baseFen: FenJson,
  lines: Type.Array(BillLineJson),
  totalFen: FenJson,
  issuedOn: DateJson,
  dueOn: Maybe(DateJson),
  noticeOn: Maybe(DateJson),
  lateFee: Maybe(Shape({ noticeDays: Type.Integer(), perDayBp: Type.Integer() }), {
    description: 'null: the policy has no rule on late money',
  }),
  payments: Type.Array(PaymentJson),
  undone: Type.Array(UndoneJson, { description: 'payments that count no more' }),
  finding: Maybe(Shape({ findingNo: CodeJson, foundOn: DateJson }), {
    description: 'what a supplement rests on',
  }),
  withdrawn: Maybe(Shape({ withdrawalNo: CodeJson, reason: ReasonJson, withdrawnOn: DateJson })),
  owed: OwedJson,
}

const SupplementJson = Shape(bill)
export type SupplementJson = Static<typeof SupplementJson>

/** A bill as it is read, with what is still owed on the day that was asked for, or today. */
export const BillJson = Shape({ ...bill, supplements: Type.Array(SupplementJson) })
export type BillJson = Static<typeof BillJson>

export const BillIdJson = Shape({ billId: UuidJson })
export const BillOnJson = Shape({ on: Type.Optional(DateJson) })

const notice = { supplementNo, deliveredOn: DateJson }
const payment = {
  supplementNo,
  receiptNo: CodeJson,
  payers: Type.Optional(
    Type.Array(NameJson, {
      minItems: 1,
      maxItems: 16,
      uniqueItems: true,
      description: 'all that still owe, unless told',
    }),
  ),
  amountFen: FenJson,
  paidOn: DateJson,
}

export const NoticeJson = Shape(notice)
export const NoticeLineJson = Shape({ billId: UuidJson, ...notice })
export type NoticeLineJson = Static<typeof NoticeLineJson>
export const BillPaymentJson = Shape(payment)
export const BillPaymentLineJson = Shape({ billId: UuidJson, ...payment })
export type BillPaymentLineJson = Static<typeof BillPaymentLineJson>

/** What takes back a payment, or a bill that nobody has paid. */
export const UndoPaymentJson = Shape({ supplementNo, receiptNo: CodeJson, reason: ReasonJson })
export const WithdrawBillJson = Shape({
  ...{ supplementNo, withdrawalNo: CodeJson, reason: ReasonJson },
})

/** A finding of a higher base; what is not told is as billed. */
export const SupplementBillJson = Shape({
  findingNo: CodeJson,
  foundOn: DateJson,
  ...{ averageWageFen: facts.averageWageFen, wageFen: facts.wageFen, given: facts.given },
})
export type SupplementBillJson = Static<typeof SupplementBillJson>

const BillRowJson = Shape({
  billId: UuidJson,
  supplementNo: Type.Integer({ minimum: 0 }),
  ...place,
  personId: UuidJson,
  employerNo: Maybe(Type.String()),
  totalFen: FenJson,
  openFen: FenJson,
  dueOn: Maybe(DateJson),
  noticeOn: Maybe(DateJson),
  withdrawnOn: Maybe(DateJson),
})

const next = Maybe(Type.String({ description: 'send it as `after` for the next page' }))

export const BillPageJson = Shape({ bills: Type.Array(BillRowJson), next })

export const ArrearsPageJson = Shape({
  on: DateJson,
  arrears: Type.Array(
    Shape({
      ...BillRowJson.properties,
      lateDays: Type.Integer({ minimum: 0 }),
      lateFeeFen: FenJson,
    }),
  ),
  next,
})

export const BillQueryJson = {
  regionCode: Type.Optional(RegionJson),
  employerNo: Type.Optional(CodeJson),
  period: Type.Optional(PeriodJson),
  personNo: Type.Optional(PersonNumberJson),
}

export const ArrearsQueryJson = {
  regionCode: Type.Optional(RegionJson),
  employerNo: Type.Optional(CodeJson),
  on: Type.Optional(DateJson),
}
