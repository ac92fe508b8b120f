/** Law 7: each hash covers the previous hash and every column of the event, injectively encoded. */
import { sha256 } from '@tongchou/contracts/hash.ts'
import type { NewEvent, StreamHead, StreamName } from './port.ts'

export const EMPTY_HEAD: StreamHead = { version: 0, hash: Buffer.alloc(32) }

const HASH = 32
/** Time, version, schema, id, partition, closes, and the lengths of all ten fields. */
const FIXED = HASH + 8 + 4 + 4 + 16 + 2 + 1 + 10 * 4

let scratch = Buffer.allocUnsafe(64 * 1024)

/**
 * SHA-256 over: previous hash, time, version, schema, id, partition, closes, stream, type,
 * metadata, data. Each field is preceded by its length (4 bytes, big-endian), so no two events
 * share an encoding; numbers are big-endian. That is how PostgreSQL's COPY writes them: an audit
 * hashes a row without taking it apart.
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
  at = scratch.writeBigInt64BE(BigInt(event.atMs), lengthAt(at, 8))
  at = scratch.writeInt32BE(version, lengthAt(at, 4))
  at = scratch.writeInt32BE(event.schema, lengthAt(at, 4))
  at = lengthAt(at, 16)
  at += scratch.write(event.id.replaceAll('-', ''), at, 'hex')
  at = scratch.writeInt16BE(event.partition, lengthAt(at, 2))
  at = scratch.writeUInt8(event.closes ? 1 : 0, lengthAt(at, 1))
  at = writeText(stream, at)
  at = writeText(event.type, at)
  at = writeBytes(event.meta, at)
  at = writeBytes(event.data, at)
  return sha256(scratch.subarray(0, at))
}

function lengthAt(at: number, length: number): number {
  return scratch.writeUInt32BE(length, at)
}

function writeText(text: string, at: number): number {
  const length = scratch.write(text, at + 4, 'utf8')
  return lengthAt(at, length) + length
}

function writeBytes(bytes: Buffer, at: number): number {
  return lengthAt(at, bytes.length) + bytes.copy(scratch, at + 4)
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
