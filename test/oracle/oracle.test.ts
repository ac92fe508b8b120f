/** The short form of `pnpm oracle`: the engine and the oracle agree on random histories. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { documentsOf, PACKS } from './engine/documents.ts'
import { ORACLE_PACKS } from './packs/registry.ts'
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
      assert.ok(claims > 0)
      assert.ok(first === null, first ? differenceOf(name, SEED, first) : '')
    })
  }

  test('nothing that the oracle knows is left out, and no pack of the folder', () => {
    for (const name of Object.keys(ORACLE_PACKS)) assert.ok(compared.includes(name), name)
    for (const name of documentsOf(PACKS).keys()) assert.ok(compared.includes(name), name)
    assert.equal(compared.filter(name => name.startsWith('demo ')).length, 20)
    assert.deepEqual(
      everything().filter(({ name }) => !compared.includes(name)),
      [],
    )
  })
})
