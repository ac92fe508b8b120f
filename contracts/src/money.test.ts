import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Fen } from './money.ts'
import {
  apportion,
  basisPoints,
  divide,
  fen,
  fenFromJson,
  fenToJson,
  MAX_JSON_FEN,
  minus,
  share,
  sum,
} from './money.ts'

const amount = fc.bigInt({ min: 0n, max: 10n ** 15n }).map(value => fen(value))
const rate = fc.integer({ min: 0, max: 10_000 }).map(basisPoints)

test('a half fen is rounded up', () => {
  assert.equal(share(fen(1n), basisPoints(5000), 'half-up'), 1n)
  assert.equal(share(fen(73_457n), basisPoints(900), 'half-up'), 6611n)
})

test('rounding is named: down drops, up completes, half-up is between', () => {
  fc.assert(
    fc.property(amount, rate, (whole, bp) => {
      const down = share(whole, bp, 'down')
      const up = share(whole, bp, 'up')
      const half = share(whole, bp, 'half-up')
      assert.ok(down <= half && half <= up && up - down <= 1n)
      assert.ok(2n * (half * 10_000n - whole * BigInt(bp)) <= 10_000n)
      assert.ok(2n * (whole * BigInt(bp) - half * 10_000n) < 10_000n)
    }),
  )
})

test('the parts of an apportioned amount add up to it, whatever the weights', () => {
  const weights = fc.array(fc.bigInt({ min: 0n, max: 10n ** 9n }), { minLength: 1, maxLength: 20 })
  fc.assert(
    fc.property(amount, weights, (whole, parts) => {
      const shares = apportion(whole, parts)
      assert.equal(shares.length, parts.length)
      assert.equal(sum(...shares), whole)
      assert.ok(shares.every(part => part >= 0n))
    }),
  )
})

test('an apportioned part is within one fen of its exact share', () => {
  const weights = fc.array(fc.bigInt({ min: 1n, max: 1000n }), { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(amount, weights, (whole, parts) => {
      const total = parts.reduce((a, b) => a + b, 0n)
      apportion(whole, parts).forEach((part, index) => {
        const difference = part * total - whole * (parts[index] ?? 0n)
        assert.ok(difference < total && difference > -total)
      })
    }),
  )
})

test('a fen that is left over goes to the largest remainder, of equal ones to the first', () => {
  assert.deepEqual(apportion(fen(10n), [1n, 1n, 1n]), [4n, 3n, 3n])
  assert.deepEqual(apportion(fen(10n), [5n, 6n, 4n]), [3n, 4n, 3n])
})

test('fractions, unsafe numbers and rates out of bounds are no money', () => {
  assert.throws(() => fen(1.5), RangeError)
  assert.throws(() => fen(2 ** 53), RangeError)
  assert.throws(() => basisPoints(10_001), RangeError)
  assert.throws(() => basisPoints(0.5), RangeError)
  assert.throws(() => divide(-1n, 2n, 'down'), RangeError)
})

test('JSON carries amounts up to 2^53 - 1 and refuses the next one', () => {
  assert.equal(fenToJson(MAX_JSON_FEN as Fen), Number.MAX_SAFE_INTEGER)
  assert.throws(() => fenToJson((MAX_JSON_FEN + 1n) as Fen), RangeError)
  assert.equal(fenFromJson(2 ** 53), undefined)
  assert.equal(fenFromJson(0.5), undefined)
  assert.equal(fenFromJson('1'), undefined)
  assert.equal(fenFromJson(-7), -7n)
})

test('what is taken away and given back leaves the amount as it was', () => {
  fc.assert(fc.property(amount, amount, (a, b) => assert.equal(sum(minus(a, b), b), a)))
})
