/**
 * Scalars of every HTTP door. Formats `business-date` and `instant` are checked by the runtime's
 * validator.
 */
import { type TProperties, type TSchema, Type } from 'typebox'

/** An object that takes these properties and no others. */
export function Shape<const P extends TProperties>(
  properties: P,
  options?: { description?: string },
) {
  return Type.Object(properties, { additionalProperties: false, ...options })
}

/** That, or null. */
export function Maybe<const S extends TSchema>(schema: S, options?: { description?: string }) {
  return Type.Union([schema, Type.Null()], options)
}

/** An amount in fen (分), 0 to 2^53 - 1: what a JSON integer carries exactly. */
export const FenJson = Type.Integer({
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'fen (1/100 yuan)',
})

/** A net or a balance in fen: may be negative. */
export const SignedFenJson = Type.Integer({
  minimum: -Number.MAX_SAFE_INTEGER,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'fen (1/100 yuan), may be negative',
})

/** A rate in basis points; 10000 = 100 %. */
export const BasisPointsJson = Type.Integer({ minimum: 0, maximum: 10_000 })

/**
 * A decimal with at most 4 places, not negative: an integer, or text so that no float touches it.
 */
export const DecimalJson = Type.Unsafe<string | number>({
  type: ['string', 'integer'],
  pattern: '^(0|[1-9][0-9]{0,11})(\\.[0-9]{1,4})?$',
  minimum: 0,
  maximum: 999_999_999_999,
  description: 'decimal with at most 4 places, as text ("1.5") or as an integer',
})

/** A calendar day in Asia/Shanghai, `YYYY-MM-DD`, 1900 to 2199; `2025-02-30` is refused. */
export const DateJson = Type.String({ format: 'business-date', maxLength: 10 })

/** A UTC instant with milliseconds, `2025-03-01T08:00:00.000Z`. */
export const InstantJson = Type.String({ format: 'instant', maxLength: 24 })

/** Codes of institutions, items, diagnoses, departments and documents. */
export const CODE_PATTERN = '^[A-Za-z0-9][A-Za-z0-9._/+-]{0,63}$'
export const CodeJson = Type.String({ pattern: CODE_PATTERN, maxLength: 64 })

/** Number of a person: of a card, an identity document or the insurance. */
export const PersonNumberJson = Type.String({ pattern: '^[0-9A-Za-z]{1,32}$', maxLength: 32 })

/** An administrative division (GB/T 2260), six digits. */
export const REGION_PATTERN = '^[1-9][0-9]{5}$'
export const RegionJson = Type.String({ pattern: REGION_PATTERN, maxLength: 6 })

export const UuidJson = Type.String({
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
  maxLength: 36,
})
