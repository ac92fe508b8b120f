/**
 * The shares of a claim as bytes: every event about an adjudicated claim begins with the same
 * fields, so that equal shares have equal bytes.
 */
import { sharesOf } from '@tongchou/clearing/claim/decide.ts'
import { decodeEvent, encodeEvent } from '@tongchou/contracts/avro/codec.ts'
import type { AdjudicationReceived } from '@tongchou/contracts/events.generated.ts'
import type { EventRow } from '@tongchou/runtime/audit/snapshot/event-rows.ts'
import { HEADER_BYTES, type Writer } from '../event/writer.ts'

export type Shares = { readonly claimId: string; readonly content: Buffer }

/** A length of one byte and 36 characters: the claim's id is the first field. */
const CLAIM_ID = { at: 1, end: 37 } as const

export function sharesIn({ bytes, dataAt, end, data }: EventRow, writer: Writer): Shares {
  const start = dataAt + HEADER_BYTES
  const behind = writer.shares?.(bytes, start, end) ?? -1
  const content = behind < 0 ? encodedAnew(data) : bytes.subarray(start, behind)
  return { claimId: content.toString('latin1', CLAIM_ID.at, CLAIM_ID.end), content }
}

/** Of an event that was written with a schema of another order. */
function encodedAnew(data: Buffer): Buffer {
  const { data: shares } = decodeEvent(data)
  const encoded = encodeEvent('AdjudicationReceived', sharesOf(shares as AdjudicationReceived))
  return encoded.subarray(HEADER_BYTES)
}
