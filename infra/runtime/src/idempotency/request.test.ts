import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Caller } from '../auth/caller.ts'
import { canonicalJson, digestOf, nameOf, parseKey } from './request.ts'

const taken: readonly (readonly [string, string])[] = [
  ['8e03978e-40d5-43dd-bc93-6894a57f9324', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
  ['"8e03978e-40d5"', '8e03978e-40d5'],
  ['x', 'x'],
  ['"x"', 'x'],
  ['!~:/+=', '!~:/+='],
  ['"a\\"b\\\\c"', 'a"b\\c'],
  ['x'.repeat(128), 'x'.repeat(128)],
  [`"${'x'.repeat(128)}"`, 'x'.repeat(128)],
]
for (const [value, key] of taken) {
  test(`the key of ${value.slice(0, 40)} is ${key.slice(0, 40)}`, () => {
    assert.equal(parseKey(value), key)
  })
}

const refused: readonly (readonly [string, string])[] = [
  ['nothing', ''],
  ['an empty string', '""'],
  ['a space', 'a b'],
  ['a space in quotes', '"a b"'],
  ['two headers, which Node joins', 'a, b'],
  ['a quote that is not closed', '"abc'],
  ['a quote alone', '"'],
  ['a quote inside', '"a"b"'],
  ['a backslash before another letter', '"a\\b"'],
  ['parameters', '"a";b=1'],
  ['129 characters', 'x'.repeat(129)],
  ['129 characters in quotes', `"${'x'.repeat(129)}"`],
  ['letters beyond ASCII', 'schlüssel'],
  ['a control character', 'a\u0007'],
]
for (const [what, value] of refused) {
  test(`${what} is no key`, () => assert.equal(parseKey(value), undefined))
}

test('equal content gives equal text in whatever order its members stand', () => {
  assert.equal(canonicalJson({ b: [1, { d: null, c: 'x' }], a: true }), canonicalJson(OTHER_ORDER))
  assert.equal(canonicalJson(OTHER_ORDER), '{"a":true,"b":[1,{"c":"x","d":null}]}')
})
const OTHER_ORDER = { a: true, b: [1, { c: 'x', d: null }] }

test('canonical text reads back as the content that it was made of', () => {
  const property = fc.property(fc.jsonValue({ maxDepth: 4 }), value => {
    const plain: unknown = JSON.parse(JSON.stringify(value))
    assert.deepEqual(JSON.parse(canonicalJson(plain)), plain)
  })
  fc.assert(property, { seed: 3 })
})

test('the digest tells method, address and body apart', () => {
  const one = { method: 'POST', url: '/v1/a?b=1', body: { a: 1 } }
  const others = [{ method: 'PUT' }, { url: '/v1/a?b=2' }, { body: { a: 2 } }, { body: undefined }]
  assert.deepEqual(digestOf(one), digestOf({ ...one, body: { a: 1 } }))
  for (const change of others) assert.notDeepEqual(digestOf({ ...one, ...change }), digestOf(one))
})

test('a key is its caller’s and its route’s own', () => {
  const route = { method: 'POST', route: '/v1/a' }
  const caller: Caller = { role: 'hospital', subject: 's', institution: 'H1', region: null }
  const name = nameOf(caller, route, 'k')
  const others = [
    nameOf({ ...caller, subject: 't' }, route, 'k'),
    nameOf({ ...caller, institution: 'H2' }, route, 'k'),
    nameOf({ role: 'agency', subject: 's', institution: null, region: '110100' }, route, 'k'),
    nameOf(caller, { ...route, method: 'PUT' }, 'k'),
    nameOf(caller, { ...route, route: '/v1/b' }, 'k'),
    nameOf(caller, route, 'l'),
  ]
  for (const other of others) assert.notDeepEqual(other, name)
  assert.deepEqual(nameOf({ ...caller }, route, 'k'), name)
})
