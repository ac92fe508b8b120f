import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { test } from 'node:test'
import { openSealed, sealBytes } from './seal.ts'

const key = createSecretKey(Buffer.alloc(32, 1))
const boundTo = 'claim-1|ClaimSubmitted'
const bytes = Buffer.from('what was sent')
const sealed = sealBytes(bytes, { key, boundTo }, Buffer.alloc(12, 2))

test('what was sealed opens, and is not to be read in the blob', () => {
  assert.deepEqual(openSealed(sealed, { key, boundTo }), bytes)
  assert.equal(sealed.includes(bytes), false)
  assert.equal(sealed.length, bytes.length + 29)
})

test('nothing opens under another key, elsewhere, or with one bit altered', () => {
  const other = createSecretKey(Buffer.alloc(32, 3))
  assert.equal(openSealed(sealed, { key: other, boundTo }), undefined)
  assert.equal(openSealed(sealed, { key, boundTo: 'claim-2|ClaimSubmitted' }), undefined)
  for (let at = 0; at < sealed.length; at++) {
    const altered = Buffer.from(sealed)
    altered[at] = (altered[at] ?? 0) ^ 1
    assert.equal(openSealed(altered, { key, boundTo }), undefined, `byte ${at}`)
  }
  for (const cut of [0, 1, 28, 29, sealed.length - 1]) {
    assert.equal(openSealed(sealed.subarray(0, cut), { key, boundTo }), undefined)
  }
})
