/**
 * Which released schema some encoded bytes say they were written with, and how to walk over them.
 */
import { compileSchema } from '@tongchou/contracts/avro/codec.ts'
import { fingerprintOf } from '@tongchou/contracts/avro/fingerprint.ts'
import { type EventType, RELEASED_SCHEMAS } from '@tongchou/contracts/events.generated.ts'
import { type Field, type Walk, walkFields, walkOf } from './structure.ts'

export type Writer = {
  readonly name: EventType
  readonly service: string
  readonly version: number
  /** The name as the type column holds it. */
  readonly bytes: Buffer
  /** Over the whole body. */
  readonly walk: Walk
  /** Over the fields that every event about an adjudicated claim begins with; null without them. */
  readonly shares: Walk | null
}

/** `C3 01` and the fingerprint stand before the body. */
export const HEADER_BYTES = 10

const SMALL = 0x3fffffff

type RecordSchema = { readonly fields: readonly Field[] }

/** The shares of a claim: all that AdjudicationReceived holds. */
const SHARES: readonly Field[] = newest('AdjudicationReceived').fields

function newest(type: EventType): RecordSchema {
  const versions = RELEASED_SCHEMAS.filter(({ name }) => name === type)
  const last = versions.reduce((a, b) => (b.version > a.version ? b : a))
  return last.schema as RecordSchema
}

function beginsWithShares({ fields }: RecordSchema): boolean {
  return SHARES.every((field, at) => JSON.stringify(field) === JSON.stringify(fields[at]))
}

type Known = { readonly low: number; readonly high: number; readonly writer: Writer }

/** By bits of the fingerprint that make a small number: a Map finds those without making one. */
const WRITERS: ReadonlyMap<number, readonly Known[]> = Map.groupBy(
  RELEASED_SCHEMAS.map(({ name, service, version, schema }) => {
    const fingerprint = fingerprintOf(compileSchema(schema))
    const writer = {
      ...{ name: name as EventType, service, version, bytes: Buffer.from(name) },
      walk: walkOf(schema as never),
      shares: beginsWithShares(schema as RecordSchema) ? walkFields(SHARES) : null,
    }
    return { low: fingerprint.readUInt32LE(), high: fingerprint.readUInt32LE(4), writer }
  }),
  ({ low }) => low & SMALL,
)

/** Of the bytes from `at` on; undefined when the fingerprint is of no schema of this build. */
export function writerOf(bytes: Buffer, at: number): Writer | undefined {
  if (at + HEADER_BYTES > bytes.length) return undefined
  const low = bytes.readUInt32LE(at + 2)
  const high = bytes.readUInt32LE(at + 6)
  for (const known of WRITERS.get(low & SMALL) ?? []) {
    if (known.low === low && known.high === high) return known.writer
  }
  return undefined
}
