/** Policy packs: what is published, for whom and from when. */
import { type Static, Type } from 'typebox'
import { TextJson } from './account.ts'
import { DateJson, Maybe, RegionJson, Shape } from './scalars.ts'

export const SCHEMES = ['employee', 'resident'] as const

/** SHA-256 of the canonical JSON. */
export const PACK_HASH_PATTERN = '^[0-9a-f]{64}$'
export const PackHashJson = Type.String({ pattern: PACK_HASH_PATTERN, maxLength: 64 })

/**
 * The pack itself (contracts/policies/*.schema.json), or `{pack, regionCode, effectiveFrom,
 * effectiveTo, supersedes, poolResultFen}` where the pack names no region or day, corrects one of
 * the same day, or changes rates under a guard. Checked by the engine, which names every fault.
 */
export const PublishPackJson = Type.Record(Type.String({ maxLength: 64 }), Type.Unknown(), {
  description: 'a policy pack in the table or the language form, or an override of a published one',
})

export const PackRowJson = Shape({
  packHash: PackHashJson,
  regionCode: RegionJson,
  scheme: Maybe(Type.Enum(SCHEMES), { description: 'null: of none, it only holds other packs' }),
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
      from: Type.Enum([
        'claim',
        'insuredSince',
        'premiumPaidOn',
        'registered',
        'diseases',
        'account',
      ]),
      kind: Type.Enum(['flag', 'amount', 'date', 'number', 'text']),
      values: Type.Array(Type.String()),
    }),
    { description: 'further facts by which the pack decides; `claim`: to be sent with the claim' },
  ),
})

export type PackRowJson = Static<typeof PackRowJson>

/** What a pack breaks: place in it, rule, what was found, what to do. */
export const BreachJson = Shape({
  path: Type.String(),
  rule: Type.String(),
  found: Type.String(),
  says: TextJson,
  todo: TextJson,
})

export type BreachJson = Static<typeof BreachJson>

export function breachJson({ path, rule, found, says, todo }: BreachJson): BreachJson {
  return { path, rule, found, says, todo }
}

export const PublishedPackJson = Shape({
  ...PackRowJson.properties,
  warnings: Type.Array(BreachJson, {
    description: 'what packs of the province or the country ask in principle and it does not give',
  }),
})

export type PublishedPackJson = Static<typeof PublishedPackJson>

export const PackPageJson = Shape({
  packs: Type.Array(PackRowJson),
  next: Maybe(Type.String(), { description: '`after` of the next page' }),
})
