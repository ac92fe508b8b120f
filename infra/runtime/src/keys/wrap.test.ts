import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { PersonId } from '@tongchou/contracts/id.ts'
import { uuid } from '@tongchou/contracts/id.ts'
import { openMasterKey } from './master-key.ts'
import { masterName, unwrap, wrap } from './wrap.ts'

const person = uuid<PersonId>('00000000-0000-8000-8000-000000000001')
const other = uuid<PersonId>('00000000-0000-8000-8000-000000000002')
const key = Buffer.alloc(32, 1)
const masterBytes = Buffer.alloc(32, 2)
const master = createSecretKey(masterBytes)
const otherMaster = createSecretKey(Buffer.alloc(32, 3))
const nonce = Buffer.alloc(12, 4)

test('a wrapped key opens for its person under its master key alone', () => {
  const wrapped = wrap(key, person, { master, nonce })
  assert.deepEqual(unwrap(wrapped, person, master), key)
  assert.equal(wrapped.includes(key), false)
  assert.throws(() => unwrap(wrapped, other, master), /does not open/)
  assert.throws(() => unwrap(wrapped, person, otherMaster), /does not open/)
  assert.throws(() => unwrap(wrapped.subarray(1), person, master), /does not open/)
})

test('the name of a master key tells it apart and not what it is', () => {
  assert.notEqual(masterName(masterBytes), masterName(key))
  assert.equal(masterName(masterBytes).includes(masterBytes.toString('hex').slice(0, 8)), false)
})

test('the master key of a data directory is made once, for its owner only', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'tongchou-master-'))
  try {
    const first = await openMasterKey(null, dataDir)
    assert.equal(first.length, 32)
    assert.deepEqual(await openMasterKey(null, dataDir), first)
    assert.equal((await stat(join(dataDir, 'master-key'))).mode & 0o777, 0o600)
    assert.deepEqual(await openMasterKey(masterBytes, dataDir), masterBytes)
  } finally {
    await rm(dataDir, { recursive: true })
  }
})
