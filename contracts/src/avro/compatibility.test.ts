import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RELEASED_SCHEMAS } from '../events.generated.ts'
import { incompatibilities } from './compatibility.ts'

function record(...fields: readonly object[]): object {
  return { type: 'record', name: 'E', namespace: 'n', fields }
}

const a = { name: 'a', type: 'string' }

test('a field with a default may follow', () => {
  const newer = record(a, { name: 'b', type: ['null', 'long'], default: null })
  assert.deepEqual(incompatibilities(record(a), newer, 'full'), [])
})

test('a field without a default may not', () => {
  const faults = incompatibilities(record(a), record(a, { name: 'b', type: 'long' }), 'backward')
  assert.match(faults.join(), /cannot read old bytes/)
})

test('a field without a default may not go where old code still reads', () => {
  const older = record(a, { name: 'b', type: 'long' })
  assert.deepEqual(incompatibilities(older, record(a), 'backward'), [])
  assert.match(incompatibilities(older, record(a), 'full').join(), /cannot read new bytes/)
})

test('a type may not change', () => {
  const faults = incompatibilities(record(a), record({ name: 'a', type: 'boolean' }), 'backward')
  assert.match(faults.join(), /cannot read old bytes/)
})

test('a logical type or brand may not change under the same fingerprint', () => {
  const millis = record({ name: 't', type: { type: 'long', logicalType: 'timestamp-millis' } })
  const micros = record({ name: 't', type: { type: 'long', logicalType: 'timestamp-micros' } })
  assert.match(incompatibilities(millis, micros, 'backward').join(), /same fingerprint/)
  const fen = record({ name: 't', type: { type: 'long', brand: 'Fen' } })
  assert.match(
    incompatibilities(fen, record({ name: 't', type: 'long' }), 'backward').join(),
    /brand/,
  )
})

test('an enum without a default symbol may not be released', () => {
  const kind = { type: 'enum', name: 'K', symbols: ['A'] }
  const faults = incompatibilities(
    record(a),
    record(a, { name: 'k', type: kind, default: 'A' }),
    'backward',
  )
  assert.deepEqual(faults, ['enum K has no default symbol'])
})

test('every released version of an event can follow every one before it', () => {
  for (const newer of RELEASED_SCHEMAS) {
    for (const older of RELEASED_SCHEMAS) {
      if (older.name !== newer.name || older.version > newer.version) continue
      assert.deepEqual(incompatibilities(older.schema, newer.schema, 'backward'), [], newer.name)
    }
  }
})
