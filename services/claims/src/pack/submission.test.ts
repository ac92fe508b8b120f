import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { contentHash } from '../policy/plan/content-hash.ts'
import { beijingPack, demoPacks } from '../testing/demo.ts'
import { submissionOf } from './submission.ts'

const table = () => JSON.parse(beijingPack().pack)
const language = (name: string) =>
  JSON.parse(
    readFileSync(
      new URL(`../../../../contracts/policies/packs/${name}.json`, import.meta.url),
      'utf8',
    ),
  )

function faults(value: unknown): readonly string[] {
  const submission = submissionOf(value)
  assert(!submission.ok)
  return submission.faults.map(({ path, rule }) => `${path} ${rule}`)
}

describe('what is handed in as a pack', () => {
  test('every policy of the demo set can be published', () => {
    const packs = demoPacks()
    assert.equal(packs.length, 20)
    assert.equal(new Set(packs.map(({ packHash }) => packHash)).size, 20)
  })

  test('the hash names the canonical JSON that is kept', () => {
    const { pack, packHash } = beijingPack()
    assert.equal(contentHash(JSON.parse(pack)), packHash)
  })

  test('members in another order are the same pack', () => {
    const reversed = Object.fromEntries(Object.entries(table()).toReversed())
    const submission = submissionOf(reversed)
    assert(submission.ok)
    assert.deepEqual(submission.data, beijingPack())
  })

  test('a pack whose source names no region or day gets them beside it', () => {
    const place = { regionCode: '513400', effectiveFrom: '2026-01-01', effectiveTo: null }
    const submission = submissionOf({ pack: language('P01'), ...place })
    assert(submission.ok)
    const { regionCode, scheme, effectiveFrom, effectiveTo, form, name } = submission.data
    assert.deepEqual({ regionCode, effectiveFrom, effectiveTo }, place)
    assert.deepEqual([scheme, form, name], ['employee', 'language', language('P01').name.zh])
  })

  test('what the pack cannot compute is told with the reason', () => {
    const submission = submissionOf({ pack: language('P04'), regionCode: '513400' })
    assert(submission.ok)
    const { cannotCompute } = submission.data
    assert(cannotCompute.length > 0)
    assert(cannotCompute.every(({ reason }) => reason !== ''))
  })
})

describe('an override of a published pack', () => {
  const child = (hash: string) => ({
    form: 'override',
    packId: 'TAIYUAN',
    name: { en: 'Taiyuan', zh: '太原市' },
    parent: { packId: 'P16', hash },
    region: '140100',
    effectiveFrom: '2018-01-01',
    effectiveTo: null,
    documents: {},
    clauses: {},
    readings: { assumed: { en: 'assumed', zh: '假设' } },
    set: { 'benefits.inpatient.layers.0.cap.amount': { fen: 8_000_000, reading: 'assumed' } },
  })
  const hash = contentHash(language('P16'))
  const parentOf = (wanted: string) => (wanted === hash ? language('P16') : undefined)

  test('is published as the whole pack that it makes', () => {
    const submission = submissionOf(child(hash), parentOf)
    assert(submission.ok)
    const { packHash, pack, regionCode, effectiveFrom } = submission.data
    assert.deepEqual([regionCode, effectiveFrom], ['140100', '2018-01-01'])
    const whole = JSON.parse(pack)
    assert.equal(contentHash(whole), packHash)
    assert.equal(whole.benefits.inpatient.layers[0].cap.amount.fen, 8_000_000)
    assert.deepEqual(whole.basedOn.changed, ['benefits.inpatient.layers.0.cap.amount'])
  })

  test('is refused where nobody published its parent', () => {
    assert.deepEqual(faults(child('0'.repeat(64))), ['parent.packId unknown-parent'])
  })
})

describe('a pack is refused, naming path and rule', () => {
  test('of no one scheme, unless it holds other packs', () => {
    const place = { regionCode: '440000', effectiveFrom: '2006-01-01' }
    assert.deepEqual(faults({ pack: language('P22'), ...place }), ['scheme scheme-missing'])
    const submission = submissionOf({ pack: language('P10'), regionCode: '440000' })
    assert(submission.ok)
    assert.equal(submission.data.scheme, null)
  })

  test('when its shape or its figures are wrong', () => {
    const { inpatient, ...rest } = table()
    assert.deepEqual(faults(rest), ['inpatient shape'])
    const wrong = { ...table(), inpatient: { ...inpatient, capFen: -1 } }
    assert.deepEqual(faults(wrong), ['inpatient.capFen shape'])
    assert.deepEqual(faults({ ...table(), effectiveTo: '2024-12-31' }), [
      'effectiveTo ends-before-it-begins',
    ])
  })

  test('when it is no object', () => {
    for (const value of [null, 7, 'pack', []]) assert(faults(value).length > 0)
  })

  test('when nobody names its region, or its first day', () => {
    assert.deepEqual(faults(language('P01')), [
      'regionCode region-missing',
      'effectiveFrom date-missing',
    ])
    const noDay = { pack: language('P01'), regionCode: '513400', effectiveFrom: '2025-02-30' }
    assert.deepEqual(faults(noDay), ['effectiveFrom date-missing'])
    const noRegion = { pack: language('P01'), regionCode: '51', effectiveFrom: '2026-01-01' }
    assert.deepEqual(faults(noRegion), ['regionCode region-missing'])
  })

  test('when it ends before it begins', () => {
    const place = { regionCode: '513400', effectiveFrom: '2026-01-01', effectiveTo: '2025-12-31' }
    assert.deepEqual(faults({ pack: language('P01'), ...place }), [
      'effectiveTo ends-before-it-begins',
    ])
  })

  test('when what stands beside it contradicts it', () => {
    assert.deepEqual(faults({ pack: table(), regionCode: '310100' }), ['regionCode contradicts'])
    const other = { pack: table(), effectiveFrom: '2025-01-02' }
    assert.deepEqual(faults(other), ['effectiveFrom contradicts'])
    assert(submissionOf({ pack: table(), regionCode: '110100' }).ok)
  })

  test('when something else stands beside it', () => {
    assert.deepEqual(faults({ pack: table(), colour: 'red' }), ['colour unknown-member'])
    assert.deepEqual(faults({ pack: table(), regionCode: 110100 }), ['regionCode not-text'])
    for (const poolResultFen of ['1', 0.5, true]) {
      assert.deepEqual(faults({ pack: table(), poolResultFen }), ['poolResultFen not-fen'])
    }
  })
})
