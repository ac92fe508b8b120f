/** Running totals as events keep them. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { fen } from '@tongchou/contracts/money.ts'
import { adjudicate } from './adjudicate.ts'
import { amount, computed, planOf, stay, TABLE, year } from './testing/samples.ts'
import {
  addToMap,
  apply,
  deltaFromMap,
  deltaToMap,
  EMPTY_YEAR,
  totalsFromMap,
  totalsOf,
  totalsToMap,
  undo,
} from './totals.ts'

const facts = stay(3_000_000, { useAccount: true })
const before = year({ accountFen: amount(5_000) })
const { effect, accountFen } = computed(adjudicate(planOf(TABLE), facts, before))

describe('running totals', () => {
  test('of an empty year make an empty map', () => {
    assert.deepEqual(totalsToMap(EMPTY_YEAR), {})
    assert.deepEqual(totalsFromMap({}), EMPTY_YEAR)
  })

  test('come back from their map as they were', () => {
    const totals = apply(before, effect)
    assert.deepEqual(totalsOf(totalsFromMap(totalsToMap(totals)), totals.accountFen), totals)
  })

  test('with a name that nobody knows are refused', () => {
    assert.throws(() => totalsFromMap({ paidTwiceFen: 1n }), RangeError)
  })
})

describe('counters of a policy’s own', () => {
  const own = { 'own.borne': amount(7), 'own.fund': amount(3) }
  const totals = year({ own })

  test('come back from their map, sorted by name, zeros left out', () => {
    const map = totalsToMap(totals)
    assert.deepEqual(Object.keys(map), ['own.borne', 'own.fund'])
    assert.deepEqual(totalsOf(totalsFromMap(map), totals.accountFen), totals)
    assert.deepEqual(totalsToMap(year({ own: { 'own.borne': amount(0) } })), {})
  })

  test('are added to and taken from maps as the other totals are', () => {
    const once = addToMap({ paidInFen: 1n }, { 'own.fund': 3n, 'own.borne': 7n }, 1n)
    assert.deepEqual(Object.keys(once), ['paidInFen', 'own.borne', 'own.fund'])
    assert.deepEqual(addToMap(once, { 'own.fund': 3n, 'own.borne': 2n }, -1n), {
      paidInFen: 1n,
      'own.borne': 5n,
    })
  })

  test('are undone exactly, whatever came between', () => {
    const delta = { ...effect, own }
    assert.deepEqual(undo(apply(before, delta), delta), before)
  })
})

describe('the effect of a claim', () => {
  test('comes back from its map and from what the account paid', () => {
    assert.deepEqual(deltaFromMap(deltaToMap(effect), accountFen), effect)
  })

  test('names only what it adds', () => {
    assert.deepEqual(Object.keys(deltaToMap(effect)), [
      'stays',
      'stays.tier3',
      'dedInFen',
      'paidInFen',
      'burdenFen',
      'aboveDeductibleFen',
      'costInFen',
    ])
    assert.equal(fen(0) - effect.accountFen, accountFen)
  })
})
