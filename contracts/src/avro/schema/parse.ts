/**
 * Reads an Avro schema of anybody's: what the registry takes and what the rules of resolution are
 * asked about. avsc's own reader is for our schemas: it wants the default of a union in its first
 * branch and refuses unions that JSON could not tell apart.
 * @source Apache Avro specification 1.12, "Schema Declaration".
 */
import { isDefaultOf } from './default.ts'
import type { AvroSchema, Decimal, Json, RecordField, RecordSchema } from './model.ts'
import { isObject, SchemaFault } from './model.ts'
import { aliasesOf, definedName, isName, isPrimitive, namespaceOf, qualified } from './names.ts'

/** Nesting of JSON values; real schemas stay below 20. */
const MAX_DEPTH = 64

/** The JSON of a schema text. Throws SchemaFault. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text, exact)
  } catch (error) {
    if (error instanceof SchemaFault) throw error
    throw new SchemaFault('the schema is not JSON')
  }
}

/** A default beyond 2^53 would be another one after JSON.parse. */
function exact(_key: string, value: unknown): unknown {
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw new SchemaFault('a whole number beyond 2^53 - 1 is not taken')
  }
  return value
}

/** The schema that a text declares. Throws SchemaFault. */
export function parseSchema(text: string): AvroSchema {
  return schemaOf(parseJson(text))
}

/** The schema that a JSON value declares. Throws SchemaFault. */
export function schemaOf(json: unknown): AvroSchema {
  const reader = new Reader()
  const schema = reader.read(json, { namespace: '', path: 'schema', depth: 0 })
  reader.checkDefaults()
  return schema
}

type Place = { readonly namespace: string; readonly path: string; readonly depth: number }

class Reader {
  readonly #named = new Map<string, AvroSchema>()
  readonly #defaults: { schema: AvroSchema; value: unknown; path: string }[] = []

  read(node: unknown, place: Place): AvroSchema {
    if (place.depth > MAX_DEPTH) throw new SchemaFault(`nests deeper than ${MAX_DEPTH}`)
    if (typeof node === 'string') return this.#referred(node, place)
    if (Array.isArray(node)) return this.#union(node, place)
    if (isObject(node)) return this.#complex(node, place)
    throw new SchemaFault(`${place.path}: a schema is a name, a list or an object`)
  }

  /** Defaults are looked at last, when records that hold themselves are complete. */
  checkDefaults(): void {
    for (const { schema, value, path } of this.#defaults) {
      if (isDefaultOf(schema, value)) continue
      const shown = JSON.stringify(value)?.slice(0, 60)
      throw new SchemaFault(`${path}: the default ${shown} is no ${schema.kind}`)
    }
  }

  #referred(name: string, { namespace, path }: Place): AvroSchema {
    if (isPrimitive(name)) return { kind: name }
    const found = this.#named.get(qualified(name, namespace)) ?? this.#named.get(name)
    if (found === undefined) throw new SchemaFault(`${path}: unknown type '${name.slice(0, 100)}'`)
    return found
  }

  #union(nodes: readonly unknown[], place: Place): AvroSchema {
    if (nodes.length === 0) throw new SchemaFault(`${place.path}: a union has a branch`)
    const seen = new Set<string>()
    const branches = nodes.map((node, index) => {
      const branch = this.read(node, inside(place, `[${index}]`))
      const key = 'fullName' in branch ? branch.fullName : branch.kind
      if (branch.kind === 'union') throw new SchemaFault(`${place.path}: a union in a union`)
      if (seen.has(key)) throw new SchemaFault(`${place.path}: ${key} twice in a union`)
      seen.add(key)
      return branch
    })
    return { kind: 'union', branches }
  }

  #complex(node: Json, place: Place): AvroSchema {
    switch (node['type']) {
      case 'array':
        return { kind: 'array', items: this.read(node['items'], inside(place, '.items')) }
      case 'map':
        return { kind: 'map', values: this.read(node['values'], inside(place, '.values')) }
      case 'record':
      case 'error':
        return this.#record(node, place)
      case 'enum':
        return this.#enumeration(node, place)
      case 'fixed':
        return this.#fixed(node, place)
      default:
        return this.#plain(node, place)
    }
  }

  /** `{"type": "long", "logicalType": …}` or a type within `{"type": …}`. */
  #plain(node: Json, place: Place): AvroSchema {
    const inner = this.read(node['type'], inside(place, '.type'))
    return inner.kind === 'bytes' ? { ...inner, ...decimalOf(node) } : inner
  }

  #record(node: Json, place: Place): AvroSchema {
    const { fields } = node
    const schema: RecordSchema = { kind: 'record', ...this.#define(node, place), fields: [] }
    this.#named.set(schema.fullName, schema)
    if (!Array.isArray(fields)) throw new SchemaFault(`${place.path}: a record has fields`)
    const at = { ...place, namespace: namespaceOf(schema.fullName), path: schema.fullName }
    for (const field of fields) {
      const made = this.#field(field, at)
      if (schema.fields.some(({ name }) => name === made.name)) {
        throw new SchemaFault(`${schema.fullName}: the field ${made.name} stands twice`)
      }
      schema.fields.push(made)
    }
    return schema
  }

  #field(field: unknown, place: Place): RecordField {
    if (!isObject(field) || !isName(field['name'])) {
      throw new SchemaFault(`${place.path}: a field has a name`)
    }
    const { name, type, order = 'ascending' } = field
    const path = `${place.path}.${name}`
    if (order !== 'ascending' && order !== 'descending' && order !== 'ignore') {
      throw new SchemaFault(`${path}: the order is ascending, descending or ignore`)
    }
    const schema = this.read(type, { ...inside(place, ''), path })
    const hasDefault = Object.hasOwn(field, 'default')
    if (hasDefault) this.#defaults.push({ schema, value: field['default'], path })
    return { name, aliases: aliasesOf(field, null, path), schema, hasDefault }
  }

  #enumeration(node: Json, place: Place): AvroSchema {
    const { symbols, default: fallback = null } = node
    const named = this.#define(node, place)
    if (!Array.isArray(symbols) || !symbols.every(isName)) {
      throw new SchemaFault(`${named.fullName}: the symbols of an enum are a list of names`)
    }
    if (new Set(symbols).size < symbols.length) {
      throw new SchemaFault(`${named.fullName}: a symbol stands twice`)
    }
    const known = symbols.find(symbol => symbol === fallback) ?? null
    if (fallback !== null && known === null) {
      throw new SchemaFault(`${named.fullName}: the default is none of the symbols`)
    }
    return this.#keep({ kind: 'enum', ...named, symbols, fallback: known })
  }

  #fixed(node: Json, place: Place): AvroSchema {
    const { size } = node
    const named = this.#define(node, place)
    if (!Number.isSafeInteger(size) || Number(size) < 0) {
      throw new SchemaFault(`${named.fullName}: the size of a fixed is a whole number`)
    }
    return this.#keep({ kind: 'fixed', ...named, size: Number(size), ...decimalOf(node) })
  }

  #define(node: Json, { namespace, path }: Place) {
    const fullName = definedName(node, namespace, path)
    if (this.#named.has(fullName)) throw new SchemaFault(`${path}: ${fullName} is defined twice`)
    return { fullName, aliases: aliasesOf(node, namespaceOf(fullName), path) }
  }

  #keep<T extends AvroSchema & { readonly fullName: string }>(schema: T): T {
    this.#named.set(schema.fullName, schema)
    return schema
  }
}

function inside(place: Place, step: string): Place {
  return { ...place, path: place.path + step, depth: place.depth + 1 }
}

/** A decimal whose figures make no sense is read as the bytes that it is. */
function decimalOf(node: Json): { readonly decimal?: Decimal } {
  const { logicalType, precision, scale = 0 } = node
  if (logicalType !== 'decimal' || !Number.isInteger(precision) || !Number.isInteger(scale))
    return {}
  return { decimal: { precision: Number(precision), scale: Number(scale) } }
}
