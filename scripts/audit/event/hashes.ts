/**
 * The hashes of an event straight from the bytes of its row: a second implementation of what the
 * store computes, and several times as fast, since no text, number or buffer is made. Hashes are
 * texts of one character a byte, which are compared with the bytes of the row where they stand.
 */
import { hash } from 'node:crypto'
import { writeSha256 } from '@tongchou/contracts/hash.ts'
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
export function chainHash(row: EventRow, before: Buffer, beforeAt: number): string {
  const { bytes, start, hashAt, metaAt, end } = row
  if (scratch.length < HASH + end - start) scratch = Buffer.alloc((HASH + end - start) * 2)
  copyFew(before, beforeAt, { to: scratch, at: 0, length: HASH })
  let at = HASH
  at += bytes.copy(scratch, at, start + FIELDS_AT, hashAt - 4)
  at += bytes.copy(scratch, at, metaAt - 4, end)
  return hash('sha256', scratch.subarray(0, at), 'binary')
}

/** True when the row's hash column holds this hash. */
export function hasHash({ bytes, hashAt, metaAt }: EventRow, wanted: string): boolean {
  if (metaAt - 4 - hashAt !== HASH) return false
  for (let index = 0; index < HASH; index++) {
    if (bytes[hashAt + index] !== wanted.charCodeAt(index)) return false
  }
  return true
}

const leafBytes = Buffer.alloc(1 + 8 + HASH)
const leaf = Buffer.alloc(HASH)

/** The leaf of the Merkle tree: SHA-256(0x00 ‖ position ‖ hash). Valid until the next call. */
export function rowLeaf({ bytes, start, hashAt }: EventRow): Buffer {
  copyFew(bytes, start + 6, { to: leafBytes, at: 1, length: 8 })
  copyFew(bytes, hashAt, { to: leafBytes, at: 9, length: HASH })
  writeSha256(leafBytes, { target: leaf, at: 0 })
  return leaf
}

/** A command's id with an index of so many digits behind it, by the number of digits. */
const NAMED = Array.from({ length: 11 }, (_, digits) => Buffer.alloc(ID + digits))

/** True when the row's id is the UUIDv5 of (command, index). @source RFC 9562 §5.5 */
export function hasEventId({ bytes, idAt }: EventRow, commandId: Buffer, index: number): boolean {
  const digits = String(index)
  const named = NAMED[digits.length] ?? Buffer.alloc(ID + digits.length)
  copyFew(commandId, 0, { to: named, at: 0, length: ID })
  named.write(digits, ID, 'latin1')
  const digest = hash('sha1', named, 'binary')
  for (let at = 0; at < ID; at++) {
    let byte = digest.charCodeAt(at)
    if (at === 6) byte = (byte & 0x0f) | 0x50
    if (at === 8) byte = (byte & 0x3f) | 0x80
    if (bytes[idAt + at] !== byte) return false
  }
  return true
}

type Place = { readonly to: Buffer; readonly at: number; readonly length: number }

/** Copies a few bytes: faster than a call into Node. */
export function copyFew(from: Buffer, start: number, { to, at, length }: Place): void {
  for (let index = 0; index < length; index++) to[at + index] = from[start + index] ?? 0
}

/** True when `wanted` stands in `bytes` at `at`. For few bytes faster than a call into Node. */
export function sameBytes(bytes: Buffer, at: number, wanted: Buffer): boolean {
  for (let index = 0; index < wanted.length; index++) {
    if (bytes[at + index] !== wanted[index]) return false
  }
  return true
}
