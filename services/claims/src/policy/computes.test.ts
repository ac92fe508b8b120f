/** What a policy says it can compute. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import P01 from '../../../../contracts/policies/packs/P01.json' with { type: 'json' }
import P04 from '../../../../contracts/policies/packs/P04.json' with { type: 'json' }
import { computes, gapsOf } from './computes.ts'
import { planOf, TABLE } from './testing/samples.ts'

const p01 = planOf(P01)
const p04 = planOf(P04)

describe('a policy computes', () => {
  test('a stay whose every figure it knows', () => {
    assert.equal(computes(p01, 'inpatient', { status: 'active', level: 'tier3' }), true)
    assert.equal(computes(p04, 'inpatient', { status: 'adult', level: 'tier2' }), true)
  })

  test('a visit that it does not cover: nothing is paid', () => {
    assert.equal(computes(p04, 'outpatient', { status: 'child', level: 'tier1' }), true)
    assert.equal(computes(p04, 'pharmacy', { status: 'adult', level: null }), true)
  })
})

describe('a policy does not compute', () => {
  test('a kind that it leaves out', () => {
    const answer = computes(p01, 'chronic', { status: 'active', level: 'tier3' })
    assert.ok(answer !== true)
    assert.equal(answer.path, 'benefits.chronic')
  })

  test('a filing branch or an attribute for which a figure is unknown', () => {
    const asked = { status: 'active', level: 'tier3' } as const
    const away = computes(p01, 'inpatient', { ...asked, filing: 'unfiled' })
    assert.ok(away !== true && away.sources[0]?.clause === 'P01-R44')
    const pupil = { status: 'child', level: 'tier1' } as const
    const accident = computes(p04, 'outpatient', { ...pupil, attributes: { accident: true } })
    assert.ok(accident !== true && accident.sources[0]?.clause === 'P04-R16')
  })

  test('a stay whose deductible it knows but not the rate', () => {
    const fundBp = { ...TABLE.inpatient.fundBp, active: { tier1: 9_000 } }
    const plan = planOf({ ...TABLE, inpatient: { ...TABLE.inpatient, fundBp } })
    const answer = computes(plan, 'inpatient', { status: 'active', level: 'tier3' })
    assert.ok(answer !== true)
    assert.equal(answer.path, 'inpatient.fundBp.active')
  })

  test('levels that its table leaves out', () => {
    const levels = gapsOf(planOf(TABLE))
      .filter(({ kind, status }) => kind === 'outpatient' && status === 'active')
      .map(({ level }) => level)
    assert.deepEqual(levels, ['community', 'tier2', 'tier3_top'])
  })
})

describe('the gaps of a pack', () => {
  test('name kind, status, level and reason, with * for any', () => {
    const gaps = gapsOf(p04).map(({ kind, status, level }) => `${kind} ${status} ${level}`)
    assert.deepEqual(gaps, ['inpatient adult tier1', 'chronic * *'])
    for (const { reason } of gapsOf(p04)) assert.notEqual(reason, '')
  })
})
