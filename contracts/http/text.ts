import { Type } from 'typebox'

/**
 * What no text field carries: C0 and C1 controls, DEL, line separators, the marks that turn the
 * direction of reading (they hide what a reviewer signs) and lone surrogates (no UTF-8 has them).
 */
const FORBIDDEN =
  '\\u0000-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff'

/**
 * The same rule as a JSON Schema pattern (ECMA-262 with the `u` flag: surrogate pairs count as
 * one).
 */
export const TEXT_PATTERN = `^[^${FORBIDDEN}]*$`

/** One line of plain text, `minLength` (1 unless told) to `maxLength` code points. */
export function Text(maxLength: number, options?: { minLength?: number; description?: string }) {
  return Type.String({ minLength: 1, maxLength, pattern: TEXT_PATTERN, ...options })
}
