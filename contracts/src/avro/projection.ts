/**
 * Some fields of an event, the rest passed over: for consumers on the hot path that need few of
 * many. A claim with its lines costs a third of a whole decode.
 */
import type { EventData, EventType } from '../events.generated.ts'
import { RELEASED_SCHEMAS } from '../events.generated.ts'
import { compileSchema, decodeEvent } from './codec.ts'
import { fingerprintOf } from './fingerprint.ts'

const HEADER = 10

/** `true` for a field that is read; for an array of records, which of their fields are. */
export type Fields<P> = { readonly [K in keyof P]: FieldOf<P[K]> }
type FieldOf<V> = V extends readonly (infer Element extends object)[] ? Fields<Element> : true

export type Projected<P> = { readonly type: EventType; readonly data: P }

/**
 * Reader of the fields of `P`, a subset of the event. Bytes of an older version are read in full
 * and brought to the newest; newer or damaged ones throw UnreadableEvent, as `decodeEvent` does.
 */
export function projection<T extends EventType, P>(
  type: T,
  fields: EventData[T] extends P ? Fields<P> : never,
): (bytes: Buffer) => Projected<P> {
  const writer = compileSchema(newestSchema(type))
  const reader = compileSchema(narrowed(newestSchema(type), fields))
  const resolver = reader.createResolver(writer)
  const fingerprint = fingerprintOf(writer).readBigUInt64LE()
  const read = (bytes: Buffer): P | undefined => {
    if (bytes.length < HEADER || bytes.readUInt16BE() !== 0xc301) return undefined
    if (bytes.readBigUInt64LE(2) !== fingerprint) return undefined
    try {
      const { value, offset } = reader.decode(bytes, HEADER, resolver)
      return offset === bytes.length ? value : undefined
    } catch {
      return undefined // the whole decode says what is wrong
    }
  }
  return bytes => {
    const data = read(bytes)
    return data === undefined ? (decodeEvent(bytes) as Projected<P>) : { type, data }
  }
}

type RecordSchema = {
  readonly fields: readonly { readonly name: string; readonly type: unknown }[]
}

function newestSchema(type: EventType): RecordSchema {
  const versions = RELEASED_SCHEMAS.filter(({ name }) => name === type)
  const newest = versions.reduce((a, b) => (b.version > a.version ? b : a))
  return newest.schema as RecordSchema
}

function narrowed(schema: RecordSchema, fields: object): RecordSchema {
  const wanted = new Map<string, unknown>(Object.entries(fields))
  return {
    ...schema,
    fields: schema.fields
      .filter(({ name }) => wanted.has(name))
      .map(field => {
        const inner = wanted.get(field.name)
        if (typeof inner !== 'object' || inner === null) return field
        const array = field.type as { readonly items: RecordSchema }
        return { ...field, type: { ...array, items: narrowed(array.items, inner) } }
      }),
  }
}
