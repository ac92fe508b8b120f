import assert from 'node:assert/strict'
import { test } from 'node:test'
import avsc from 'avsc'
import type { PremiumReceived } from '../events.generated.ts'
import { RELEASED_SCHEMAS } from '../events.generated.ts'
import { fen } from '../money.ts'
import { businessDate } from '../time.ts'
import { compileSchema, decodeEvent, encodeEvent, UnreadableEvent } from './codec.ts'
import { crc64Avro, fingerprintOf } from './fingerprint.ts'

const PREMIUM: PremiumReceived = {
  receiptNo: 'R-1',
  regionCode: '110100',
  scheme: 'employee',
  payer: 'finance',
  fund: 'pooled',
  level: 'central',
  period: '2025-01',
  amountFen: fen(9_007_199_254_740_993n),
  receivedOn: businessDate('2025-01-03'),
}

/**
 * @source apache/avro share/test/data/schema-tests.txt: canonical form and CRC-64-AVRO as signed
 * decimals
 */
const VECTORS: readonly (readonly [string, bigint])[] = [
  ['"null"', 7195948357588979594n],
  ['"boolean"', -6970731678124411036n],
  ['"int"', 8247732601305521295n],
  ['"long"', -3434872931120570953n],
  ['"float"', 5583340709985441680n],
  ['"double"', -8181574048448539266n],
  ['"bytes"', 5746618253357095269n],
  ['"string"', -8142146995180207161n],
]

test("CRC-64-AVRO gives the specification's fingerprints", () => {
  for (const [form, expected] of VECTORS) {
    assert.equal(BigInt.asIntN(64, crc64Avro(Buffer.from(form))), expected, form)
  }
})

test('the fingerprint is that of the canonical form: docs, defaults and own attributes do not count', () => {
  const plain = compileSchema({
    type: 'record',
    name: 'n.R',
    fields: [{ name: 'a', type: 'long' }],
  })
  const decorated = compileSchema({
    type: 'record',
    name: 'R',
    namespace: 'n',
    doc: 'a record',
    fields: [{ name: 'a', type: { type: 'long', brand: 'Fen' }, doc: 'an amount' }],
  })
  assert.deepEqual(fingerprintOf(plain), fingerprintOf(decorated))
})

test('an event survives encoding, amounts beyond 2^53 to the fen', () => {
  const { type, data } = decodeEvent(encodeEvent('PremiumReceived', PREMIUM))
  assert.equal(type, 'PremiumReceived')
  assert.deepEqual({ ...data }, PREMIUM)
})

test('another Avro reader reads the body behind the ten bytes', () => {
  const bytes = encodeEvent('PremiumReceived', { ...PREMIUM, amountFen: fen(12_345n) })
  const schema = RELEASED_SCHEMAS.find(({ name }) => name === 'PremiumReceived')?.schema
  const value = avsc.Type.forSchema(schema as unknown as avsc.Schema).fromBuffer(bytes.subarray(10))
  assert.equal(value.amountFen, 12_345)
})

test('a value that does not fit is refused with the field named', () => {
  const wrong = { ...PREMIUM, amountFen: 5 as never, period: 7 as never }
  assert.throws(() => encodeEvent('PremiumReceived', wrong), /period.*amountFen|amountFen/)
})

test('bytes of a schema that this build does not know are newer code, not damage', () => {
  const bytes = encodeEvent('PremiumReceived', PREMIUM)
  bytes.writeUInt8((bytes[5] ?? 0) ^ 1, 5)
  assert.throws(
    () => decodeEvent(bytes),
    (error: UnreadableEvent) => error.newer,
  )
})

test('cut, lengthened and unframed bytes are damage', () => {
  const bytes = encodeEvent('PremiumReceived', PREMIUM)
  const damaged = [
    bytes.subarray(0, bytes.length - 1),
    Buffer.concat([bytes, Buffer.from([0])]),
    bytes.subarray(2),
    Buffer.alloc(0),
  ]
  for (const wrong of damaged) {
    assert.throws(
      () => decodeEvent(wrong),
      (error: unknown) => error instanceof UnreadableEvent && !error.newer,
    )
  }
})
