/** The name of a policy by its content. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { canonicalJson, contentHash } from './content-hash.ts'

describe('the content hash', () => {
  test('does not see the order of keys or white space', () => {
    const same = JSON.parse('{ "b": [1, null], "a": { "d": "分", "c": true } }')
    assert.equal(canonicalJson(same), '{"a":{"c":true,"d":"分"},"b":[1,null]}')
    assert.equal(contentHash(same), contentHash({ a: { c: true, d: '分' }, b: [1, null] }))
  })

  test('sees one changed figure and the order of a ladder', () => {
    assert.notEqual(contentHash({ fen: 1 }), contentHash({ fen: 2 }))
    assert.notEqual(contentHash([1, 2]), contentHash([2, 1]))
  })

  test('is the SHA-256 of the canonical JSON in hex', () => {
    const known = '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a'
    assert.equal(contentHash({}), known)
  })
})
