import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PartitionLocks } from './locks.ts'

function gate() {
  return Promise.withResolvers<void>()
}

/** Lets everything run that can. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve()
}

test('work on a common partition waits, other work does not', async () => {
  const locks = new PartitionLocks()
  const done: string[] = []
  const [first, second] = [gate(), gate()]
  const work = (name: string, until: Promise<void>) => async () => {
    await until
    done.push(name)
  }
  const all = [
    locks.run([1, 2], work('a', first.promise)),
    locks.run([2, 3], work('b', second.promise)),
    locks.run([4], work('c', Promise.resolve())),
    locks.run([3], work('d', Promise.resolve())),
  ]
  second.resolve()
  await settle()
  assert.deepEqual(done, ['c'])
  first.resolve()
  await Promise.all(all)
  assert.deepEqual(done, ['c', 'a', 'b', 'd'])
})

test('work that fails says so and holds up nobody', async () => {
  const locks = new PartitionLocks()
  await assert.rejects(
    locks.run([1], () => Promise.reject(new Error('no'))),
    /no/,
  )
  assert.equal(await locks.run([1], async () => 7), 7)
})
