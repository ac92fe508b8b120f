/**
 * The hashes of an event straight from the bytes of its row: a second implementation of what the
 * store computes, and three times as fast, since no text or number is made first.
 */
import { hash } from 'node:crypto'
import { sha256 } from '@tongchou/contracts/hash.ts'
import type { EventRow } from '@tongchou/runtime/audit/snapshot/event-rows.ts'

const HASH = 32
const ID = 16
/** Where the first hashed field begins in a row: behind the position. */
const FIELDS_AT = 14

let scratch = Buffer.alloc(64 * 1024)

/**
 * Law 7: SHA-256 over the previous hash, which stands in `before` at `beforeAt`, and every column
 * but position and hash, as they stand in the row.
 */
export function chainHash(row: EventRow, before: Buffer, beforeAt: number): Buffer {
  const { bytes, start, hashAt, metaAt, end } = row
  if (scratch.length < HASH + end - start) scratch = Buffer.alloc((HASH + end - start) * 2)
  let at = before.copy(scratch, 0, beforeAt, beforeAt + HASH)
  at += bytes.copy(scratch, at, start + FIELDS_AT, hashAt - 4)
  at += bytes.copy(scratch, at, metaAt - 4, end)
  return sha256(scratch.subarray(0, at))
}

/** True when the row's hash column holds this hash. */
export function hasHash({ bytes, hashAt, metaAt }: EventRow, wanted: Buffer): boolean {
  if (metaAt - 4 - hashAt !== HASH) return false
  return sameBytes(bytes, hashAt, wanted)
}

const leafBytes = Buffer.alloc(1 + 8 + HASH)

/** The leaf of the Merkle tree: SHA-256(0x00 ‖ position ‖ hash). */
export function rowLeaf({ bytes, start, hashAt }: EventRow): Buffer {
  bytes.copy(leafBytes, 1, start + 6, start + 14)
  bytes.copy(leafBytes, 9, hashAt, hashAt + HASH)
  return sha256(leafBytes)
}

const named = Buffer.alloc(ID + 10)

/** UUIDv5 of (command, index): 16 bytes. @source RFC 9562 §5.5 */
export function eventIdBytes(commandId: Buffer, index: number): Buffer {
  commandId.copy(named, 0, 0, ID)
  const end = ID + named.write(String(index), ID, 'latin1')
  const digest = Buffer.from(hash('sha1', named.subarray(0, end), 'binary'), 'latin1')
  digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x50
  digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80
  return digest.subarray(0, ID)
}

/** True when `wanted` stands in `bytes` at `at`. For few bytes faster than a call into Node. */
export function sameBytes(bytes: Buffer, at: number, wanted: Buffer): boolean {
  for (let index = 0; index < wanted.length; index++) {
    if (bytes[at + index] !== wanted[index]) return false
  }
  return true
}
