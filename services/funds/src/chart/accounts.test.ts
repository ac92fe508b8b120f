import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ACCOUNT, CHART, chartAccount } from './accounts.ts'

test('every account that is posted to stands in the chart, and every account of the chart is posted to', () => {
  assert.deepEqual(
    Object.values(ACCOUNT),
    CHART.map(({ code }) => code),
  )
})

test('codes are in order and the first digit tells the element', () => {
  const codes = CHART.map(({ code }) => code)
  assert.deepEqual(codes, codes.toSorted())
  const digits = { asset: '1', liability: '2', fund: '3', income: '4', expense: '5' }
  for (const { code, element } of CHART) assert.equal(code[0], digits[element])
})

test('every account has a source or says that it is an assumption', () => {
  for (const { code, source, assumption } of CHART) assert.ok(source ?? assumption, code)
})

test('a code that is not in the chart is unknown', () => {
  assert.equal(chartAccount('9999'), undefined)
  assert.equal(chartAccount(ACCOUNT.bank)?.nameZh, '财政专户存款')
})
