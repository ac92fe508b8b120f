import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Fen, fen, minus, sum } from '@tongchou/contracts/money.ts'
import fc from 'fast-check'
import { beijing } from '../testing/demo.ts'
import { type LineShares, lineSharesOf, type SplitLine } from './lines.ts'

const amount = fc.bigInt(0n, 1_000_000n).map(fen)
const line: fc.Arbitrary<SplitLine> = fc
  .record({
    inScopeFen: amount,
    firstShareFen: amount,
    overLimitFen: amount,
    fullSelfFen: fc.oneof(fc.constant(fen(0)), amount),
  })
  .map(parts => ({ ...parts, amountFen: sum(...Object.values(parts)) }))
const benefit = beijing().benefits.inpatient

/** Lines, and layers that together pay at most the whole. */
const claim = fc
  .record({
    lines: fc.array(line, { minLength: 1, maxLength: 12 }),
    cuts: fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 4 }),
  })
  .map(({ lines, cuts }) => {
    const totalFen = sum(...lines.map(({ amountFen }) => amountFen))
    let left = totalFen
    const layers = cuts.map((cut, at) => {
      const amountFen = fen((left * BigInt(cut)) / 1000n)
      left = minus(left, amountFen)
      const layer = ['pooled', 'catastrophic', 'other', 'account'][at] ?? 'account'
      return { layer, payer: 'pooled', payerFund: 'employee.pooled', amountFen } as const
    })
    return { lines, outcome: { layers, totalFen }, cashFen: left }
  })

function sharesFor(lines: readonly SplitLine[], ...amounts: readonly Fen[]) {
  const layers = amounts.map((amountFen, at) => ({
    layer: at === 0 ? 'pooled' : 'account',
    payer: 'pooled' as const,
    payerFund: 'employee.pooled',
    amountFen,
  }))
  const totalFen = sum(...lines.map(({ amountFen }) => amountFen))
  return lineSharesOf(lines, { layers, totalFen }, benefit) ?? assert.fail('no shares')
}

function lineOf(parts: Partial<SplitLine>): SplitLine {
  const zero = fen(0)
  const none = { inScopeFen: zero, firstShareFen: zero, overLimitFen: zero, fullSelfFen: zero }
  const all = { ...none, ...parts }
  const { inScopeFen, firstShareFen, overLimitFen, fullSelfFen } = all
  return { ...all, amountFen: sum(inScopeFen, firstShareFen, overLimitFen, fullSelfFen) }
}

function amountsOf(shares: readonly LineShares[]): readonly (readonly Fen[])[] {
  return shares.map(({ layers, cashFen }) => [...layers.map(of => of.amountFen), cashFen])
}

describe('the shares of lines', () => {
  test('add up to the shares of the claim, and those of a line to its amount', () => {
    fc.assert(
      fc.property(claim, ({ lines, outcome, cashFen }) => {
        const shares = lineSharesOf(lines, outcome, benefit)
        assert(shares !== null)
        outcome.layers.forEach(({ amountFen }, at) => {
          assert.equal(sum(...shares.map(of => of.layers[at]?.amountFen ?? fen(-1))), amountFen)
        })
        assert.equal(sum(...shares.map(of => of.cashFen)), cashFen)
        lines.forEach(({ amountFen }, at) => {
          const { layers = [], cashFen: cash = fen(-1) } = shares[at] ?? {}
          const paid = layers.map(of => of.amountFen)
          assert.ok([...paid, cash].every(part => part >= 0n))
          assert.equal(sum(...paid, cash), amountFen)
        })
      }),
      { seed: 20251, numRuns: 500 },
    )
  })

  test('fall on what is in scope in proportion, the odd fen on the largest remainder', () => {
    const lines = [1000n, 1000n, 1000n].map(inScopeFen => lineOf({ inScopeFen: fen(inScopeFen) }))
    assert.deepEqual(amountsOf(sharesFor(lines, fen(1000))), [
      [334n, 666n],
      [333n, 667n],
      [333n, 667n],
    ])
  })

  test('leave what no fund may pay to cash', () => {
    const lines = [
      lineOf({ inScopeFen: fen(100) }),
      lineOf({ fullSelfFen: fen(100) }),
      lineOf({ firstShareFen: fen(50), fullSelfFen: fen(50) }),
    ]
    assert.deepEqual(amountsOf(sharesFor(lines, fen(80), fen(70))), [
      [80n, 20n, 0n],
      [0n, 0n, 100n],
      [0n, 50n, 50n],
    ])
  })

  test('do not exist where the lines miss the claim', () => {
    const lines = [lineOf({ inScopeFen: fen(100) })]
    assert.equal(lineSharesOf(lines, { layers: [], totalFen: fen(101) }, benefit), null)
    assert.equal(lineSharesOf([], { layers: [], totalFen: fen(0) }, benefit), null)
    const torn = [{ ...lineOf({ inScopeFen: fen(100) }), firstShareFen: fen(1) }]
    assert.equal(lineSharesOf(torn, { layers: [], totalFen: fen(100) }, benefit), null)
  })
})
