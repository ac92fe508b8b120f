/**
 * Exact arithmetic of the oracle: whole fen as bigint, rates in basis points. Its own, on purpose:
 * nothing here is taken from the product.
 */

/**
 * To the nearest whole number, halves up; both at least 0. @source policies.md §0.2, RULES.md §2
 */
export function halfUp(numerator: bigint, denominator: bigint): bigint {
  if (numerator < 0n || denominator <= 0n) throw new RangeError(`${numerator}/${denominator}`)
  return (2n * numerator + denominator) / (2n * denominator)
}

/** A share stated in basis points, rounded once. */
export function part(amount: bigint, bp: bigint | number): bigint {
  return halfUp(amount * BigInt(bp), 10_000n)
}

export function smaller(first: bigint, second: bigint): bigint {
  return first < second ? first : second
}

export function notBelowZero(amount: bigint): bigint {
  return amount > 0n ? amount : 0n
}

export function total(amounts: readonly bigint[]): bigint {
  return amounts.reduce((sum, amount) => sum + amount, 0n)
}

/** What of the stretch (start, start + length] lies in (from, to]; `to` null has no end. */
export function overlap(
  { start, length }: { readonly start: bigint; readonly length: bigint },
  { from, to }: { readonly from: bigint; readonly to: bigint | null },
): bigint {
  const left = start > from ? start : from
  const end = start + length
  const right = to === null || end < to ? end : to
  return notBelowZero(right - left)
}
