import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bpOf, fenOf, isUnlimited, percentText, scaled, yuanText } from './decimal.ts'

test('digits move, so that no binary fraction can come in', () => {
  assert.equal(fenOf({ decimal: '1800' }), 180_000n)
  assert.equal(fenOf({ decimal: '0.29' }), 29n)
  assert.equal(fenOf({ decimal: '12.5' }), 1_250n)
  assert.equal(bpOf({ decimal: '0.045' }), 450)
  assert.equal(bpOf({ decimal: '0.29' }), 2_900)
  assert.equal(bpOf({ decimal: '1' }), 10_000)
  assert.equal(bpOf({ decimal: '1.0' }), 10_000)
  assert.equal(scaled('1.34', 6), 1_340_000n)
})

test('what has no exact value is refused', () => {
  for (const text of ['0.005', '1e3', '-1', '', '.5', '1.', 'x']) {
    assert.throws(() => scaled(text, 2), RangeError, text)
  }
  assert.throws(() => bpOf({ decimal: '0.00005' }), RangeError)
})

test('9999999 yuan is no limit', () => {
  assert.equal(isUnlimited({ decimal: '9999999' }), true)
  assert.equal(isUnlimited({ decimal: '1100000' }), false)
})

test('texts show yuan and per cent', () => {
  assert.equal(yuanText(130_050n), '1300.50')
  assert.equal(yuanText(130_000n), '1300')
  assert.equal(percentText(8_950), '89.5%')
  assert.equal(percentText(450), '4.5%')
  assert.equal(percentText(10_000), '100%')
})
