import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { NONE, Rows } from '../../scripts/audit/inspect/rows.ts'

/** The second and third have one hash, as do the fourth and fifth. */
const key = fc.oneof(
  fc.constantFrom('', 'Aa', 'BB', 'AaBB', 'BBAa', 'a\u0000b', '统筹'),
  fc.string({ maxLength: 3 }),
  fc.nat(5_000).map(number => `C${number}`),
)
/** Undefined: the row goes. */
const change = fc.tuple(key, fc.option(fc.nat(9), { nil: undefined }))

test('rows are those of a map, found by text and numbered by when their key was met', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 300, size: 'max' }), changes => {
      const rows = new Rows()
      const expected = new Map<string, number | undefined>()
      for (const [name, added] of changes) {
        const before = expected.get(name)
        if (added !== undefined) expected.set(name, (before ?? 0) + added)
        else if (expected.has(name)) expected.set(name, undefined)
        rows.change(name, row => {
          assert.deepEqual(row, before === undefined ? undefined : { sum: before })
          return added === undefined ? undefined : { sum: (before ?? 0) + added }
        })
      }
      const found = Array.from({ length: rows.count }, (_, at) => [
        rows.key(at),
        rows.row(at)?.['sum'],
      ])
      assert.deepEqual(found, [...expected])
      for (const [at, name] of [...expected.keys()].entries()) {
        assert.equal(rows.numberOf(name), at)
      }
      assert.equal(rows.numberOf('never met'), NONE)
    }),
    { numRuns: 200 },
  )
})

test('keys of many rows are found, and by their bytes wherever they stand', () => {
  const rows = new Rows()
  const keys = Array.from({ length: 3_000 }, (_, number) => `key ${number}`)
  for (const [at, name] of keys.entries()) rows.change(name, () => ({ at }))
  for (const [at, name] of keys.entries()) {
    const bytes = Buffer.from(`\t${name}\t`)
    assert.equal(rows.numberOfBytes(bytes, 1, bytes.length - 1), at)
    assert.equal(rows.numberOf(name), at)
  }
  assert.equal(rows.numberOfBytes(Buffer.from('key 3000'), 0, 8), NONE)
  assert.equal(rows.row(NONE), undefined)
})
