/**
 * Splits a line by the treating region's catalogue into what no fund looks at and what is in
 * scope (就医地目录).
 */
import {
  type BasisPoints,
  divide,
  type Fen,
  minus,
  remainder,
  share,
  sum,
  ZERO,
} from '@tongchou/contracts/money.ts'

/** The part of a catalogue row that decides the split; the row valid on the line's date. */
export type SplitRow = {
  readonly class: '甲' | '乙' | '丙'
  /** First share of the person (先行自付). */
  readonly firstShareBp: BasisPoints
  /** Highest price of one unit that is in scope; null: no limit. */
  readonly priceLimitFen: Fen | null
}

export type SplitInput = {
  readonly amountFen: Fen
  /** Quantity × 10⁴. */
  readonly quantityE4: bigint
}

export type Split = {
  readonly fullSelfFen: Fen
  readonly overLimitFen: Fen
  readonly firstShareFen: Fen
  readonly inScopeFen: Fen
}

export const NO_SPLIT: Split = {
  fullSelfFen: ZERO,
  overLimitFen: ZERO,
  firstShareFen: ZERO,
  inScopeFen: ZERO,
}

const QUANTITY_SCALE = 10_000n

/**
 * Class 丙 is paid by the person in full. Otherwise what exceeds limit × quantity is over the
 * limit, the first share is taken of the rest, and what remains is in scope; limit × quantity and
 * the first share are each rounded half up to the fen. The parts add up to the amount. @source
 * data/demo/RULES.md §4.1
 */
export function splitLine({ amountFen, quantityE4 }: SplitInput, row: SplitRow): Split {
  if (row.class === '丙') return { ...NO_SPLIT, fullSelfFen: amountFen }
  const overLimitFen =
    row.priceLimitFen === null
      ? ZERO
      : remainder(amountFen, divide(row.priceLimitFen * quantityE4, QUANTITY_SCALE, 'half-up'))
  const withinFen = minus(amountFen, overLimitFen)
  const firstShareFen =
    row.firstShareBp === 0 ? ZERO : share(withinFen, row.firstShareBp, 'half-up')
  const inScopeFen = minus(withinFen, firstShareFen)
  return { fullSelfFen: ZERO, overLimitFen, firstShareFen, inScopeFen }
}

/** The split of a claim: the sums over its lines. */
export function sumSplit(splits: Iterable<Split>): Split {
  let { fullSelfFen, overLimitFen, firstShareFen, inScopeFen } = NO_SPLIT
  for (const split of splits) {
    fullSelfFen = sum(fullSelfFen, split.fullSelfFen)
    overLimitFen = sum(overLimitFen, split.overLimitFen)
    firstShareFen = sum(firstShareFen, split.firstShareFen)
    inScopeFen = sum(inScopeFen, split.inScopeFen)
  }
  return { fullSelfFen, overLimitFen, firstShareFen, inScopeFen }
}
