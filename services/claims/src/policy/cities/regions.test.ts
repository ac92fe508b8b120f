import assert from 'node:assert/strict'
import { test } from 'node:test'
import { regionsWithoutFiling } from './regions.ts'
import { SOURCES, source } from './testing/sources.ts'

test('京津冀 frees of filing in Beijing, Tianjin and the 11 cities of Hebei, but for the city', () => {
  const found = regionsWithoutFiling(source('110100'), ['京津冀异地就医免备案，直接结算。'])
  assert.equal(found.length, 12)
  assert.ok(found.includes('120100') && found.includes('131100') && !found.includes('110100'))
})

test('省内 frees in the province of the city only', () => {
  const notes = ['长三角异地就医直接结算，省内就医免备案直接结算。']
  const found = regionsWithoutFiling(source('330300'), notes)
  assert.deepEqual(new Set(found.map(code => code.slice(0, 2))), new Set(['33']))
  assert.equal(found.length, 10)
})

test('every city of the set lies in the areas of its province', () => {
  for (const city of SOURCES) {
    const neighbour = { ...city, cityCode: '000000' }
    const found = regionsWithoutFiling(neighbour, ['省内就医免备案'])
    assert.ok(found.includes(city.cityCode), city.cityCode)
  }
})

test('a name without the freeing word, and a district, free of nothing', () => {
  const shanghai = source('310100')
  assert.deepEqual(regionsWithoutFiling(shanghai, ['长三角区域一体化结算，规范备案人员同等']), [])
  assert.deepEqual(regionsWithoutFiling(shanghai, ['长三角示范区（青浦等）就医免备案']), [])
  assert.deepEqual(regionsWithoutFiling(shanghai, []), [])
})
