/**
 * Money is integer fen (分, 1/100 yuan) in a bigint; rates are integer basis points. No float meets
 * either.
 */

declare const fenBrand: unique symbol
/** An amount in fen. May be negative in obligations and journals, never in claims. */
export type Fen = bigint & { readonly [fenBrand]: true }

declare const bpBrand: unique symbol
/** A rate: integer basis points, 0 to 10000 (10000 = 100 %). */
export type BasisPoints = number & { readonly [bpBrand]: true }

export type Rounding = 'half-up' | 'down' | 'up'

const WHOLE_BP = 10_000n

/** Largest amount that JSON carries exactly: 2^53 - 1 fen. */
export const MAX_JSON_FEN = BigInt(Number.MAX_SAFE_INTEGER)

/** Brands an integer as fen. Throws RangeError on a fraction or an unsafe number. */
export function fen(value: bigint | number): Fen {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw new RangeError(`not an exact number of fen: ${value}`)
  }
  return BigInt(value) as Fen
}

export const ZERO: Fen = fen(0n)

/** Brands a rate. Throws RangeError outside 0..10000 or on a fraction. */
export function basisPoints(value: number): BasisPoints {
  if (!Number.isInteger(value) || value < 0 || value > 10_000) {
    throw new RangeError(`not a rate in basis points: ${value}`)
  }
  return value as BasisPoints
}

/** Sum of any number of amounts. */
export function sum(...amounts: readonly Fen[]): Fen {
  let total = 0n
  for (const amount of amounts) total += amount
  return total as Fen
}

/** a - b; may be negative. */
export function minus(a: Fen, b: Fen): Fen {
  return (a - b) as Fen
}

/** -a. */
export function negate(a: Fen): Fen {
  return -a as Fen
}

/** max(0, a - b): what is left of `a` after `b`. */
export function remainder(a: Fen, b: Fen): Fen {
  return a > b ? ((a - b) as Fen) : ZERO
}

export function least(a: Fen, b: Fen): Fen {
  return a < b ? a : b
}

export function greatest(a: Fen, b: Fen): Fen {
  return a > b ? a : b
}

/** amount × rate, rounded once to the fen. Refuses negative amounts (RangeError). */
export function share(amount: Fen, rate: BasisPoints, rounding: Rounding): Fen {
  return divide(amount * BigInt(rate), WHOLE_BP, rounding)
}

/** numerator / denominator rounded to the fen; both not negative, denominator positive. */
export function divide(numerator: bigint, denominator: bigint, rounding: Rounding): Fen {
  if (numerator < 0n || denominator <= 0n)
    throw new RangeError('only non-negative amounts are divided')
  switch (rounding) {
    case 'half-up':
      return ((2n * numerator + denominator) / (2n * denominator)) as Fen
    case 'down':
      return (numerator / denominator) as Fen
    case 'up':
      return ((numerator + denominator - 1n) / denominator) as Fen
  }
}

/**
 * Splits `whole` by `weights`; the parts add up to the whole exactly (largest remainder, ties to
 * the earlier part, so the same input always gives the same parts). All weights 0: everything to
 * the first.
 */
export function apportion(whole: Fen, weights: readonly bigint[]): readonly Fen[] {
  if (whole < 0n || weights.some(weight => weight < 0n)) {
    throw new RangeError('only non-negative amounts are apportioned')
  }
  if (weights.length === 0) throw new RangeError('nothing to apportion to')
  let total = 0n
  for (const weight of weights) total += weight
  if (total === 0n) return weights.map((_, index) => (index === 0 ? whole : ZERO))
  const parts: bigint[] = []
  const remainders: { readonly index: number; readonly rest: bigint }[] = []
  let left: bigint = whole
  for (const [index, weight] of weights.entries()) {
    const product = whole * weight
    const part = product / total
    parts.push(part)
    left -= part
    const rest = product - part * total
    if (rest > 0n) remainders.push({ index, rest })
  }
  if (left === 0n) return parts as readonly bigint[] as readonly Fen[]
  // Stable: equal remainders stay in the order of the weights.
  remainders.sort((a, b) => (a.rest === b.rest ? 0 : a.rest < b.rest ? 1 : -1))
  for (const { index } of remainders) {
    if (left === 0n) break
    parts[index] = (parts[index] ?? 0n) + 1n
    left -= 1n
  }
  return parts as readonly bigint[] as readonly Fen[]
}

/**
 * JSON integer for an amount. Throws RangeError beyond 2^53 - 1, where JSON numbers are no longer
 * exact.
 */
export function fenToJson(amount: Fen): number {
  if (amount > MAX_JSON_FEN || amount < -MAX_JSON_FEN) {
    throw new RangeError('amount beyond 2^53 - 1 fen has no exact JSON number')
  }
  return Number(amount)
}

/** Fen from a JSON value; undefined when it is not an exact integer. */
export function fenFromJson(value: unknown): Fen | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value)
    ? (BigInt(value) as Fen)
    : undefined
}
