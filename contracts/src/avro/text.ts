/**
 * Avro `string`. Codes, kinds and dates come again and again: a short one that was read before is
 * the same text as then, without a call into Node and without new memory.
 */
import avsc from 'avsc'

/** What avsc's string type does with its cursor over the bytes; not in its typings. */
type Tap = { pos: number; readonly buf: Buffer; readLong(): number; readString(): string }
type StringType = avsc.Type & { _read(tap: Tap): string }

const plain = avsc.Type.forSchema('string') as StringType

/** Longer ones are ids and names, which seldom come again. */
const SHORT = 16
/** Places for texts that were read; a newer one takes the place of the one before. */
const PLACES = 4096
const read: string[] = new Array<string>(PLACES).fill('')

function readText(tap: Tap): string {
  const { pos, buf } = tap
  const doubled = buf[pos] ?? 0
  const length = doubled >> 1
  const start = pos + 1
  const end = start + length
  // A length of one byte, not negative, within the bytes: all else avsc reads and refuses itself.
  if (length > SHORT || (doubled & 0x81) !== 0 || end > buf.length) return plain._read(tap)
  let hash = length
  for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (buf[at] ?? 0)) | 0
  const place = (hash ^ (hash >>> 12)) & (PLACES - 1)
  const known = read[place] ?? ''
  if (isThat(known, buf, start, length)) {
    tap.pos = end
    return known
  }
  const text = plain._read(tap)
  read[place] = text
  return text
}

function isThat(text: string, bytes: Buffer, start: number, length: number): boolean {
  if (text.length !== length) return false
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at)
    if (code > 0x7f || code !== bytes[start + at]) return false
  }
  return true
}

/** avsc freezes its types: this one stands on it and answers first. */
export const sameText: avsc.Type = Object.create(plain, { _read: { value: readText } })
