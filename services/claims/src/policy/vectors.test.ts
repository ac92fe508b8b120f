/** The computed vectors of all packs, read as data: every figure of every one, none typed here. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { CLAIM_RUNNERS } from './testing/vectors/claims.ts'
import { MONEY_RUNNERS } from './testing/vectors/money.ts'
import { filesIn, jsonOf, packNamed } from './testing/vectors/packs.ts'
import type { Figures, Runner, Vector } from './testing/vectors/vector.ts'

const RUNNERS: Readonly<Record<string, Runner>> = { ...CLAIM_RUNNERS, ...MONEY_RUNNERS }

const VECTORS = filesIn('vectors').flatMap(file => vectorsIn(file))

function vectorsIn(file: string): readonly Vector[] {
  const vectors = jsonOf('vectors', file)
  assert.ok(Array.isArray(vectors))
  return vectors.map(value => {
    assert.ok(isVector(value), file)
    assert.equal(value.pack, file)
    return value
  })
}

function isVector(value: unknown): value is Vector {
  const fields = ['id', 'fn', 'pack', 'input', 'expect']
  return typeof value === 'object' && value !== null && fields.every(name => name in value)
}

function runnerOf({ fn, pack }: Vector): Runner | undefined {
  return RUNNERS[`${pack} ${fn}`] ?? RUNNERS[fn]
}

/** How many rules of each pack the sources number. */
const RULES = new Map(
  Object.entries({
    ...{ P01: 51, P02: 12, P03: 48, P04: 38, P05: 29, P06: 11, P07: 9, P08: 10, P09: 12, P10: 10 },
    ...{
      P11: 5,
      P12: 5,
      P13: 8,
      P14: 4,
      P15: 4,
      P16: 7,
      P17: 2,
      P18: 6,
      P19: 13,
      P20: 18,
      P21: 17,
    },
    ...{ P22: 17, P23: 8, P24: 6, P25: 6, P26: 6, P27: 6, P28: 2, P29: 6, P30: 12, P31: 4, P32: 2 },
    ...{ P33: 5, P34: 1, P35: 1 },
  }),
)

describe('the policies of the seeds', () => {
  test('are 35 packs, of which two are written once for each scheme', () => {
    const files = filesIn('packs')
    const numbers = new Set(files.map(name => name.slice(0, 3)))
    assert.deepEqual([...numbers].sort(), [...RULES.keys()])
    assert.equal(numbers.size, 35)
    assert.equal(files.length, 37)
  })

  for (const file of filesIn('packs')) {
    test(`${file} holds every rule of its source with its words`, () => {
      const pack = file.slice(0, 3)
      const count = RULES.get(pack) ?? 0
      const wanted = Array.from({ length: count }, (_, index) => {
        return `${pack}-R${String(index + 1).padStart(2, '0')}`
      })
      const { clauses } = packNamed(file)
      assert.deepEqual(Object.keys(clauses), wanted)
      for (const { quote, says } of Object.values(clauses)) {
        assert.ok(quote !== '' && says !== undefined && says !== '')
      }
    })
  }

  test('have 55 vectors in 12 packs, each with its own name and a runner', () => {
    assert.equal(VECTORS.length, 55)
    assert.equal(new Set(VECTORS.map(({ id }) => id)).size, 55)
    assert.equal(filesIn('vectors').length, 12)
    assert.deepEqual(
      VECTORS.filter(vector => runnerOf(vector) === undefined),
      [],
    )
  })
})

describe('the vectors of the packs', () => {
  for (const vector of VECTORS) {
    test(`${vector.id} comes to the stated figures`, () => {
      const runner = runnerOf(vector)
      assert.ok(runner !== undefined, vector.fn)
      const computed = runner(vector)
      const stated: Figures = vector.expect
      const names = Object.keys(stated)
      assert.ok(names.length > 0)
      assert.deepEqual(Object.fromEntries(names.map(name => [name, computed[name]])), stated)
    })
  }
})
