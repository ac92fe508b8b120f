import assert from 'node:assert/strict'
import { test } from 'node:test'
import { businessDateOf, instant, instantFromMs, monthOf } from '@tongchou/contracts/time.ts'
import fc from 'fast-check'
import { monthOfMs } from './stream.ts'

test('the month turns at midnight in Shanghai', () => {
  assert.equal(monthOfMs(Date.parse('2025-01-31T15:59:59.999Z')), '2025-01')
  assert.equal(monthOfMs(Date.parse('2025-01-31T16:00:00.000Z')), '2025-02')
  assert.equal(monthOf(businessDateOf(instant('2025-01-31T16:00:00.000Z'))), '2025-02')
})

test('the month is that of the business date', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_000_000_000_000 }), ms => {
      assert.equal(monthOfMs(ms), monthOf(businessDateOf(instantFromMs(ms))))
    }),
  )
})
