/**
 * The rows of a view by key, numbered in the order in which their keys were met. A key is found as
 * text and as the bytes of a line, of which no text is made: half the time of a Map.
 */
import type { Row } from '@tongchou/runtime/view/port.ts'

const START_ROWS = 1024
/** No row has this number. */
export const NONE = -1

export class Rows {
  readonly #keys: string[] = []
  readonly #rows: (Row | undefined)[] = []
  #hashes = new Int32Array(START_ROWS)
  /** Open addressing: numbers of rows, `NONE` where there is room. */
  #slots = new Int32Array(START_ROWS * 2).fill(NONE)

  /** How many keys were met; a row may have gone again. */
  get count(): number {
    return this.#keys.length
  }

  row(number: number): Row | undefined {
    return this.#rows[number]
  }

  key(number: number): string {
    return this.#keys[number] ?? ''
  }

  change(key: string, apply: (row: Row | undefined) => Row | undefined): void {
    const hash = hashOf(key)
    const slot = this.#slotOf(key, hash)
    const known = this.#slots[slot] ?? NONE
    if (known !== NONE) {
      this.#rows[known] = apply(this.#rows[known])
      return
    }
    const row = apply(undefined)
    if (row === undefined) return
    const number = this.#keys.length
    this.#hashes[number] = hash
    this.#slots[slot] = number
    this.#keys.push(key)
    this.#rows.push(row)
    if (this.#keys.length === this.#hashes.length) this.#grow()
  }

  numberOf(key: string): number {
    return this.#slots[this.#slotOf(key, hashOf(key))] ?? NONE
  }

  /** Only for keys of ASCII; of others, and where two keys have one hash, it may be `NONE`. */
  numberOfBytes(bytes: Buffer, start: number, end: number): number {
    let hash = 0
    for (let at = start; at < end; at++) hash = (Math.imul(hash, FACTOR) + (bytes[at] ?? 0)) | 0
    const mask = this.#slots.length - 1
    for (let slot = spread(hash) & mask; ; slot = (slot + 1) & mask) {
      const number = this.#slots[slot] ?? NONE
      if (number === NONE || this.#hashes[number] === hash) return number
    }
  }

  /** Where the number of the key stands, or may be put. */
  #slotOf(key: string, hash: number): number {
    const mask = this.#slots.length - 1
    for (let slot = spread(hash) & mask; ; slot = (slot + 1) & mask) {
      const number = this.#slots[slot] ?? NONE
      if (number === NONE) return slot
      if (this.#hashes[number] === hash && this.#keys[number] === key) return slot
    }
  }

  #grow(): void {
    const hashes = new Int32Array(this.#hashes.length * 2)
    hashes.set(this.#hashes)
    const slots = new Int32Array(hashes.length * 2).fill(NONE)
    const mask = slots.length - 1
    for (let number = 0; number < this.#keys.length; number++) {
      let slot = spread(hashes[number] ?? 0) & mask
      while (slots[slot] !== NONE) slot = (slot + 1) & mask
      slots[slot] = number
    }
    this.#hashes = hashes
    this.#slots = slots
  }
}

const FACTOR = 31

function hashOf(key: string): number {
  let hash = 0
  for (let at = 0; at < key.length; at++) {
    hash = (Math.imul(hash, FACTOR) + key.charCodeAt(at)) | 0
  }
  return hash
}

/** Keys that count up have hashes that do: slots of their own, not one behind the other. */
function spread(hash: number): number {
  return Math.imul(hash, 0x9e3779b1) >>> 7
}
