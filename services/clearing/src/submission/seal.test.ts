import assert from 'node:assert/strict'
import { createSecretKey, hash } from 'node:crypto'
import { test } from 'node:test'
import type { ClaimId, PersonId } from '@tongchou/contracts/id.ts'
import { idFor } from '@tongchou/contracts/testing/fixed.ts'
import { openSubmission, RANDOM_BYTES, sealSubmission } from './seal.ts'

const owner = { claimId: idFor<ClaimId>('claim'), personId: idFor<PersonId>('person') }
const key = createSecretKey(Buffer.alloc(32, 1))
const raw = Buffer.from('{"claimNo": "1",\r\n "personNo":"6101"}\r')
const random = Buffer.from(Array.from({ length: RANDOM_BYTES }, (_, n) => n))
const kept = sealSubmission(raw, owner, { key, random })

test('the bytes come back as they were sent, whatever they are', () => {
  const opened = openSubmission(kept, owner, key)
  assert.deepEqual(opened, { raw, salt: random.subarray(12) })
  const odd = Buffer.from([0, 0xff, 0x0d, 0x0a, 0xc3])
  const other = sealSubmission(odd, owner, { key, random })
  assert.deepEqual(openSubmission(other, owner, key)?.raw, odd)
  assert.equal(kept.sealed.includes('6101'), false)
})

test('the digest is of salt and bytes: who has both can prove it without the key', () => {
  assert.equal(kept.rawDigest, hash('sha256', Buffer.concat([random.subarray(12), raw])))
})

test('equal bytes have other digests: no digest tells what was sent', () => {
  const again = sealSubmission(raw, owner, { key, random: Buffer.alloc(RANDOM_BYTES, 7) })
  assert.notEqual(again.rawDigest, kept.rawDigest)
})

test('nothing opens of another claim or person, under another key or against another digest', () => {
  const other = { claimId: idFor<ClaimId>('other'), personId: idFor<PersonId>('other') }
  assert.equal(openSubmission(kept, { ...owner, claimId: other.claimId }, key), undefined)
  assert.equal(openSubmission(kept, { ...owner, personId: other.personId }, key), undefined)
  assert.equal(openSubmission(kept, owner, createSecretKey(Buffer.alloc(32, 2))), undefined)
  const digest = { ...kept, rawDigest: hash('sha256', raw) }
  assert.equal(openSubmission(digest, owner, key), undefined)
})
