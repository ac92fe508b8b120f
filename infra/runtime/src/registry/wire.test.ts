import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fromWire, schemaIdIn, toWire, WireFault } from './wire.ts'

const TOPIC = 'clearing.claim.v1'
const fingerprint = Buffer.from('0102030405060708', 'hex')
const stored = Buffer.from('c301010203040506070848656c6c6f', 'hex')

test('five bytes stand in place of ten', () => {
  const value = toWire(stored, 0x01020304, TOPIC)
  assert.equal(value.toString('hex'), '000102030448656c6c6f')
  assert.equal(schemaIdIn(value, TOPIC), 0x01020304)
})

test('the stored bytes come back byte for byte, whatever the body and the id', () => {
  const bytes = (length: object) => fc.uint8Array(length).map(array => Buffer.from(array))
  fc.assert(
    fc.property(
      bytes({ maxLength: 300 }),
      bytes({ minLength: 8, maxLength: 8 }),
      fc.nat(2 ** 31 - 1),
      (body, crc, id) => {
        const event = Buffer.concat([Buffer.from([0xc3, 0x01]), crc, body])
        const asked: number[] = []
        const fingerprintOf = (of: number) => {
          asked.push(of)
          return crc
        }
        assert.deepEqual(fromWire(toWire(event, id, TOPIC), fingerprintOf, TOPIC), event)
        assert.deepEqual(asked, [id])
      },
    ),
  )
})

const refused: readonly (readonly [name: string, work: () => unknown, message: RegExp])[] = [
  ['an event that is cut off', () => toWire(stored.subarray(0, 9), 1, TOPIC), /9 bytes is cut off/],
  ['no event at all', () => toWire(Buffer.alloc(0), 1, TOPIC), /cut off/],
  ['an event in another encoding', () => toWire(stored.subarray(2), 1, TOPIC), /single-object/],
  ['a value that is cut off', () => fromWire(Buffer.alloc(4), () => fingerprint, TOPIC), /cut off/],
  [
    'a value in another format',
    () => fromWire(Buffer.from('{"a":1}'), () => fingerprint, TOPIC),
    /begins with 123/,
  ],
  [
    'a schema without its fingerprint',
    () => fromWire(Buffer.alloc(5), () => Buffer.alloc(0), TOPIC),
    /schema 0 is not of eight bytes/,
  ],
]
for (const [name, work, message] of refused) {
  test(`${name} is refused by the name of its topic`, () => {
    assert.throws(
      work,
      (error: unknown) =>
        error instanceof WireFault &&
        error.message.startsWith(TOPIC) &&
        message.test(error.message),
    )
  })
}
