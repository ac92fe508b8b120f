/**
 * What one store says that another must say too: key, digest of the content, place. Kept in one block of bytes
 * that threads hand over without a copy; 48 bytes each, so that tens of millions fit.
 */
import { hash } from 'node:crypto'

const KEY = 16
const DIGEST = 16
const RECORD = 48
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
  #count = 0

  /** The records of several blocks, as `release` gave them. */
  static from(blocks: readonly { readonly bytes: Uint8Array }[]): Records {
    const records = new Records()
    records.#bytes = Buffer.concat(blocks.map(({ bytes }) => bytes))
    records.#count = records.#bytes.length / RECORD
    return records
  }

  get count(): number {
    return this.#count
  }

  /** `key`: a UUID, or any text that names what is said; `content`: what is said of it. */
  add(
    key: string,
    content: string,
    place: { readonly position: bigint; readonly tag?: number },
  ): void {
    if ((this.#count + 1) * RECORD > this.#bytes.length) {
      this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(this.#bytes.length)])
    }
    const at = this.#count * RECORD
    writeKey(this.#bytes, at, key)
    hash('sha256', content, 'buffer').copy(this.#bytes, at + KEY, 0, DIGEST)
    this.#bytes.writeBigInt64BE(place.position, at + 32)
    this.#bytes.writeInt32BE(place.tag ?? 0, at + 40)
    this.#count += 1
  }

  at(index: number): JoinRecord {
    const at = index * RECORD
    return {
      key: this.#bytes.toString('hex', at, at + KEY),
      position: this.#bytes.readBigInt64BE(at + 32),
      tag: this.tagAt(index),
    }
  }

  tagAt(index: number): number {
    return this.#bytes.readInt32BE(index * RECORD + 40)
  }

  /** A number that is the same for equal keys. */
  keyHash(index: number): number {
    return this.#bytes.readUInt32LE(index * RECORD)
  }

  sameKey(index: number, other: Records, otherIndex: number): boolean {
    const a = index * RECORD
    const b = otherIndex * RECORD
    return this.#bytes.compare(other.#bytes, b, b + KEY, a, a + KEY) === 0
  }

  sameContent(index: number, other: Records, otherIndex: number): boolean {
    const a = index * RECORD + KEY
    const b = otherIndex * RECORD + KEY
    return this.#bytes.compare(other.#bytes, b, b + DIGEST, a, a + DIGEST) === 0
  }

  /** The block to hand over; the records are gone afterwards. */
  release(): Uint8Array<ArrayBuffer> {
    const block = new Uint8Array(this.#count * RECORD)
    block.set(this.#bytes.subarray(0, this.#count * RECORD))
    this.#bytes = Buffer.alloc(0)
    this.#count = 0
    return block
  }
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-/

function writeKey(bytes: Buffer, at: number, key: string): void {
  if (key.length === 36 && UUID.test(key)) bytes.write(key.replaceAll('-', ''), at, 'hex')
  else hash('sha256', key, 'buffer').copy(bytes, at, 0, KEY)
}
