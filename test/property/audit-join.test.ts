import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { newUuid, uuidFrom } from '@tongchou/contracts/id.ts'
import fc from 'fast-check'
import { join } from '../../scripts/audit/join/join.ts'
import { Records } from '../../scripts/audit/join/records.ts'

const NAMES = uuidFrom(newUuid(), 'names')

type Said = readonly (readonly [key: number, content: number])[]

function recordsOf(said: Said): Records {
  const records = new Records()
  said.forEach(([key, content], at) => {
    const name = key % 2 === 0 ? uuidFrom(NAMES, String(key)) : `key ${key}`
    records.add(name, `content ${content}`, { position: BigInt(at + 1), tag: key })
  })
  return records
}

type Outcome = { same: number[]; different: number[]; stray: number[]; missing: number[] }

/** Keys by what became of them. */
function joined(said: Records, repeated: Records): Outcome {
  const outcome: Outcome = { same: [], different: [], stray: [], missing: [] }
  join(said, repeated, {
    onSame: (_, at) => outcome.same.push(repeated.tagAt(at)),
    onDifferent: ({ tag }) => outcome.different.push(tag),
    onStray: ({ tag }) => outcome.stray.push(tag),
    onMissing: ({ tag }) => outcome.missing.push(tag),
  })
  return outcome
}

const sides = fc.array(fc.tuple(fc.nat(40), fc.nat(2)), { maxLength: 60 })
const distinct = fc.uniqueArray(fc.tuple(fc.nat(40), fc.nat(2)), { selector: ([key]) => key })

describe('two sides', () => {
  test('meet by key as a plain comparison says', () => {
    fc.assert(
      fc.property(distinct, sides, (said, repeated) => {
        const contents = new Map(said)
        const keys = new Set(repeated.map(([key]) => key))
        const known = repeated.filter(([key]) => contents.has(key))
        assert.deepEqual(joined(recordsOf(said), recordsOf(repeated)), {
          same: known.filter(([key, content]) => contents.get(key) === content).map(([key]) => key),
          different: known
            .filter(([key, content]) => contents.get(key) !== content)
            .map(([key]) => key),
          stray: repeated.filter(([key]) => !contents.has(key)).map(([key]) => key),
          missing: said.filter(([key]) => !keys.has(key)).map(([key]) => key),
        })
      }),
    )
  })

  test('say the same after they were handed over in blocks', () => {
    const [first, second] = [
      recordsOf([[1, 1]]),
      recordsOf([
        [2, 1],
        [4, 2],
      ]),
    ]
    const blocks = [first, second].map(records => ({ bytes: records.release() }))
    const repeated = recordsOf([
      [1, 1],
      [2, 1],
      [4, 2],
    ])
    const { same } = joined(Records.from(blocks), repeated)
    assert.deepEqual(same, [1, 2, 4])
  })

  test('keep key, place and tag', () => {
    const records = new Records()
    const key = newUuid()
    for (let n = 0; n < 3000; n++) records.add(key, '', { position: BigInt(n), tag: n * 7 })
    const wanted = { key: key.replaceAll('-', ''), position: 2999n, tag: 20_993 }
    assert.deepEqual(records.at(2999), wanted)
  })

  test('that repeat one thing twice are asked twice', () => {
    assert.deepEqual(
      joined(
        recordsOf([[2, 1]]),
        recordsOf([
          [2, 1],
          [2, 1],
        ]),
      ).same,
      [2, 2],
    )
  })
})
