import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compileSchema } from './codec.ts'

const type = compileSchema({
  type: 'record',
  name: 'Longs',
  fields: [
    { name: 'a', type: 'long' },
    { name: 'all', type: { type: 'array', items: 'long' } },
    { name: 'maybe', type: ['null', 'long'] },
  ],
})

/** Zigzag and base 128 as the specification says, by bigints alone. */
function varint(value: bigint): Buffer {
  let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n))
  const bytes: number[] = []
  do {
    const low = Number(rest & 0x7fn)
    rest >>= 7n
    bytes.push(rest === 0n ? low : low | 0x80)
  } while (rest !== 0n)
  return Buffer.from(bytes)
}

const edges = [0n, 63n, 64n, 2n ** 28n, 2n ** 30n, 2n ** 31n, 2n ** 50n, 2n ** 51n, 2n ** 52n]
  .concat([2n ** 53n, 2n ** 62n, 2n ** 63n - 1n])
  .flatMap(edge => [edge - 1n, edge, -edge, -edge - 1n])
const long = fc.oneof(
  fc.constantFrom(...edges),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: -(2n ** 53n), max: 2n ** 53n }),
  fc.integer().map(BigInt),
)

test('a long of 64 bits is written as the specification says and comes back', () => {
  fc.assert(
    fc.property(long, fc.array(long), fc.option(long), (a, all, maybe) => {
      const bytes = type.toBuffer({ a, all, maybe })
      assert.deepEqual(bytes.subarray(0, varint(a).length), varint(a))
      assert.deepEqual({ ...type.fromBuffer(bytes) }, { a, all, maybe })
    }),
    { numRuns: 1000 },
  )
})

test('what is no long of 64 bits is refused, and cut bytes are not read', () => {
  for (const a of [2n ** 63n, -(2n ** 63n) - 1n, 1, '1', null]) {
    assert.throws(() => type.toBuffer({ a, all: [], maybe: null }))
  }
  const bytes = type.toBuffer({ a: 2n ** 40n, all: [], maybe: 2n ** 60n })
  for (let length = 0; length < bytes.length; length++) {
    assert.throws(() => type.fromBuffer(bytes.subarray(0, length)))
  }
})
