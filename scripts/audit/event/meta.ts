/** Command and key out of encoded metadata, without the texts that an audit does not need. */
import { encodeMeta } from '@tongchou/contracts/avro/codec.ts'
import { newUuid } from '@tongchou/contracts/id.ts'
import { sameBytes } from './hashes.ts'

const HEADER_BYTES = 10
const UUID_TEXT = 36

export type MetaPlaces = {
  /** The 16 bytes of the command's id. */
  readonly commandId: Buffer
  keyAt: number
  keyEnd: number
}

/** Header of the one schema that metadata was ever written with. */
const HEADER = encodeMeta({
  commandId: newUuid(),
  correlationId: newUuid(),
  causationId: null,
  actor: '',
  key: '',
  traceparent: null,
}).subarray(0, HEADER_BYTES)

const places: MetaPlaces = { commandId: Buffer.alloc(16), keyAt: 0, keyEnd: 0 }

/**
 * Null when the bytes are not whole metadata of that schema: then the codec has the word. The
 * places are valid until the next call.
 */
export function placesIn(bytes: Buffer, from: number, end: number): MetaPlaces | null {
  if (end - from < HEADER_BYTES) return null
  if (!sameBytes(bytes, from, HEADER)) return null
  let at = from + HEADER_BYTES
  if (bytes[at] !== UUID_TEXT * 2 || !readUuid(bytes, at + 1)) return null
  at = behindText(bytes, at)
  at = behindText(bytes, at)
  at = behindOptional(bytes, at)
  at = behindText(bytes, at)
  places.keyEnd = behindText(bytes, at)
  places.keyAt = textAt
  return behindOptional(bytes, places.keyEnd) === end ? places : null
}

/** Where the text begins that `behindText` passed last. */
let textAt = 0

/** An Avro string: its length as a zigzag varint, then its bytes. */
function behindText(bytes: Buffer, from: number): number {
  let at = from
  let length = 0
  for (let shift = 1; ; shift *= 128) {
    const byte = bytes[at] ?? 0
    at += 1
    length += (byte & 0x7f) * shift
    if (byte < 0x80) break
    if (shift > 2 ** 28) return Number.NaN
  }
  textAt = at
  return at + length / 2
}

/** A union of null and string: 0 for null, 1 (zigzag 2) for a string. */
function behindOptional(bytes: Buffer, at: number): number {
  return bytes[at] === 0 ? at + 1 : behindText(bytes, at + 1)
}

const NIBBLES = Int8Array.from({ length: 256 }, (_, code) => {
  const digit = '0123456789abcdef'.indexOf(String.fromCharCode(code))
  return digit
})

/** A lowercase UUID as text into `places.commandId`. */
function readUuid(bytes: Buffer, from: number): boolean {
  const { commandId } = places
  let at = from
  for (let byte = 0; byte < 16; byte++) {
    if (byte === 4 || byte === 6 || byte === 8 || byte === 10) {
      if (bytes[at] !== 0x2d) return false
      at += 1
    }
    const high = NIBBLES[bytes[at] ?? 0] ?? -1
    const low = NIBBLES[bytes[at + 1] ?? 0] ?? -1
    if (high < 0 || low < 0) return false
    commandId[byte] = high * 16 + low
    at += 2
  }
  return true
}
