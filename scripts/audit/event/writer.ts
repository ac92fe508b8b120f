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

const WRITERS: ReadonlyMap<bigint, Writer> = new Map(
  RELEASED_SCHEMAS.map(({ name, service, version, schema }) => [
    fingerprintOf(compileSchema(schema)).readBigUInt64LE(),
    {
      ...{ name: name as EventType, service, version, bytes: Buffer.from(name) },
      walk: walkOf(schema as never),
      shares: beginsWithShares(schema as RecordSchema) ? walkFields(SHARES) : null,
    },
  ]),
)

/** Of the bytes from `at` on; undefined when the fingerprint is of no schema of this build. */
export function writerOf(bytes: Buffer, at: number): Writer | undefined {
  return at + HEADER_BYTES > bytes.length ? undefined : WRITERS.get(bytes.readBigUInt64LE(at + 2))
}
