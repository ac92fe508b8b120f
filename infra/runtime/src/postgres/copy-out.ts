/**
 * Rows by `copy … to stdout (format binary)`: half the CPU of a normal query where rows carry
 * bytes, which the normal protocol of `pg` brings as hex text. No parameters, and planned each
 * time: for pages, not for single rows.
 */
import { createRequire } from 'node:module'
import type { Readable } from 'node:stream'
import { assert } from '@tongchou/contracts/decision.ts'
import type { Client, PoolClient, Submittable } from 'pg'

/** The package has no types of its own. */
type CopyStreams = { readonly to: (text: string) => Readable & Submittable }

const { to }: CopyStreams = createRequire(import.meta.url)('pg-copy-streams')

/** Where the fields of one row stand in `bytes`; a length of -1 is a null. */
export type CopyRow = {
  readonly bytes: Buffer
  readonly offsets: Int32Array
  readonly lengths: Int32Array
}

const SIGNATURE_BYTES = 19

/**
 * Calls `onRow` for each row of the query. The row is valid during the call only; slices of `bytes`
 * stay valid but keep a whole chunk in memory.
 */
export async function copyOut(
  client: Client | PoolClient,
  query: string,
  onRow: (row: CopyRow) => void,
): Promise<void> {
  const stream = copyStream(client, query)
  let rest: Buffer | null = null
  let started = false
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    let bytes: Buffer = rest === null ? chunk : Buffer.concat([rest, chunk])
    if (!started) {
      if (bytes.length < SIGNATURE_BYTES) {
        rest = bytes
        continue
      }
      started = true
      bytes = bytes.subarray(SIGNATURE_BYTES)
    }
    const used = readRows(bytes, onRow)
    rest = used === bytes.length ? null : bytes.subarray(used)
  }
  endTimer(stream)
  assert(rest === null, 'the copy ended within a row')
}

/** The bytes of the copy as they come. */
export function copyStream(client: Client | PoolClient, query: string): Readable & Submittable {
  return client.query(to(`copy (${query}) to stdout (format binary)`))
}

/** Reads whole rows; returns the number of bytes used. */
function readRows(bytes: Buffer, onRow: (row: CopyRow) => void): number {
  let at = 0
  let row: CopyRow | null = null
  while (at + 2 <= bytes.length) {
    const fields = bytes.readInt16BE(at)
    if (fields < 0) return at + 2
    if (row === null || row.offsets.length !== fields) {
      row = { bytes, offsets: new Int32Array(fields), lengths: new Int32Array(fields) }
    }
    const end = readFields(row, at + 2)
    if (end < 0) return at
    onRow(row)
    at = end
  }
  return at
}

/** Position behind the row, or -1 when it is not whole. */
function readFields({ bytes, offsets, lengths }: CopyRow, from: number): number {
  let at = from
  for (let field = 0; field < offsets.length; field++) {
    if (at + 4 > bytes.length) return -1
    const length = bytes.readInt32BE(at)
    at += 4
    offsets[field] = at
    lengths[field] = length
    if (length > 0) at += length
    if (at > bytes.length) return -1
  }
  return at
}

/**
 * `pg` starts a time-out for every query and ends it through `callback`, which copy streams never
 * call.
 */
function endTimer(stream: object): void {
  if ('callback' in stream && typeof stream.callback === 'function') stream.callback()
}
