/** The catalogue split: the three classes, the limit, and both roundings at their edges. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { basisPoints, fen, sum } from '@tongchou/contracts/money.ts'
import fc from 'fast-check'
import { NO_SPLIT, type Split, type SplitRow, splitLine, sumSplit } from './catalogue-split.ts'

function row(changes: Partial<SplitRow> = {}): SplitRow {
  return { class: '乙', firstShareBp: basisPoints(1_000), priceLimitFen: null, ...changes }
}

function split(amount: number, quantityE4: number, of: SplitRow): readonly bigint[] {
  return Object.values(splitLine({ amountFen: fen(amount), quantityE4: BigInt(quantityE4) }, of))
}

describe('a line', () => {
  test('of class 丙 is paid by the person in full, whatever its limit', () => {
    const own = row({ class: '丙', priceLimitFen: fen(1) })
    assert.deepEqual(split(12_345, 10_000, own), [12_345n, 0n, 0n, 0n])
  })

  test('of class 甲 without limit is in scope in full', () => {
    const free = row({ class: '甲', firstShareBp: basisPoints(0) })
    assert.deepEqual(split(12_345, 10_000, free), [0n, 0n, 0n, 12_345n])
  })

  test('pays the first share half up', () => {
    assert.deepEqual(split(14, 10_000, row()), [0n, 0n, 1n, 13n])
    assert.deepEqual(split(15, 10_000, row()), [0n, 0n, 2n, 13n])
  })

  test('is over the limit from the first fen beyond limit times quantity', () => {
    const limited = row({ priceLimitFen: fen(500) })
    assert.deepEqual(split(1_000, 20_000, limited), [0n, 0n, 100n, 900n])
    assert.deepEqual(split(1_001, 20_000, limited), [0n, 1n, 100n, 900n])
    assert.deepEqual(split(999, 20_000, limited), [0n, 0n, 100n, 899n])
  })

  test('rounds limit times a fractional quantity half up', () => {
    const limited = row({ firstShareBp: basisPoints(0), priceLimitFen: fen(3) })
    assert.deepEqual(split(10, 5_000, limited), [0n, 8n, 0n, 2n])
    assert.deepEqual(split(10, 4_999, limited), [0n, 9n, 0n, 1n])
  })

  test('loses no fen, whatever the figures', () => {
    const figures = fc.record({
      amount: fc.nat(100_000_000),
      quantityE4: fc.integer({ min: 1, max: 5_000_000 }),
      class: fc.constantFrom('甲', '乙', '丙'),
      firstShareBp: fc.nat(10_000),
      limit: fc.option(fc.nat(1_000_000)),
    })
    fc.assert(
      fc.property(figures, given => {
        const of = {
          class: given.class,
          firstShareBp: basisPoints(given.firstShareBp),
          priceLimitFen: given.limit === null ? null : fen(given.limit),
        }
        const parts = split(given.amount, given.quantityE4, of)
        assert.equal(
          parts.reduce((a, b) => a + b, 0n),
          BigInt(given.amount),
        )
        assert.ok(parts.every(part => part >= 0n))
      }),
      { seed: 7 },
    )
  })
})

describe('the split of a claim', () => {
  test('is the sum over its lines, and nothing without lines', () => {
    const line = (amount: number): Split =>
      splitLine({ amountFen: fen(amount), quantityE4: 10_000n }, row())
    const { firstShareFen, inScopeFen } = sumSplit([line(100), line(200)])
    assert.deepEqual([firstShareFen, inScopeFen], [30n, 270n])
    assert.equal(sum(firstShareFen, inScopeFen), 300n)
    assert.deepEqual(sumSplit([]), NO_SPLIT)
  })
})
