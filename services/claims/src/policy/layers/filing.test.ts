/** Every branch of the filing and the first and last day of each date that it looks at. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { businessDate } from '@tongchou/contracts/time.ts'
import type { Filing } from '../facts.ts'
import { stay } from '../testing/samples.ts'
import { filingBranch } from './filing.ts'

const away = stay(1, { treatingRegion: '310100' })
const DEEMED: ReadonlySet<string> = new Set(['120100'])

function filing(changes: Partial<Record<'filedOn' | 'validFrom' | 'validTo', string>>): Filing {
  const { filedOn = '2025-01-01', validFrom = '2025-01-01', validTo } = changes
  return {
    kind: 'referral',
    filedOn: businessDate(filedOn),
    validFrom: businessDate(validFrom),
    validTo: validTo === undefined ? null : businessDate(validTo),
  }
}

function branch(filings: readonly Filing[], emergency = false): string {
  return filingBranch({ ...away, filings, emergency }, DEEMED)
}

describe('the filing branch', () => {
  test('is local at home, whatever was filed', () => {
    assert.equal(filingBranch({ ...stay(1), filings: [filing({})] }, DEEMED), 'local')
  })

  test('is deemed in a region that needs no filing', () => {
    assert.equal(filingBranch(stay(1, { treatingRegion: '120100' }), DEEMED), 'deemed')
  })

  test('is longTerm by any of its three kinds, even beside a transfer', () => {
    for (const kind of ['longTermResidence', 'retireeResettled', 'postedWorker'] as const) {
      assert.equal(branch([filing({}), { ...filing({}), kind }]), 'longTerm')
    }
  })

  test('is transfer by a referral or a temporary filing, also in an emergency', () => {
    assert.equal(branch([filing({})], true), 'transfer')
    assert.equal(branch([{ ...filing({}), kind: 'temporary' }]), 'transfer')
  })

  test('without a filing is unfiled, and unfiledEmergency in an emergency', () => {
    assert.equal(branch([]), 'unfiled')
    assert.equal(branch([], true), 'unfiledEmergency')
  })
})

describe('a filing counts', () => {
  test('when it was made by the last day of the stay', () => {
    assert.equal(branch([filing({ filedOn: '2025-03-08' })]), 'transfer')
    assert.equal(branch([filing({ filedOn: '2025-03-09' })]), 'unfiled')
  })

  test('when it has begun by the last day of the stay', () => {
    assert.equal(branch([filing({ validFrom: '2025-03-08' })]), 'transfer')
    assert.equal(branch([filing({ validFrom: '2025-03-09' })]), 'unfiled')
  })

  test('when it has not ended before the first day of the stay', () => {
    assert.equal(branch([filing({ validTo: '2025-03-01' })]), 'transfer')
    assert.equal(branch([filing({ validTo: '2025-02-28' })]), 'unfiled')
  })
})
