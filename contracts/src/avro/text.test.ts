import assert from 'node:assert/strict'
import { test } from 'node:test'
import avsc from 'avsc'
import fc from 'fast-check'
import { compileSchema } from './codec.ts'

const schema = {
  type: 'record',
  name: 'Texts',
  fields: [
    { name: 'a', type: 'string' },
    { name: 'all', type: { type: 'array', items: 'string' } },
    { name: 'maybe', type: ['null', 'string'] },
  ],
} as const
const type = compileSchema(schema)
const plain = avsc.Type.forSchema(schema as unknown as avsc.Schema, { wrapUnions: 'never' })

/** Few letters and all of Unicode, so that texts come again and differ by little. */
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', '\u0000', 'é', '医'), maxLength: 20 }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc.constantFrom('310100', 'employee', '2025-01-31'),
)

test('texts come back as they were, however often they were read before', () => {
  fc.assert(
    fc.property(text, fc.array(text), fc.option(text), (a, all, maybe) => {
      const value = { a, all, maybe }
      const bytes = type.toBuffer(value)
      assert.deepEqual(bytes, plain.toBuffer(value))
      for (const _ of ['first', 'again']) assert.deepEqual({ ...type.fromBuffer(bytes) }, value)
    }),
  )
})

test('of any bytes the value is that which avsc reads, or the same refusal', () => {
  const valid = type.toBuffer({ a: '310100', all: ['employee'], maybe: 'x' })
  fc.assert(
    fc.property(fc.nat(valid.length), fc.nat(255), fc.nat(valid.length), (at, byte, length) => {
      const bytes = Buffer.from(valid)
      if (at < bytes.length) bytes[at] = byte
      const cut = bytes.subarray(0, length)
      const read = (from: avsc.Type): unknown => {
        try {
          return { ...from.fromBuffer(cut) }
        } catch {
          return 'refused'
        }
      }
      assert.deepEqual(read(type), read(plain))
    }),
    { numRuns: 2_000 },
  )
})

test('texts that share a place are told apart', () => {
  const collide = ['Aa', 'BB', 'AaBB', 'BBAa', 'AaAa', 'BBBB'] // each pair by Java's hash of text
  for (const a of [...collide, ...collide.toReversed()]) {
    assert.equal(type.fromBuffer(type.toBuffer({ a, all: [], maybe: null })).a, a)
  }
})
