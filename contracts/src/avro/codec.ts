/**
 * Events in Avro single-object encoding: `C3 01`, 8 bytes CRC-64-AVRO, body. The bytes made here
 * are what the store keeps, what the hash covers and what the log carries. `long` is bigint.
 * Compiled once, at import.
 */
import avsc from 'avsc'
import type { EventData, EventMeta, EventType } from '../events.generated.ts'
import { RELEASED_SCHEMAS } from '../events.generated.ts'
import { fingerprintOf } from './fingerprint.ts'
import { bigLong } from './long.ts'
import { sameText } from './text.ts'
import { upcast } from './upcasters.ts'

const HEADER = 10

type Resolver = ReturnType<avsc.Type['createResolver']>

/** What is not Avro of ours: refused, never guessed. */
export class UnreadableEvent extends Error {
  override readonly name = 'UnreadableEvent'
  /**
   * A schema that this build does not have: newer code wrote it, so the reader pauses and parks
   * nothing.
   */
  readonly newer: boolean
  constructor(message: string, newer: boolean) {
    super(message)
    this.newer = newer
  }
}

type SchemaNode = string | { readonly type?: unknown }

/** Compiles a schema with `long` as bigint; shared with the compatibility gate. */
export function compileSchema(schema: object): avsc.Type {
  return avsc.Type.forSchema(
    schema as avsc.Schema,
    {
      wrapUnions: 'never',
      noAnonymousTypes: true,
      omitRecordMethods: true,
      typeHook: (node: SchemaNode) => OWN_TYPES.get(typeof node === 'object' ? node.type : node),
    } as never,
  )
}

const OWN_TYPES: ReadonlyMap<unknown, avsc.Type> = new Map([
  ['long', bigLong],
  ['string', sameText],
])

type Released = {
  readonly name: string
  readonly version: number
  readonly type: avsc.Type
  readonly header: Buffer
}

const released: readonly Released[] = RELEASED_SCHEMAS.map(({ name, version, schema }) => {
  const type = compileSchema(schema)
  return {
    name,
    version,
    type,
    header: Buffer.concat([Buffer.from([0xc3, 0x01]), fingerprintOf(type)]),
  }
})

const newest = new Map<string, Released>()
const byFingerprint = new Map<bigint, Released>()
for (const entry of released) {
  if ((newest.get(entry.name)?.version ?? 0) < entry.version) newest.set(entry.name, entry)
  byFingerprint.set(entry.header.readBigUInt64LE(2), entry)
}

function newestOf(name: string): Released {
  const entry = newest.get(name)
  if (entry === undefined) throw new UnreadableEvent(`no schema for ${name}`, false)
  return entry
}

/** Schema version that new events of this type are written with. */
export function schemaVersionOf(type: EventType): number {
  return newestOf(type).version
}

let scratch = Buffer.allocUnsafe(256 * 1024)

function encode(entry: Released, value: unknown): Buffer {
  let end: number
  try {
    end = entry.type.encode(value, scratch, HEADER)
    if (end < 0) {
      scratch = Buffer.allocUnsafe((scratch.length - end) * 2)
      return encode(entry, value)
    }
  } catch (cause) {
    throw new TypeError(describe(entry, value), { cause })
  }
  const out = Buffer.allocUnsafe(end)
  entry.header.copy(out)
  scratch.copy(out, HEADER, HEADER, end)
  return out
}

/** Names the first field that does not fit, since avsc's own message fails on bigints. */
function describe(entry: Released, value: unknown): string {
  const faults: string[] = []
  entry.type.isValid(value, {
    errorHook: (path, _, type) => faults.push(`${path.join('.')}: expected ${type}`),
  })
  return `${entry.name} does not fit its schema: ${faults.join('; ') || 'unknown fault'}`
}

/** Bytes of an event. Throws TypeError naming the field that does not fit. */
export function encodeEvent<T extends EventType>(type: T, data: EventData[T]): Buffer {
  return encode(newestOf(type), data)
}

export function encodeMeta(meta: EventMeta): Buffer {
  return encode(newestOf('EventMeta'), meta)
}

const resolvers = new Map<Released, Resolver | undefined>()

/** Name and newest-version value of encoded bytes. Throws UnreadableEvent. */
function decode(bytes: Buffer): { name: string; value: unknown } {
  if (bytes.length < HEADER || bytes[0] !== 0xc3 || bytes[1] !== 0x01) {
    throw new UnreadableEvent('not in Avro single-object encoding', false)
  }
  const writer = byFingerprint.get(bytes.readBigUInt64LE(2))
  if (writer === undefined)
    throw new UnreadableEvent('schema fingerprint unknown to this build', true)
  try {
    const { value, offset } = writer.type.decode(bytes, HEADER, resolverOf(writer))
    if (offset !== bytes.length) throw new UnreadableEvent('bytes left over or missing', false)
    return { name: writer.name, value: upcast(writer.name, writer.version, value) }
  } catch (cause) {
    if (cause instanceof UnreadableEvent) throw cause
    throw new UnreadableEvent(`${writer.name}: damaged body`, false)
  }
}

function resolverOf(writer: Released): Resolver | undefined {
  const reader = newestOf(writer.name)
  if (reader === writer) return undefined
  if (!resolvers.has(writer)) resolvers.set(writer, reader.type.createResolver(writer.type))
  return resolvers.get(writer)
}

/** An event of the given types, by name: what deciders make and `evolve` applies. */
export type EventOf<T extends EventType> = {
  readonly [K in T]: { readonly type: K; readonly data: EventData[K] }
}[T]

export type DecodedEvent = EventOf<EventType>

/** An event from its bytes, brought to the newest version. Throws UnreadableEvent. */
export function decodeEvent(bytes: Buffer): DecodedEvent {
  const { name, value } = decode(bytes)
  return { type: name, data: value } as DecodedEvent
}

export function decodeMeta(bytes: Buffer): EventMeta {
  const { name, value } = decode(bytes)
  if (name !== 'EventMeta') throw new UnreadableEvent(`expected EventMeta, found ${name}`, false)
  return value as EventMeta
}
