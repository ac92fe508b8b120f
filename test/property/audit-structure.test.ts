/** The walk over encoded events that an audit makes, against the library that encodes them. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compileSchema, encodeEvent } from '@tongchou/contracts/avro/codec.ts'
import type { EventType } from '@tongchou/contracts/events.generated.ts'
import { RELEASED_SCHEMAS } from '@tongchou/contracts/events.generated.ts'
import fc from 'fast-check'
import { type Field, walkFields, walkOf } from '../../scripts/audit/event/structure.ts'

const HEADER = 10

type Node = string | readonly Node[] | { readonly [name: string]: unknown }

/** Values of a schema, as the codec takes them. */
function valuesOf(node: Node): fc.Arbitrary<unknown> {
  if (Array.isArray(node)) return fc.oneof(...node.map(valuesOf))
  if (typeof node === 'string') return primitivesOf(node)
  const { type, fields, items, values, logicalType } = node as Record<string, Node>
  if (type === 'record') {
    const all = (fields as readonly Field[]).map(field => [
      field.name,
      valuesOf(field.type as Node),
    ])
    return fc.record(Object.fromEntries(all))
  }
  if (type === 'array') return fc.array(valuesOf(items ?? 'null'), { maxLength: 4 })
  if (type === 'map') return fc.dictionary(fc.string(), valuesOf(values ?? 'null'), { maxKeys: 4 })
  return logicalType === 'uuid' ? fc.uuid() : valuesOf(type ?? 'null')
}

function primitivesOf(type: string): fc.Arbitrary<unknown> {
  switch (type) {
    case 'null':
      return fc.constant(null)
    case 'boolean':
      return fc.boolean()
    case 'int':
      return fc.integer()
    case 'long':
      return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
    case 'bytes':
      return fc.uint8Array().map(bytes => Buffer.from(bytes))
    default:
      return fc.string({ unit: 'binary', maxLength: 200 })
  }
}

describe('the walk over an event', () => {
  for (const { name, schema } of RELEASED_SCHEMAS) {
    test(`${name} ends where the bytes end, and nowhere in bytes that are cut off`, () => {
      const walk = walkOf(schema as never)
      const encode = (value: unknown): Buffer =>
        name === 'EventMeta'
          ? Buffer.concat([Buffer.alloc(HEADER), compileSchema(schema).toBuffer(value)])
          : encodeEvent(name as EventType, value as never)
      fc.assert(
        fc.property(valuesOf(schema as never), value => {
          const bytes = encode(value)
          assert.equal(walk(bytes, HEADER, bytes.length), bytes.length)
          for (let end = HEADER; end < bytes.length; end += 7) {
            assert.notEqual(walk(bytes, HEADER, end), end)
          }
        }),
        { numRuns: 25 },
      )
    })
  }

  test('the fields of AdjudicationReceived lead every event about an adjudicated claim', () => {
    const fieldsOf = (type: string): readonly Field[] => {
      const { schema } = RELEASED_SCHEMAS.find(({ name }) => name === type) ?? assert.fail(type)
      return schema.fields as readonly unknown[] as readonly Field[]
    }
    const shares = fieldsOf('AdjudicationReceived')
    const names = shares.map(field => field.name)
    for (const type of ['ClaimAdjudicated', 'ClaimHeld', 'ClaimSettled', 'ClaimReversed']) {
      const fields = fieldsOf(type)
      assert.deepEqual(
        fields.slice(0, names.length).map(field => field.name),
        names,
        type,
      )
    }
    assert.ok(walkFields(shares))
  })
})
