/** What the books say of themselves: each check with its last result. */
import { Type } from 'typebox'
import { PositionJson } from './balance.ts'
import { InstantJson, Maybe, Shape, SignedFenJson } from './scalars.ts'

export const SelfCheckQueryJson = Shape({
  run: Type.Boolean({ default: false, description: 'true: check now instead of telling the last' }),
})

export const SelfCheckJson = Shape({
  ok: Type.Boolean(),
  ranAt: InstantJson,
  position: PositionJson,
  bookedAt: Maybe(InstantJson),
  imbalanceFen: Type.Integer({ ...SignedFenJson, description: 'debits less credits; must be 0' }),
  checks: Type.Array(
    Shape({
      check: Type.String(),
      ok: Maybe(Type.Boolean({ description: 'null: could not be told this time' })),
      faults: Type.Array(Type.String(), {
        description: 'what breaks it; told to those who see all regions',
      }),
    }),
  ),
})
