import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { lineWith } from '@tongchou/contracts/testing/submitted.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import { claim, reasonsOfLast, stay } from '../../testing/claims.ts'

describe('overlapping stays', () => {
  const rows: readonly (readonly [string, [string, string], [string, string], boolean])[] = [
    ['stays with a day between them pass', ['03-01', '03-04'], ['03-06', '03-09'], false],
    [
      'a discharge on the day of the next admission passes',
      ['03-01', '03-05'],
      ['03-05', '03-09'],
      false,
    ],
    [
      'an admission on the day of an earlier-seen later discharge passes',
      ['03-05', '03-09'],
      ['03-01', '03-05'],
      false,
    ],
    ['two shared days are held', ['03-01', '03-05'], ['03-04', '03-09'], true],
    ['a stay inside another is held', ['03-01', '03-09'], ['03-04', '03-05'], true],
    ['a stay around another is held', ['03-04', '03-05'], ['03-01', '03-09'], true],
    ['the same days are held', ['03-01', '03-05'], ['03-01', '03-05'], true],
    ['one day inside another stay is held', ['03-01', '03-09'], ['03-04', '03-04'], true],
    ['one day on the day of admission passes', ['03-01', '03-09'], ['03-01', '03-01'], false],
    ['one day on the day of discharge passes', ['03-01', '03-09'], ['03-09', '03-09'], false],
    ['two stays of the same one day pass', ['03-01', '03-01'], ['03-01', '03-01'], false],
  ]
  for (const [name, first, second, held] of rows) {
    test(name, () => {
      const reasons = reasonsOfLast(
        stay('1', `2025-${first[0]}`, `2025-${first[1]}`),
        stay('2', `2025-${second[0]}`, `2025-${second[1]}`),
      )
      assert.deepEqual(reasons, held ? ['overlapping-stays'] : [])
    })
  }

  test('an outpatient claim during a stay passes', () => {
    const visit = claim('2', { days: ['2025-03-04', '2025-03-04'] })
    assert.deepEqual(reasonsOfLast(stay('1', '2025-03-01', '2025-03-09'), visit), [])
  })

  test('a stay over a chronic claim of some days passes', () => {
    const chronic = claim('1', { kind: 'chronic', days: ['2025-03-01', '2025-03-09'] })
    assert.deepEqual(reasonsOfLast(chronic, stay('2', '2025-03-01', '2025-03-09')), [])
  })

  test('a stay in another region counts', () => {
    const there = stay('1', '2025-03-01', '2025-03-09', { treatingRegion: '310100' })
    assert.deepEqual(reasonsOfLast(there, stay('2', '2025-03-04', '2025-03-12')), [
      'overlapping-stays',
    ])
  })
})

describe('same bill twice', () => {
  test('an equal fingerprint under another number is held', () => {
    const fingerprint = 'f'.repeat(64)
    const reasons = reasonsOfLast(claim('1', { fingerprint }), claim('2', { fingerprint }))
    assert.deepEqual(reasons, ['same-bill-twice'])
  })

  test('another fingerprint passes', () => {
    assert.deepEqual(reasonsOfLast(claim('1'), claim('2')), [])
  })
})

describe('sex impossible', () => {
  const onlyFor = (onlySex: 'M' | 'F' | null) => [lineWith({}), lineWith({ onlySex })]
  const rows = [
    ['M', 'F', true],
    ['F', 'M', true],
    ['M', 'M', false],
    ['F', 'F', false],
    ['M', null, false],
  ] as const
  for (const [sex, onlySex, held] of rows) {
    test(`sex ${sex} with an item for ${onlySex ?? 'all'} is ${held ? 'held' : 'passed'}`, () => {
      const reasons = reasonsOfLast(claim('1', { sex, lines: onlyFor(onlySex) }))
      assert.deepEqual(reasons, held ? ['sex-impossible'] : [])
    })
  }
})

describe('age impossible', () => {
  const at = (on: string, minAge: number | null, maxAge: number | null) =>
    claim('1', {
      bornOn: businessDate('2015-03-10'),
      lines: [lineWith({}), lineWith({ on: businessDate(on), minAge, maxAge })],
    })
  const rows: readonly (readonly [string, string, number | null, number | null, boolean])[] = [
    ['the birthday completes the year of the lower end', '2025-03-10', 10, null, false],
    ['the day before it does not', '2025-03-09', 10, null, true],
    ['the upper end is allowed until the next birthday', '2026-03-09', null, 10, false],
    ['on the next birthday it is over', '2026-03-10', null, 10, true],
    ['both ends may be the same year', '2025-06-01', 10, 10, false],
    ['an item of the newborn is for no one of ten', '2025-06-01', 0, 0, true],
    ['no limits allow every age', '2025-06-01', null, null, false],
  ]
  for (const [name, on, minAge, maxAge, held] of rows) {
    test(name, () => {
      assert.deepEqual(reasonsOfLast(at(on, minAge, maxAge)), held ? ['age-impossible'] : [])
    })
  }
})
