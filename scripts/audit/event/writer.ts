/** Which released schema some encoded bytes say they were written with. */
import { compileSchema } from '@tongchou/contracts/avro/codec.ts'
import { fingerprintOf } from '@tongchou/contracts/avro/fingerprint.ts'
import { RELEASED_SCHEMAS } from '@tongchou/contracts/events.generated.ts'

export type Writer = {
  readonly name: string
  readonly service: string
  readonly version: number
  /** The name as the type column holds it. */
  readonly bytes: Buffer
}

const HEADER_BYTES = 10

const WRITERS: ReadonlyMap<bigint, Writer> = new Map(
  RELEASED_SCHEMAS.map(({ name, service, version, schema }) => [
    fingerprintOf(compileSchema(schema)).readBigUInt64LE(),
    { name, service, version, bytes: Buffer.from(name) },
  ]),
)

/** Of the bytes from `at` on; undefined when the fingerprint is of no schema of this build. */
export function writerOf(bytes: Buffer, at: number): Writer | undefined {
  return at + HEADER_BYTES > bytes.length ? undefined : WRITERS.get(bytes.readBigUInt64LE(at + 2))
}
