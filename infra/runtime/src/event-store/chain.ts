/** Law 7: each hash covers the previous hash and every column of the event, injectively encoded. */
import { hash } from 'node:crypto'
import type { NewEvent, StreamHead, StreamName } from './port.ts'

export const EMPTY_HEAD: StreamHead = { version: 0, hash: Buffer.alloc(32) }

const FIXED = 32 + 4 + 8 + 4 + 4 + 16 + 8 + 4 + 1 + 4 + 4

let scratch = Buffer.allocUnsafe(64 * 1024)

/**
 * SHA-256 over: previous hash, stream, version, type, schema, id, time, partition, closes,
 * metadata, data; every text and byte string is preceded by its length, so no two events share an
 * encoding.
 */
export function eventHash(
  previous: Buffer,
  stream: StreamName,
  version: number,
  event: NewEvent,
): Buffer {
  const size = FIXED + stream.length * 3 + event.type.length + event.meta.length + event.data.length
  if (scratch.length < size) scratch = Buffer.allocUnsafe(size * 2)
  let at = previous.copy(scratch, 0)
  at = writeText(stream, at)
  at = scratch.writeBigUInt64BE(BigInt(version), at)
  at = writeText(event.type, at)
  at = scratch.writeUInt32BE(event.schema, at)
  at += scratch.write(event.id.replaceAll('-', ''), at, 'hex')
  at = scratch.writeBigInt64BE(BigInt(event.atMs), at)
  at = scratch.writeUInt32BE(event.partition, at)
  at = scratch.writeUInt8(event.closes ? 1 : 0, at)
  at = writeBytes(event.meta, at)
  at = writeBytes(event.data, at)
  return hash('sha256', scratch.subarray(0, at), 'buffer')
}

function writeText(text: string, at: number): number {
  const length = scratch.write(text, at + 4, 'utf8')
  scratch.writeUInt32BE(length, at)
  return at + 4 + length
}

function writeBytes(bytes: Buffer, at: number): number {
  scratch.writeUInt32BE(bytes.length, at)
  bytes.copy(scratch, at + 4)
  return at + 4 + bytes.length
}

/** Hashes of events that stand right behind `head`, in order. */
export function chain(
  head: StreamHead,
  stream: StreamName,
  events: readonly NewEvent[],
): readonly Buffer[] {
  let previous = head.hash
  return events.map((event, index) => {
    previous = eventHash(previous, stream, head.version + index + 1, event)
    return previous
  })
}
