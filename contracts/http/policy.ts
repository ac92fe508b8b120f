/** Policy packs: what is published, for whom and from when. */
import { type Static, Type } from 'typebox'
import { DateJson, Maybe, RegionJson, Shape } from './scalars.ts'

export const SCHEMES = ['employee', 'resident'] as const

/** SHA-256 of the canonical JSON. */
export const PACK_HASH_PATTERN = '^[0-9a-f]{64}$'
export const PackHashJson = Type.String({ pattern: PACK_HASH_PATTERN, maxLength: 64 })

/**
 * The pack itself (contracts/policies/*.schema.json), or `{pack, regionCode, effectiveFrom,
 * effectiveTo}` where the pack names no region or day. Checked by the engine, which names every
 * fault.
 */
export const PublishPackJson = Type.Record(Type.String({ maxLength: 64 }), Type.Unknown(), {
  description: 'a policy pack in the table or the language form, or an override of a published one',
})

export const PackRowJson = Shape({
  packHash: PackHashJson,
  regionCode: RegionJson,
  scheme: Type.Enum(SCHEMES),
  name: Type.String(),
  form: Type.Enum(['table', 'language']),
  effectiveFrom: DateJson,
  effectiveTo: Maybe(DateJson),
  cannotCompute: Type.Array(
    Shape({
      kind: Type.String(),
      status: Type.String(),
      level: Type.String(),
      reason: Type.String(),
      unless: Type.Array(Type.String(), {
        description: 'attributes of the claim that lift it, as name or name=value',
      }),
    }),
    { description: 'claims that the pack refuses, with the reason; * stands for any' },
  ),
  attributes: Type.Array(
    Shape({
      name: Type.String(),
      from: Type.Enum(['claim', 'insuredSince', 'premiumPaidOn', 'account']),
      kind: Type.Enum(['flag', 'amount', 'date', 'number', 'text']),
      values: Type.Array(Type.String()),
    }),
    { description: 'further facts by which the pack decides; `claim`: to be sent with the claim' },
  ),
})

export type PackRowJson = Static<typeof PackRowJson>

export const PackPageJson = Shape({
  packs: Type.Array(PackRowJson),
  next: Maybe(Type.String(), { description: '`after` of the next page' }),
})
