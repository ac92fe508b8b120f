/** RFC 9457 problem details: every error reply of every door. */
import { type Static, Type } from 'typebox'

export const PROBLEM_CONTENT_TYPE = 'application/problem+json'

/**
 * `type` is the public URL + `/problems/<kind>`; figures of a refusal stand beside these as
 * extensions.
 */
export const ProblemJson = Type.Object(
  {
    type: Type.String({ description: '<public URL>/problems/<kind>; the kind is stable' }),
    title: Type.String(),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    detail: Type.Optional(Type.String()),
    instance: Type.Optional(Type.String({ description: 'path of the request' })),
    field: Type.Optional(Type.String({ description: 'what is wrong, as lines[0].quantity' })),
    rule: Type.Optional(Type.String({ description: 'the rule that it breaks, with its limit' })),
  },
  { additionalProperties: true, description: 'RFC 9457 problem; sent as application/problem+json' },
)

export type ProblemJson = Static<typeof ProblemJson>

/**
 * Status and title of a refusal kind: `problems.ts` of a noun is `satisfies Record<Kind, Problem>`.
 */
export type Problem = { readonly status: number; readonly title: string }
