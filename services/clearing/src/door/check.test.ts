/** The attributes of a claim as a hospital sends them: what the schema takes and names. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { HttpProblem } from '@tongchou/runtime/http/problem.ts'
import { contentDigest } from '../claim/digest.ts'
import type { ParsedClaim } from '../claim/parse.ts'
import { CLAIM_JSON, PERSON_ID } from '../testing/claims.ts'
import { checkLine } from './check.ts'

const CLAIM = { ...CLAIM_JSON, doctorCode: null }

function parsed(attributes?: object): ParsedClaim {
  const claim = checkLine(attributes === undefined ? CLAIM : { ...CLAIM, attributes })
  assert(!(claim instanceof HttpProblem), 'the claim is taken')
  return claim
}

describe('attributes of a claim', () => {
  test('are text in order of their names, whatever they were sent as', () => {
    const { attributes } = parsed({ paidFen: 12, handedOver: true, category: 'poor' })
    assert.deepEqual(Object.entries(attributes), [
      ['category', 'poor'],
      ['handedOver', 'true'],
      ['paidFen', '12'],
    ])
  })

  test('that are none are as those of a claim of before', () => {
    assert.deepEqual(parsed({}).attributes, {})
    assert.equal(contentDigest(parsed({}), PERSON_ID), contentDigest(parsed(), PERSON_ID))
  })

  test('make another content under the same number', () => {
    const digest = (attributes: object) => contentDigest(parsed(attributes), PERSON_ID)
    assert.notEqual(digest({ a: '1' }), digest({}))
    assert.notEqual(digest({ a: '1' }), digest({ a: '2' }))
    assert.equal(digest({ a: 1, b: true }), digest({ b: 'true', a: '1' }))
  })

  const FAULTS: readonly (readonly [name: string, attributes: unknown])[] = [
    ['a list', ['a']],
    ['a list as a value', { a: [] }],
    ['null', { a: null }],
    ['empty text', { a: '' }],
    ['65 characters', { a: 'x'.repeat(65) }],
    ['a negative number', { a: -1 }],
    ['a fraction', { a: 1.5 }],
    ['a name with a dot', { 'insured.years': '2024:whole:adult' }],
    ['a long name', { [`a${'b'.repeat(64)}`]: '1' }],
    ['33 of them', Object.fromEntries(Array.from({ length: 33 }, (_, at) => [`a${at}`, '1']))],
    ['a control character', { a: 'a\u0000b' }],
  ]
  for (const [name, attributes] of FAULTS) {
    test(`are refused by field and rule: ${name}`, () => {
      const refused = checkLine({ ...CLAIM, attributes })
      assert(refused instanceof HttpProblem, 'refused')
      assert.match(String(refused.options.extensions?.['field']), /^attributes/)
    })
  }
})
