/** Decimal text to fen and basis points: digits are moved, nothing is multiplied as a float. */
import type { Decimal } from '@tongchou/contracts/city/city-document.ts'
import { type Fen, fen } from '@tongchou/contracts/money.ts'

const DECIMAL = /^(\d+)(?:\.(\d+))?$/

/**
 * The number times ten to the power of `places`, exactly. Throws RangeError for text that is no
 * plain decimal, or has more digits behind its point than that.
 */
export function scaled(text: string, places: number): bigint {
  const [, whole, fraction = ''] = DECIMAL.exec(text) ?? []
  const digits = fraction.replace(/0+$/, '')
  if (whole === undefined || digits.length > places) {
    throw new RangeError(`not an exact decimal with ${places} places: ${text}`)
  }
  return BigInt(whole + digits.padEnd(places, '0'))
}

/** Yuan to fen. */
export function fenOf({ decimal }: Decimal): Fen {
  return fen(scaled(decimal, 2))
}

/** A fraction of 1 to basis points. */
export function bpOf({ decimal }: Decimal): number {
  return Number(scaled(decimal, 4))
}

/** 9999999 yuan stands for no limit. @source source/README of the data set */
export function isUnlimited({ decimal }: Decimal): boolean {
  return scaled(decimal, 2) >= 999_999_900n
}

/** Whole yuan without separators, for texts: 65000 → 650. */
export function yuanText(amountFen: bigint): string {
  const rest = amountFen % 100n
  const whole = String(amountFen / 100n)
  return rest === 0n ? whole : `${whole}.${String(rest).padStart(2, '0')}`
}

/** Basis points as per cent, for texts: 8950 → 89.5%. */
export function percentText(bp: number): string {
  return `${yuanText(BigInt(bp))}%`.replace(/(\.\d)0%$/, '$1%')
}
