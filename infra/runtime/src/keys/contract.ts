/** What every key store must do; each adapter's test runs it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PersonId } from '@tongchou/contracts/id.ts'
import { uuid } from '@tongchou/contracts/id.ts'
import type { KeyStore } from './port.ts'

let made = 0

function person(): PersonId {
  made += 1
  return uuid<PersonId>(`00000000-0000-8000-8000-${String(made).padStart(12, '0')}`)
}

type Tests = { test(name: string, fn: () => Promise<void>): Promise<void> }

export async function keyStoreContract(
  adapter: string,
  open: () => Promise<KeyStore>,
  tests: Tests = { test },
): Promise<void> {
  await tests.test(`${adapter}: every person has a key of 32 bytes of their own`, async () => {
    const keys = await open()
    const [a, b] = [person(), person()]
    const found = await keys.obtain([a, b, a])
    assert.equal(found.size, 2)
    const [first, second] = [found.get(a), found.get(b)]
    assert.ok(first instanceof Buffer && second instanceof Buffer)
    assert.equal(first.length, 32)
    assert.notDeepEqual(first, second)
  })

  await tests.test(`${adapter}: a key stays the same, beside new ones too`, async () => {
    const keys = await open()
    const [a, b] = [person(), person()]
    const first = (await keys.obtain([a])).get(a)
    assert.deepEqual((await keys.obtain([b, a])).get(a), first)
    assert.deepEqual((await keys.find([a])).get(a), first)
  })

  await tests.test(`${adapter}: looking a key up makes none`, async () => {
    const keys = await open()
    assert.equal((await keys.find([person()])).size, 0)
    assert.equal((await keys.find([])).size, 0)
    assert.equal((await keys.obtain([])).size, 0)
  })

  await tests.test(
    `${adapter}: a destroyed key never comes back, nor another in its place`,
    async () => {
      const keys = await open()
      const [a, b] = [person(), person()]
      const kept = (await keys.obtain([a, b])).get(b)
      await keys.destroy(a)
      await keys.destroy(a)
      assert.equal((await keys.obtain([a])).get(a), 'destroyed')
      assert.equal((await keys.find([a])).get(a), 'destroyed')
      assert.deepEqual((await keys.find([b])).get(b), kept)
    },
  )

  await tests.test(`${adapter}: a person whose key is destroyed beforehand gets none`, async () => {
    const keys = await open()
    const a = person()
    await keys.destroy(a)
    assert.equal((await keys.obtain([a])).get(a), 'destroyed')
  })

  await tests.test(`${adapter}: callers at the same time get the same keys`, async () => {
    const keys = await open()
    const persons = Array.from({ length: 20 }, person)
    const [first, ...others] = await Promise.all([
      keys.obtain(persons),
      keys.obtain(persons.toReversed()),
      keys.obtain(persons.slice(5)),
    ])
    for (const other of others) {
      for (const [id, key] of other) assert.deepEqual(key, first.get(id))
    }
  })
}
