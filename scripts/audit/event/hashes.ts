/**
 * The hashes of an event straight from the bytes of its row: a second implementation of what the
 * store computes, and three times as fast, since no text or number is made first.
 */
import { hash } from 'node:crypto'
import type { EventRow } from '@tongchou/runtime/audit/snapshot/event-rows.ts'

const HASH = 32
const ID = 16
/** Previous hash, version, schema, id, time, partition, closes. */
const FIXED = HASH + 8 + 4 + ID + 8 + 4 + 1

let scratch = Buffer.alloc(64 * 1024)

/**
 * Law 7: SHA-256 over the previous hash, which stands in `before` at `beforeAt`, and every column.
 */
export function chainHash(row: EventRow, before: Buffer, beforeAt: number): Buffer {
  const { bytes, start, streamAt, typeAt, hashAt, metaAt, end } = row
  const size = FIXED + end - streamAt + 16
  if (scratch.length < size) scratch = Buffer.alloc(size * 2)
  let at = before.copy(scratch, 0, beforeAt, beforeAt + HASH)
  at += bytes.copy(scratch, at, streamAt - 4, typeAt - 4) // length and stream
  scratch.writeUInt32BE(0, at)
  at += 4 + bytes.copy(scratch, at + 4, start + 30, start + 34) // version, widened
  at += bytes.copy(scratch, at, typeAt - 4, hashAt - 4) // length and type
  at += bytes.copy(scratch, at, start + 38, start + 42) // schema
  at += bytes.copy(scratch, at, start + 46, start + 62) // id
  at += bytes.copy(scratch, at, start + 18, start + 26) // time
  scratch.writeUInt16BE(0, at)
  at += 2 + bytes.copy(scratch, at + 2, start + 66, start + 68) // partition, widened
  at += bytes.copy(scratch, at, start + 72, start + 73) // closes
  at += bytes.copy(scratch, at, metaAt - 4, end) // metadata and data with their lengths
  return hash('sha256', scratch.subarray(0, at), 'buffer')
}

/** True when the row's hash column holds this hash. */
export function hasHash({ bytes, hashAt, metaAt }: EventRow, wanted: Buffer): boolean {
  if (metaAt - 4 - hashAt !== HASH) return false
  return bytes.compare(wanted, 0, HASH, hashAt, hashAt + HASH) === 0
}

const leafBytes = Buffer.alloc(1 + 8 + HASH)

/** The leaf of the Merkle tree: SHA-256(0x00 ‖ position ‖ hash). */
export function rowLeaf({ bytes, start, hashAt }: EventRow): Buffer {
  bytes.copy(leafBytes, 1, start + 6, start + 14)
  bytes.copy(leafBytes, 9, hashAt, hashAt + HASH)
  return hash('sha256', leafBytes, 'buffer')
}

const named = Buffer.alloc(ID + 10)

/** UUIDv5 of (command, index): 16 bytes. @source RFC 9562 §5.5 */
export function eventIdBytes(commandId: Buffer, index: number): Buffer {
  commandId.copy(named, 0, 0, ID)
  const end = ID + named.write(String(index), ID, 'latin1')
  const digest = hash('sha1', named.subarray(0, end), 'buffer')
  digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x50
  digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80
  return digest.subarray(0, ID)
}
