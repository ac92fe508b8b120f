import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { test } from 'node:test'
import type { PersonId } from '@tongchou/contracts/id.ts'
import { uuid } from '@tongchou/contracts/id.ts'
import { fen } from '@tongchou/contracts/money.ts'
import { digestOf, seal, unseal } from './seal.ts'

const personId = uuid<PersonId>('0b3f3f5e-8d0a-8c3e-9c6e-3d2f1a0b9c8d')
const otherId = uuid<PersonId>('1b3f3f5e-8d0a-8c3e-9c6e-3d2f1a0b9c8d')
const key = createSecretKey(Buffer.alloc(32, 7))
const otherKey = createSecretKey(Buffer.alloc(32, 8))
const nonce = Buffer.alloc(12, 3)
const data = {
  personNo: '1101000000000001',
  idNumber: '110100197812250017',
  name: '吴志霞',
  lastYearWageFen: fen(12_261_600),
}

test('sealed data open again with the same key for the same person', () => {
  assert.deepEqual(unseal(seal(data, personId, key, nonce), personId, key), data)
  const unwaged = { ...data, lastYearWageFen: null }
  assert.deepEqual(unseal(seal(unwaged, personId, key, nonce), personId, key), unwaged)
})

test('sealed data show neither name nor number', () => {
  const sealed = seal(data, personId, key, nonce)
  for (const part of [data.personNo, data.idNumber, data.name]) {
    assert.equal(sealed.includes(part), false)
  }
})

test('data sealed for another person, under another key or altered do not open', () => {
  const sealed = seal(data, personId, key, nonce)
  assert.equal(unseal(sealed, otherId, key), undefined)
  assert.equal(unseal(sealed, personId, otherKey), undefined)
  for (const at of [0, 1, 13, 29, sealed.length - 1]) {
    const altered = Buffer.from(sealed)
    altered[at] = (altered[at] ?? 0) ^ 1
    assert.equal(unseal(altered, personId, key), undefined, `byte ${at}`)
  }
  assert.equal(unseal(sealed.subarray(0, 20), personId, key), undefined)
})

test('the digest is the same for equal data and another for other data or another key', () => {
  const digest = digestOf(data, key)
  assert.deepEqual(digestOf({ ...data }, key), digest)
  assert.notDeepEqual(digestOf({ ...data, name: '吴志' }, key), digest)
  assert.notDeepEqual(digestOf({ ...data, lastYearWageFen: null }, key), digest)
  assert.notDeepEqual(digestOf(data, otherKey), digest)
})
