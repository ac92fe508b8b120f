/**
 * Public events and state rows in Avro single-object encoding, apart from the stored events: names
 * are the same where a fact is the same, schemas are not.
 */
import type { Type } from 'avsc'
import { compileSchema, UnreadableEvent } from '../avro/codec.ts'
import { fingerprintOf } from '../avro/fingerprint.ts'
import type { PublicData, PublicType } from '../public-events.generated.ts'
import { PUBLIC_SCHEMAS } from '../public-events.generated.ts'

const HEADER = 10

export type PublicSchema = {
  readonly name: PublicType
  readonly version: number
  /** As the registry and the AsyncAPI document show it. */
  readonly schema: object
  /** `cn.tongchou.public.clearing.ClaimSettled` */
  readonly fullName: string
}

type Compiled = PublicSchema & { readonly type: Type; readonly header: Buffer }

const compiled: readonly Compiled[] = PUBLIC_SCHEMAS.map(({ name, version, schema }) => {
  const type = compileSchema(schema)
  const header = Buffer.concat([Buffer.from([0xc3, 0x01]), fingerprintOf(type)])
  const fullName = `${schema.namespace}.${schema.name}`
  return { name, version, schema, fullName, type, header }
})

const newest = new Map<PublicType, Compiled>()
const byFingerprint = new Map<bigint, Compiled>()
for (const entry of compiled) {
  if ((newest.get(entry.name)?.version ?? 0) < entry.version) newest.set(entry.name, entry)
  byFingerprint.set(entry.header.readBigUInt64LE(2), entry)
}

function newestOf(name: PublicType): Compiled {
  const entry = newest.get(name)
  if (entry === undefined) throw new UnreadableEvent(`no public schema for ${name}`, false)
  return entry
}

/** The schema that new records of the type are written with. */
export function publicSchemaOf(name: PublicType): PublicSchema {
  return newestOf(name)
}

let scratch = Buffer.allocUnsafe(64 * 1024)

/** Bytes of a public event or row. Throws TypeError naming the field that does not fit. */
export function encodePublic<T extends PublicType>(name: T, data: PublicData[T]): Buffer {
  const { type, header } = newestOf(name)
  let end: number
  try {
    end = type.encode(data, scratch, HEADER)
  } catch (cause) {
    throw new TypeError(misfitOf(name, data), { cause })
  }
  if (end < 0) {
    scratch = Buffer.allocUnsafe((scratch.length - end) * 2)
    return encodePublic(name, data)
  }
  const out = Buffer.allocUnsafe(end)
  header.copy(out)
  scratch.copy(out, HEADER, HEADER, end)
  return out
}

/** Avro's own message fails on bigints. */
function misfitOf(name: PublicType, data: unknown): string {
  const faults: string[] = []
  newestOf(name).type.isValid(data, {
    errorHook: (path, _, expected) => faults.push(`${path.join('.')}: expected ${expected}`),
  })
  return `public ${name} does not fit: ${faults.join('; ') || 'unknown fault'}`
}

/** What was written, under the newest schema of its name. Throws UnreadableEvent. */
export function decodePublic(bytes: Buffer): {
  readonly type: PublicType
  readonly data: object
} {
  if (bytes.length < HEADER || bytes.readUInt16BE() !== 0xc301)
    throw new UnreadableEvent('not in Avro single-object encoding', false)
  const writer = byFingerprint.get(bytes.readBigUInt64LE(2))
  if (writer === undefined)
    throw new UnreadableEvent('schema fingerprint unknown to this build', true)
  const reader = newestOf(writer.name)
  const resolver = reader === writer ? undefined : reader.type.createResolver(writer.type)
  const { value, offset } = writer.type.decode(bytes, HEADER, resolver)
  if (offset !== bytes.length) throw new UnreadableEvent('bytes left over or missing', false)
  return { type: writer.name, data: value }
}

/**
 * The same as JSON: integers stay integers. Throws RangeError for one beyond 2^53 - 1, which JSON
 * does not carry exactly.
 */
export function publicJson(bytes: Buffer): object {
  return jsonOf(decodePublic(bytes).data) as object
}

function jsonOf(value: unknown): unknown {
  if (typeof value === 'bigint') {
    const number = Number(value)
    if (!Number.isSafeInteger(number)) throw new RangeError(`${value} has no exact JSON number`)
    return number
  }
  if (Array.isArray(value)) return value.map(jsonOf)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, jsonOf(inner)]))
}
