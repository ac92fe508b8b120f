/**
 * Every stream of a store as its newest event left it: version, hash, command. One record of bytes
 * and the name for each, no objects: stores of tens of millions of streams fit into memory, and the
 * garbage collector has nothing to look at.
 */
import type { EventRow } from '@tongchou/runtime/audit/snapshot/event-rows.ts'
import { murmur2 } from '@tongchou/runtime/message-log/partition.ts'
import { chainHash, copyFew, hasHash, sameBytes } from './hashes.ts'

const HASH = 32
const ID = 16
/** Hash, id of the last command, then whole numbers of 4 bytes each. */
const RECORD = { command: HASH, version: 48, made: 52, closed: 56, bytes: 64 } as const
const START_STREAMS = 4096

/** What may stand before the next event where the last one was damaged. */
type Doubt = { readonly version: number; readonly hash: Buffer }

export class Streams {
  readonly #names = new Names()
  readonly #doubts = new Map<number, Doubt>()
  #records: Buffer = Buffer.alloc(RECORD.bytes * START_STREAMS)
  /** Of the event that was followed last: number of its stream, and where its record begins. */
  #stream = 0
  #at = 0

  /** Takes the event as the newest of its stream; says what is wrong with its place there. */
  follow(row: EventRow): string | null {
    const { bytes, streamAt, typeAt, hashAt, version } = row
    this.#stream = this.#names.numberOf(bytes, streamAt, typeAt - 4)
    this.#at = this.#stream * RECORD.bytes
    if (this.#at === this.#records.length) this.#grow()
    const records = this.#records
    const at = this.#at
    const computed = chainHash(row, records, at)
    const fault = this.#faultOf(row, version, computed)
    if (fault !== null || this.#doubts.size > 0) this.#doubt(fault, computed)
    records.writeInt32LE(version, at + RECORD.version)
    records[at + RECORD.closed] = row.closes ? 1 : 0
    copyFew(bytes, hashAt, { to: records, at, length: HASH })
    return fault
  }

  /**
   * Notes the command that made the event followed last; returns how many events in a row of its
   * stream it had made before: the index that the event id is made of.
   */
  indexUnder(commandId: Buffer): number {
    const records = this.#records
    const made = records.readInt32LE(this.#at + RECORD.made)
    const at = this.#at + RECORD.command
    const index = made > 0 && sameBytes(records, at, commandId) ? made : 0
    if (index === 0) copyFew(commandId, 0, { to: records, at, length: ID })
    records.writeInt32LE(index + 1, this.#at + RECORD.made)
    return index
  }

  #faultOf(row: EventRow, version: number, computed: string): string | null {
    const before = this.#version()
    const doubt = this.#doubts.get(this.#stream)
    if (version !== before + 1 && version !== (doubt?.version ?? -1) + 1) {
      return before === 0
        ? `the stream begins with version ${version}`
        : `version ${version} follows version ${before}`
    }
    if (this.#records[this.#at + RECORD.closed] === 1) return 'the stream was closed before'
    if (hasHash(row, computed)) return null
    if (doubt !== undefined && hasHash(row, chainHash(row, doubt.hash, 0))) return null
    return 'the hash does not follow from the event and the hash before it'
  }

  /** The next event may follow what stands in the row, or what should stand there. */
  #doubt(fault: string | null, computed: string): void {
    if (fault === null) this.#doubts.delete(this.#stream)
    else {
      const hash = Buffer.from(computed, 'latin1')
      this.#doubts.set(this.#stream, { version: this.#version() + 1, hash })
    }
  }

  #version(): number {
    return this.#records.readInt32LE(this.#at + RECORD.version)
  }

  #grow(): void {
    this.#records = Buffer.concat([this.#records, Buffer.alloc(this.#records.length)])
  }
}

/** Numbers names in the order in which they are met, by open addressing over their bytes. */
class Names {
  #slots = new Int32Array(START_STREAMS * 2).fill(-1)
  #hashes = new Int32Array(START_STREAMS)
  /** Where each name ends: it begins where the one before it ends. */
  #ends = new Float64Array(START_STREAMS)
  #bytes: Buffer = Buffer.alloc(START_STREAMS * 64)
  #count = 0

  /** The number of the name that stands from `start` up to `end`; a new one's is the next. */
  numberOf(bytes: Buffer, start: number, end: number): number {
    const hash = murmur2(bytes, start, end) | 0
    const mask = this.#slots.length - 1
    let slot = hash & mask
    for (;;) {
      const known = this.#slots[slot] ?? -1
      if (known === -1) break
      if (this.#hashes[known] === hash && this.#is(known, bytes, start, end)) return known
      slot = (slot + 1) & mask
    }
    this.#slots[slot] = this.#count
    return this.#add(hash, bytes, start, end)
  }

  #is(number: number, bytes: Buffer, start: number, end: number): boolean {
    let at = this.#begin(number)
    if ((this.#ends[number] ?? 0) - at !== end - start) return false
    for (let from = start; from < end; from++) {
      if (bytes[from] !== this.#bytes[at]) return false
      at += 1
    }
    return true
  }

  #begin(number: number): number {
    return number === 0 ? 0 : (this.#ends[number - 1] ?? 0)
  }

  #add(hash: number, bytes: Buffer, start: number, end: number): number {
    const number = this.#count
    const from = this.#begin(number)
    while (from + end - start > this.#bytes.length) {
      this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(this.#bytes.length)])
    }
    this.#hashes[number] = hash
    this.#ends[number] = from + bytes.copy(this.#bytes, from, start, end)
    this.#count += 1
    if (this.#count === this.#ends.length) this.#grow()
    return number
  }

  #grow(): void {
    const size = this.#count * 2
    const hashes = new Int32Array(size)
    hashes.set(this.#hashes)
    const ends = new Float64Array(size)
    ends.set(this.#ends)
    const slots = new Int32Array(size * 2).fill(-1)
    for (let number = 0; number < this.#count; number++) {
      let slot = (hashes[number] ?? 0) & (slots.length - 1)
      while (slots[slot] !== -1) slot = (slot + 1) & (slots.length - 1)
      slots[slot] = number
    }
    this.#hashes = hashes
    this.#ends = ends
    this.#slots = slots
  }
}
