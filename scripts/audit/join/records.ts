/**
 * What one store says that another must say too: key, digest of the content, place. Kept in one
 * block of bytes that threads hand over without a copy; 48 bytes each, so that tens of millions
 * fit.
 */
import { writeSha256 } from '@tongchou/contracts/hash.ts'

const KEY = 16
const DIGEST = 16
const RECORD = 48
const WORDS = RECORD / 4
const DIGEST_WORD = KEY / 4
/** Two words, the high one first; positions are exact as numbers. */
const POSITION_WORD = (KEY + DIGEST) / 4
const TAG_WORD = POSITION_WORD + 2
const TWO_32 = 2 ** 32
const START = 1024

export type JoinRecord = {
  /** 32 hex digits. */
  readonly key: string
  readonly position: bigint
  /** Whatever the join tells apart; 0 to 2^31 - 1. */
  readonly tag: number
}

export class Records {
  #bytes: Buffer = Buffer.alloc(RECORD * START)
  /** The same memory: keys and digests are compared by words. */
  #words = wordsOf(this.#bytes)
  #count = 0

  /** The records of several blocks, as `release` gave them. */
  static from(blocks: readonly { readonly bytes: Uint8Array<ArrayBuffer> }[]): Records {
    const records = new Records()
    const [first, ...others] = blocks
    if (first === undefined) return records
    const { buffer, byteOffset, length } = first.bytes
    records.#take(
      others.length === 0
        ? Buffer.from(buffer, byteOffset, length)
        : Buffer.concat(blocks.map(({ bytes }) => bytes)),
    )
    records.#count = records.#bytes.length / RECORD
    return records
  }

  #take(bytes: Buffer): void {
    this.#bytes = bytes
    this.#words = wordsOf(bytes)
  }

  get count(): number {
    return this.#count
  }

  /** `key`: a UUID, or any text that names what is said; `content`: what is said of it. */
  add(
    key: string,
    content: string | Buffer,
    place: { readonly position: bigint; readonly tag?: number },
  ): void {
    if ((this.#count + 1) * RECORD > this.#bytes.length) {
      this.#take(Buffer.concat([this.#bytes, Buffer.alloc(this.#bytes.length)]))
    }
    const at = this.#count * RECORD
    writeKey(this.#bytes, at, key)
    writeSha256(content, { target: this.#bytes, at: at + KEY, length: DIGEST })
    const position = Number(place.position)
    const word = this.#count * WORDS
    this.#words[word + POSITION_WORD] = Math.floor(position / TWO_32)
    this.#words[word + POSITION_WORD + 1] = (position % TWO_32) | 0
    this.#words[word + TAG_WORD] = place.tag ?? 0
    this.#count += 1
  }

  at(index: number): JoinRecord {
    const at = index * RECORD
    const word = index * WORDS + POSITION_WORD
    const high = (this.#words[word] ?? 0) * TWO_32
    return {
      key: this.#bytes.toString('hex', at, at + KEY),
      position: BigInt(high + ((this.#words[word + 1] ?? 0) >>> 0)),
      tag: this.tagAt(index),
    }
  }

  tagAt(index: number): number {
    return this.#words[index * WORDS + TAG_WORD] ?? 0
  }

  /** A number that is the same for equal keys. */
  keyHash(index: number): number {
    return this.#words[index * WORDS] ?? 0
  }

  sameKey(index: number, other: Records, otherIndex: number): boolean {
    return sameWords(this.#words, index * WORDS, other.#words, otherIndex * WORDS)
  }

  sameContent(index: number, other: Records, otherIndex: number): boolean {
    const a = index * WORDS + DIGEST_WORD
    return sameWords(this.#words, a, other.#words, otherIndex * WORDS + DIGEST_WORD)
  }

  /** The block to hand over; the records are gone afterwards. */
  release(): Uint8Array<ArrayBuffer> {
    const block = new Uint8Array(this.#count * RECORD)
    block.set(this.#bytes.subarray(0, this.#count * RECORD))
    this.#take(Buffer.alloc(0))
    this.#count = 0
    return block
  }
}

/** Memory of a block begins where a word may. */
function wordsOf({ buffer, byteOffset, length }: Buffer): Int32Array {
  return new Int32Array(buffer, byteOffset, length / 4)
}

/** Four words: a key or a digest. */
function sameWords(a: Int32Array, at: number, b: Int32Array, bAt: number): boolean {
  return (
    a[at] === b[bAt] &&
    a[at + 1] === b[bAt + 1] &&
    a[at + 2] === b[bAt + 2] &&
    a[at + 3] === b[bAt + 3]
  )
}

const UUID_TEXT = 36
const DASHES: ReadonlySet<number> = new Set([8, 13, 18, 23])
const NIBBLES = Int8Array.from({ length: 128 }, (_, code) =>
  '0123456789abcdef'.indexOf(String.fromCharCode(code)),
)

/** A lowercase UUID as its 16 bytes, any other text as the first 16 of its hash. */
function writeKey(bytes: Buffer, at: number, key: string): void {
  if (key.length === UUID_TEXT && writeUuid(bytes, at, key)) return
  writeSha256(key, { target: bytes, at, length: KEY })
}

function writeUuid(bytes: Buffer, start: number, text: string): boolean {
  let at = start
  for (let place = 0; place < UUID_TEXT; place += 2) {
    if (DASHES.has(place)) place += 1
    const high = NIBBLES[text.charCodeAt(place)] ?? -1
    const low = NIBBLES[text.charCodeAt(place + 1)] ?? -1
    if (high < 0 || low < 0) return false
    bytes[at] = high * 16 + low
    at += 1
  }
  return at === start + KEY
}
