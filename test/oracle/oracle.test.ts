/** The short form of `pnpm oracle`: the engine and the oracle agree on random histories. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { differenceOf } from './run/report.ts'
import { runSubject } from './run/run.ts'
import { subjects } from './run/subjects.ts'

const SEED = 20_261_127
const CLAIMS = 300

describe('engine and oracle', () => {
  for (const subject of subjects().filter(({ ready }) => ready)) {
    test(`${subject.name}: ${CLAIMS} random claims come to the same, to the fen`, () => {
      const row = runSubject(subject, { claims: CLAIMS, seed: SEED, person: null })
      assert.ok(row.claims >= CLAIMS)
      assert.ok(row.first === null, row.first ? differenceOf(row.name, SEED, row.first) : '')
    })
  }

  test('every pack that can compute a claim, every demo table is compared', () => {
    const ready = subjects().flatMap(({ name, ready }) => (ready ? [name] : []))
    for (const name of ['P01', 'P04']) assert.ok(ready.includes(name), name)
    assert.equal(ready.filter(name => name.startsWith('demo ')).length, 20)
  })
})
