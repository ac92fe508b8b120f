/** The split of random lines by random catalogue rows. */
import { splitLine } from '@tongchou/clearing/claim/catalogue-split.ts'
import { basisPoints, fen } from '@tongchou/contracts/money.ts'
import { type Row, split } from '../tables/split.ts'
import { big, type Input, type Sum } from './sum.ts'

function rowOf(input: Input): Row & { readonly limit: bigint | null } {
  const { class: given, firstShareBp, limit } = input
  const limitFen = typeof limit === 'bigint' ? limit : null
  return {
    class: given === '乙' || given === '丙' ? given : '甲',
    firstShareBp: Number(firstShareBp),
    priceLimitFen: limitFen === null ? null : Number(limitFen),
    limit: limitFen,
  }
}

export const SPLIT: Sum = {
  name: 'catalogue split',
  sample: dice => {
    const quantity = BigInt(dice.between(1, 40))
    const amount = dice.amount(0n, 50_000_000n)
    const beside = amount / quantity + BigInt(dice.between(-2, 2))
    return {
      amount,
      quantity,
      class: dice.oneOf(['甲', '乙', '丙']),
      firstShareBp: dice.oneOf([0, 1, 500, 1000, 2000, 9999, 10_000]),
      limit: dice.chance(0.3) ? null : beside < 0n ? 0n : beside,
    }
  },
  oracle: input => split(big(input, 'amount'), big(input, 'quantity'), rowOf(input)),
  engine: input => {
    const { class: ofRow, firstShareBp, limit } = rowOf(input)
    const done = splitLine(
      { amountFen: fen(big(input, 'amount')), quantityE4: big(input, 'quantity') * 10_000n },
      {
        class: ofRow,
        firstShareBp: basisPoints(firstShareBp),
        priceLimitFen: limit === null ? null : fen(limit),
      },
    )
    return {
      fullSelf: done.fullSelfFen,
      overLimit: done.overLimitFen,
      firstShare: done.firstShareFen,
      inScope: done.inScopeFen,
    }
  },
}
