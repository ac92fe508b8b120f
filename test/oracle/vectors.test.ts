/** The oracle proved on the 55 computed examples of the policy packs. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { runners } from './vector-runners.ts'

type Vector = {
  readonly id: string
  readonly fn: string
  readonly pack: string
  readonly input: Readonly<Record<string, unknown>>
  readonly expect: Readonly<Record<string, unknown>>
}

const vectors: readonly Vector[] = JSON.parse(
  readFileSync(new URL('data/vectors.json', import.meta.url), 'utf8'),
)

/** Amounts as JSON writes them. */
function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? Number(inner) : inner)),
  )
}

describe('the oracle on the computed examples', () => {
  test('there are 55', () => {
    assert.equal(new Set(vectors.map(({ id }) => id)).size, 55)
  })

  for (const { id, fn, pack, input, expect } of vectors) {
    test(`${id} comes to what it says`, () => {
      const run = runners[`${pack} ${fn}`]
      assert.ok(run !== undefined, `${pack} ${fn} has a runner`)
      assert.deepEqual(plain(run(input)), expect)
    })
  }
})
