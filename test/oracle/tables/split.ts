/** What of a line is in scope. @source RULES.md §4.1 */
import { notBelowZero, part } from '../words/fen.ts'

export type Row = {
  readonly class: '甲' | '乙' | '丙'
  readonly firstShareBp: number
  readonly priceLimitFen: number | null
}
export type Split = {
  readonly fullSelf: bigint
  readonly overLimit: bigint
  readonly firstShare: bigint
  readonly inScope: bigint
}

export function split(amount: bigint, quantity: bigint, row: Row): Split {
  if (row.class === '丙') return { fullSelf: amount, overLimit: 0n, firstShare: 0n, inScope: 0n }
  const overLimit =
    row.priceLimitFen === null ? 0n : notBelowZero(amount - BigInt(row.priceLimitFen) * quantity)
  const firstShare = part(amount - overLimit, row.firstShareBp)
  return { fullSelf: 0n, overLimit, firstShare, inScope: amount - overLimit - firstShare }
}
