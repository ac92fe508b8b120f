/** Which released schema some encoded bytes say they were written with. */
import { compileSchema } from '@tongchou/contracts/avro/codec.ts'
import { fingerprintOf } from '@tongchou/contracts/avro/fingerprint.ts'
import { RELEASED_SCHEMAS } from '@tongchou/contracts/events.generated.ts'

export type Writer = { readonly name: string; readonly service: string; readonly version: number }

const HEADER_BYTES = 10

const WRITERS: ReadonlyMap<bigint, Writer> = new Map(
  RELEASED_SCHEMAS.map(({ name, service, version, schema }) => [
    fingerprintOf(compileSchema(schema)).readBigUInt64LE(),
    { name, service, version },
  ]),
)

/** Undefined when the fingerprint is of no schema of this build. */
export function writerOf(data: Buffer): Writer | undefined {
  return data.length < HEADER_BYTES ? undefined : WRITERS.get(data.readBigUInt64LE(2))
}
