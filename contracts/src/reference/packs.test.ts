/** Which pack is in force on a day, and what it cannot compute. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { PackPublished } from '../events.generated.ts'
import { businessDate } from '../time.ts'
import { gapOf, PackBook } from './packs.ts'

function pack(packHash: string, from: string, to: string | null = null): PackPublished {
  return {
    packHash,
    regionCode: '110100',
    scheme: 'employee',
    name: packHash,
    effectiveFrom: businessDate(from),
    effectiveTo: to === null ? null : businessDate(to),
    form: 'language',
    poolResultFen: null,
    pack: '{}',
    cannotCompute: [],
    attributes: [],
  }
}

function bookOf(...packs: readonly PackPublished[]) {
  const book = new PackBook()
  for (const one of packs) book.apply(one)
  return (on: string, scheme = 'employee', region = '110100') =>
    book.inForce(region, scheme, businessDate(on))?.packHash
}

describe('the pack in force', () => {
  test('is the one that took effect last, from its first day on', () => {
    const on = bookOf(pack('new', '2026-01-01'), pack('old', '2025-01-01'))
    assert.deepEqual(
      ['2024-12-31', '2025-01-01', '2025-12-31', '2026-01-01'].map(day => on(day)),
      [undefined, 'old', 'old', 'new'],
    )
  })

  test('of two with the same first day is the one published later', () => {
    assert.equal(bookOf(pack('a', '2025-01-01'), pack('b', '2025-01-01'))('2025-06-01'), 'b')
  })

  test('ends with its last day, and what it had replaced holds again', () => {
    const on = bookOf(pack('open', '2025-01-01'), pack('short', '2025-03-01', '2025-03-31'))
    assert.deepEqual([on('2025-03-31'), on('2025-04-01')], ['short', 'open'])
  })

  test('is one of its own scheme and region, and the same pack again changes nothing', () => {
    const on = bookOf(pack('a', '2025-01-01'), pack('b', '2025-01-01'), pack('a', '2025-01-01'))
    assert.equal(on('2025-06-01'), 'b')
    assert.equal(on('2025-06-01', 'resident'), undefined)
    assert.equal(on('2025-06-01', 'employee', '310100'), undefined)
  })
})

test('a gap holds for its kind, status and level, of which a star stands for any', () => {
  const cannotCompute = [
    { kind: 'chronic', status: '*', level: '*', reason: 'no ratio', unless: [] },
    { kind: 'inpatient', status: 'retired', level: 'tier1', reason: 'no deductible', unless: [] },
  ] as const
  const gaps = { ...pack('a', '2025-01-01'), cannotCompute }
  const gap = (kind: string, status: string, level: string | null) =>
    gapOf(gaps, { kind, status, level, attributes: {} })
  assert.equal(gap('chronic', 'active', null), 'no ratio')
  assert.equal(gap('inpatient', 'retired', 'tier1'), 'no deductible')
  assert.equal(gap('inpatient', 'retired', 'tier2'), undefined)
  assert.equal(gap('inpatient', 'active', 'tier1'), undefined)
  assert.equal(gap('outpatient', 'retired', 'tier1'), undefined)
})

test('a gap is lifted by an attribute that the claim has, or has with the value it names', () => {
  const unless = ['paidOn', 'over=true']
  const gap = { kind: 'inpatient', status: '*', level: '*', reason: 'no day', unless } as const
  const pays = { ...pack('a', '2025-01-01'), cannotCompute: [gap] }
  const reason = (attributes: Record<string, string>) =>
    gapOf(pays, { kind: 'inpatient', status: 'adult', level: 'tier1', attributes })
  assert.equal(reason({}), 'no day')
  assert.equal(reason({ other: 'true', over: 'false' }), 'no day')
  assert.equal(reason({ over: 'true' }), undefined)
  assert.equal(reason({ paidOn: 'whenever' }), undefined)
})
