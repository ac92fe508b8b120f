/**
 * Messages that a consumer has set aside with their key (law 6), as operators and other services
 * see them.
 */
import { type Static, Type } from 'typebox'
import { InstantJson, Maybe, Shape } from './scalars.ts'

const GroupJson = Type.String({ pattern: '^[a-z][a-z0-9.-]{0,79}$', maxLength: 80 })
const KeyJson = Type.String({ pattern: '^[0-9A-Za-z/._-]{1,128}$', maxLength: 128 })

/** Position in the producer's log, after which a page begins. */
const AfterJson = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 0 })

export const ParkedQueryJson = Shape({
  key: KeyJson,
  group: Type.Optional(GroupJson),
  after: AfterJson,
  limit: Type.Integer({ minimum: 1, maximum: 500, default: 100 }),
})

export const ParkedJson = Shape({
  group: GroupJson,
  topic: Type.String(),
  key: Type.String({ description: 'the person, on topics about persons' }),
  position: Type.Integer({ minimum: 1 }),
  stream: Type.String(),
  type: Type.String(),
  reason: Type.String(),
  parkedAt: InstantJson,
  replay: Type.Boolean({ description: 'asked to be handled again, and not yet handled' }),
})

export const ParkedPageJson = Shape({
  messages: Type.Array(ParkedJson),
  next: Maybe(AfterJson),
})

export const ReplayJson = Shape({ group: GroupJson, key: KeyJson })
export const ReplayAskedJson = Shape({
  ...ReplayJson.properties,
  messages: Type.Integer({ minimum: 1, description: 'that are handled again, in their order' }),
})

export type ParkedJson = Static<typeof ParkedJson>
export type ParkedPageJson = Static<typeof ParkedPageJson>
