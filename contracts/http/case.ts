/** Cases: held claims that wait for a reviewer, and what reviewers decide. */
import { type Static, Type } from 'typebox'
import { HoldReasonJson } from './claim.ts'
import { CodeJson, FenJson, InstantJson, Maybe, RegionJson, Shape, UuidJson } from './scalars.ts'
import { Text } from './text.ts'

export const CASE_STATUSES = ['open', 'released', 'rejected', 'closed'] as const

/** A note stands in the books for ever: no personal data belongs in it. */
const NOTE = Text(500, { description: 'why; never personal data' })

export const ReleaseCaseJson = Shape({ note: Type.Optional(NOTE) })
export const RejectCaseJson = Shape({ note: NOTE })

const ReviewerJson = Type.String({ description: 'account of a reviewer, never a name' })
const common = {
  claimId: UuidJson,
  status: Type.Enum(CASE_STATUSES),
  institutionCode: CodeJson,
  insuredRegion: RegionJson,
  treatingRegion: RegionJson,
  totalFen: FenJson,
  reasons: Type.Array(HoldReasonJson),
  approvalsNeeded: Type.Integer({ minimum: 1, description: 'different reviewers for a release' }),
  openedAt: InstantJson,
  decidedAt: Maybe(InstantJson),
  reviewers: Type.Array(ReviewerJson, { description: 'who decided, or agreed so far' }),
}

/** One row of the queue. */
export const CaseRowJson = Shape(common)

export const CasePageJson = Shape({
  cases: Type.Array(CaseRowJson),
  next: Maybe(Type.String({ description: 'send it as `after` for the next page' })),
})

/** One case, read from its events: the same for every equal request. */
export const CaseJson = Shape({
  ...common,
  approvals: Type.Array(Shape({ reviewer: ReviewerJson, note: Type.String() })),
  note: Maybe(Type.String({ description: 'of the decision, or why the claim was withdrawn' })),
})

export const CASE_ORDERS = ['age', 'amount'] as const
export const CASES_LIMIT_MAX = 200

export const CaseQueryJson = Shape({
  status: Type.Enum(CASE_STATUSES, { default: 'open' }),
  region: Type.Optional(RegionJson),
  order: Type.Enum(CASE_ORDERS, { default: 'age', description: 'oldest or largest first' }),
  after: Type.Optional(Type.String({ maxLength: 80, pattern: '^[0-9TZ:.-]{1,40}_[0-9a-f-]{36}$' })),
  limit: Type.Integer({ minimum: 1, maximum: CASES_LIMIT_MAX, default: 50 }),
})

export type CaseRowJson = Static<typeof CaseRowJson>
export type CaseJson = Static<typeof CaseJson>
