import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { test } from 'node:test'
import type { PersonId } from '@tongchou/contracts/id.ts'
import { idFor } from '@tongchou/contracts/testing/fixed.ts'
import { CachedKeys } from './cached.ts'
import { MemoryKeys } from './memory.ts'

const [A, B, C] = ['a', 'b', 'c'].map(name => idFor<PersonId>(name)) as [
  PersonId,
  PersonId,
  PersonId,
]

function counted(options = { max: 100, ttlMs: 60_000 }) {
  const store = new MemoryKeys()
  const asked: (readonly PersonId[])[] = []
  const obtain = (persons: readonly PersonId[]) => {
    asked.push(persons)
    return store.obtain(persons)
  }
  return { store, asked, keys: new CachedKeys({ obtain }, options) }
}

test('keys are those of the store, asked for once and all at once', async () => {
  const { store, asked, keys } = counted()
  const first = await keys.obtain([A, B, A])
  assert.deepEqual([...(await keys.obtain([B, C, A])).keys()].toSorted(), [A, B, C].toSorted())
  assert.deepEqual(asked, [[A, B], [C]])
  const stored = (await store.find([A])).get(A)
  assert.ok(stored instanceof Buffer && first.get(A)?.equals(createSecretKey(stored)))
})

test('no more keys are kept than there may be', async () => {
  const { asked, keys } = counted({ max: 2, ttlMs: 60_000 })
  assert.equal((await keys.obtain([A, B, C])).size, 3)
  await keys.obtain([A])
  assert.deepEqual(asked, [[A, B, C], [A]])
})

test('who was erased gets a key that is another one each time', async () => {
  const { store, keys } = counted()
  await keys.obtain([A])
  await store.destroy(A)
  keys.forget(A)
  const one = (await keys.obtain([A])).get(A)
  const other = (await keys.obtain([A])).get(A)
  assert.ok(one !== undefined && other !== undefined && !one.equals(other))
})
