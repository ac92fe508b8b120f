/** What every store of keys must do; each adapter's test runs it. */
import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Binding, IdempotencyKeys } from './port.ts'
import { HOLDER_MS, newHolder } from './port.ts'

type Tests = { test(name: string, fn: () => Promise<void>): Promise<void> }

let made = 0

/** A name that no test had before. */
function fresh(): string {
  made += 1
  return `name ${made}`
}

/** A sending of the request `what` under the name, some time ago. */
function sending(name: string, what: string, agoMs = 0): Binding {
  const sha256 = (text: string) => Buffer.from(hash('sha256', text), 'hex')
  return { name: sha256(name), digest: sha256(what), holder: newHolder(Date.now() - agoMs) }
}

export async function idempotencyKeysContract(
  adapter: string,
  open: () => Promise<IdempotencyKeys>,
  tests: Tests = { test },
): Promise<void> {
  const keys = await open()
  const says: Says = (fact, fn) => tests.test(`${adapter}: ${fact}`, fn)
  await oneRequest(keys, says)
  await sentAgain(keys, says)
  await atOnceAndForEver(keys, says)
}

type Says = (fact: string, fn: () => Promise<void>) => Promise<void>

async function oneRequest(keys: IdempotencyKeys, says: Says): Promise<void> {
  await says('the first request is bound, the same one again too, another one is not', async () => {
    const name = fresh()
    assert.equal(await keys.bind(sending(name, 'a')), true)
    assert.equal(await keys.bind(sending(name, 'a')), true)
    assert.equal(await keys.bind(sending(name, 'b')), false)
    assert.equal(await keys.bind(sending(fresh(), 'b')), true)
  })

  await says('a refused request leaves the name to another one', async () => {
    const name = fresh()
    const refused = sending(name, 'a')
    await keys.bind(refused)
    await keys.release(refused)
    assert.equal(await keys.bind(sending(name, 'b')), true)
    assert.equal(await keys.bind(sending(name, 'a')), false)
  })

  await says('a request that was taken stays bound when it is refused later', async () => {
    const name = fresh()
    const [taken, again] = [sending(name, 'a'), sending(name, 'a')]
    await keys.bind(taken)
    await keys.accept(taken)
    await keys.bind(again)
    await keys.release(again)
    await keys.release(taken)
    assert.equal(await keys.bind(sending(name, 'b')), false)
  })
}

async function sentAgain(keys: IdempotencyKeys, says: Says): Promise<void> {
  await says('a request that is under way twice is freed by the last refusal alone', async () => {
    const name = fresh()
    const [one, two] = [sending(name, 'a'), sending(name, 'a')]
    await keys.bind(one)
    await keys.bind(two)
    await keys.release(one)
    await keys.release(one)
    assert.equal(await keys.bind(sending(name, 'b')), false)
    await keys.release(two)
    assert.equal(await keys.bind(sending(name, 'b')), true)
  })

  await says('one sending refused and one taken: the name stays bound', async () => {
    const name = fresh()
    const [one, two] = [sending(name, 'a'), sending(name, 'a')]
    await keys.bind(one)
    await keys.bind(two)
    await keys.release(one)
    await keys.accept(two)
    await keys.release(two)
    assert.equal(await keys.bind(sending(name, 'b')), false)
  })

  await says('what was asked for twice, as after a lost reply, counts once', async () => {
    const name = fresh()
    const one = sending(name, 'a')
    await keys.bind(one)
    await keys.bind(one)
    await keys.release(one)
    assert.equal(await keys.bind(sending(name, 'b')), true)
  })

  await says('another request neither frees nor keeps what it is not bound to', async () => {
    const name = fresh()
    const [bound, other] = [sending(name, 'a'), sending(name, 'b')]
    await keys.bind(bound)
    await keys.bind(other)
    await keys.release(other)
    await keys.accept(other)
    await keys.release(bound)
    assert.equal(await keys.bind(sending(name, 'b')), true)
  })

  await says('a sending whose process died keeps others out, but not a refusal', async () => {
    const name = fresh()
    await keys.bind(sending(name, 'a', HOLDER_MS + 1000))
    assert.equal(await keys.bind(sending(name, 'b')), false)
    const again = sending(name, 'a')
    assert.equal(await keys.bind(again), true)
    await keys.release(again)
    assert.equal(await keys.bind(sending(name, 'b')), true)
  })
}

async function atOnceAndForEver(keys: IdempotencyKeys, says: Says): Promise<void> {
  await says('of requests at once under one name one is bound, in all its sendings', async () => {
    const requests = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 2, maxLength: 30 })
    const property = fc.asyncProperty(requests, async whats => {
      const name = fresh()
      const bound = await Promise.all(whats.map(what => keys.bind(sending(name, what))))
      const taken = new Set(whats.filter((_, index) => bound[index]))
      assert.equal(taken.size, 1)
      const [only] = taken
      assert.deepEqual(
        bound,
        whats.map(what => what === only),
      )
    })
    await fc.assert(property, { numRuns: 40, seed: 12 })
  })

  await says('names are forgotten by age, at most so many at once', async () => {
    while ((await keys.forget(0, 1000)) > 0);
    const names = [fresh(), fresh(), fresh()]
    for (const name of names) await keys.bind(sending(name, 'a'))
    assert.equal(await keys.forget(3_600_000, 10), 0)
    assert.equal(await keys.forget(0, 2), 2)
    assert.equal(await keys.forget(0, 2), 1)
    for (const name of names) assert.equal(await keys.bind(sending(name, 'b')), true)
  })
}
