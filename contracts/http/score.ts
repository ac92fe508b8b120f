/** The score of a claim, with everything that made it. */
import { type Static, Type } from 'typebox'
import { CLAIM_KINDS, HoldReasonJson } from './claim.ts'
import { CodeJson, DateJson, FenJson, InstantJson, RegionJson, Shape, UuidJson } from './scalars.ts'

export const ScoreJson = Shape({
  claimId: UuidJson,
  score: Type.Integer({ minimum: 0, maximum: 100 }),
  outcome: Type.Enum(['pass', 'hold']),
  reasons: Type.Array(HoldReasonJson),
  features: Type.Array(Shape({ name: Type.String(), value: Type.String() }), {
    description: 'frozen when the claim was scored; the score is a function of them alone',
  }),
  ruleSet: Type.String(),
  institutionCode: CodeJson,
  insuredRegion: RegionJson,
  treatingRegion: RegionJson,
  kind: Type.Enum(CLAIM_KINDS),
  beginOn: DateJson,
  endOn: DateJson,
  totalFen: FenJson,
  counts: Type.Boolean({
    description: 'false once the claim was withdrawn, reversed or rejected: later ones ignore it',
  }),
  scoredAt: InstantJson,
  eventId: UuidJson,
  hash: Type.String({ description: 'chain hash of the event, hex' }),
})

export type ScoreJson = Static<typeof ScoreJson>
