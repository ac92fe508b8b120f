import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fen } from '@tongchou/contracts/money.ts'
import { isReached, rateOf } from './rate.ts'

test('98 % is reached at 98 %, and not a fen below, nor at 97.99 %', () => {
  assert.equal(isReached(fen(9_799), fen(10_000)), false)
  assert.equal(isReached(fen(9_800), fen(10_000)), true)
  assert.equal(isReached(fen(97_999_999), fen(100_000_000)), false)
  assert.equal(rateOf(fen(97_999_999), fen(100_000_000)), 9_799)
  assert.equal(rateOf(fen(0), fen(0)), null)
})
