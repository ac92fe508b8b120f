/** The short form of `pnpm oracle`: the engine and the oracle agree on random histories. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { everything } from './run/everything.ts'
import { differenceOf } from './run/report.ts'

const SEED = 20_261_127
const CLAIMS = 300

describe('engine and oracle', () => {
  const compared: string[] = []
  for (const { name, run } of everything()) {
    test(`${name}: ${CLAIMS} random claims come to the same, to the fen`, t => {
      const { claims, first, why } = run({ claims: CLAIMS, seed: SEED, person: null })
      if (why !== null) return t.skip(why)
      compared.push(name)
      assert.ok(claims >= CLAIMS)
      assert.ok(first === null, first ? differenceOf(name, SEED, first) : '')
    })
  }

  test('the packs that compute claims, the demo tables and the split are among them', () => {
    for (const name of ['P01', 'P04', 'catalogue split']) assert.ok(compared.includes(name), name)
    assert.equal(compared.filter(name => name.startsWith('demo ')).length, 20)
  })
})
