/**
 * Which JSON values may be the default of a field. One of a union may be of any of its branches, as
 * the specification says since 1.12; before, it was the first.
 * @source Apache Avro specification 1.12, "Complex Types", table "field default values"; "Unions".
 */
import type { AvroSchema } from './model.ts'
import { isObject } from './model.ts'

const INT_MAX = 2 ** 31

export function isDefaultOf(schema: AvroSchema, value: unknown): boolean {
  switch (schema.kind) {
    case 'null':
      return value === null
    case 'boolean':
      return typeof value === 'boolean'
    case 'int':
      return Number.isInteger(value) && Number(value) >= -INT_MAX && Number(value) < INT_MAX
    case 'long':
      return Number.isSafeInteger(value)
    case 'float':
    case 'double':
      return typeof value === 'number'
    case 'string':
      return typeof value === 'string'
    case 'bytes':
      return isBytes(value)
    case 'fixed':
      return isBytes(value) && value.length === schema.size
    case 'enum':
      return schema.symbols.some(symbol => symbol === value)
    case 'array':
      return Array.isArray(value) && value.every(item => isDefaultOf(schema.items, item))
    case 'map':
      return isObject(value) && Object.values(value).every(one => isDefaultOf(schema.values, one))
    case 'union':
      return schema.branches.some(branch => isDefaultOf(branch, value))
    case 'record':
      return (
        isObject(value) &&
        schema.fields.every(({ name, schema: own, hasDefault }) =>
          Object.hasOwn(value, name) ? isDefaultOf(own, value[name]) : hasDefault,
        )
      )
  }
}

/** Bytes are written as text whose characters are U+0000 to U+00FF. */
function isBytes(value: unknown): value is string {
  return typeof value === 'string' && [...value].every(char => char <= '\u00ff')
}
