/**
 * Events as PostgreSQL's COPY writes them in binary: what a snapshot reads and what an export holds. Field by field
 * a length (4 bytes, big-endian) and the bytes, in the order of EVENT_ROW. @source PostgreSQL 18 manual, COPY
 */
import type { StoredEvent } from '../event-store/port.ts'
import { eventFromCopy } from '../event-store/postgres/rows.ts'

/** Columns of a row, in order. */
export const EVENT_ROW =
  'pos, at_ms, version, schema, id, partition, closes, stream, type, hash, meta, data'

const FIELDS = 12
const SIGNATURE = Buffer.from('PGCOPY\n\u00ff\r\n\u0000', 'latin1')
const HEADER_BYTES = SIGNATURE.length + 8
const WIDTHS: readonly (number | null)[] = [8, 8, 4, 4, 16, 2, 1, null, null, null, null, null]

/** The bytes are not those that COPY writes. */
export class BadRows extends Error {
  override readonly name = 'BadRows'
}

/** Chunks in, events out; the events share memory with the chunks. */
export class EventRows {
  #rest: Buffer = Buffer.alloc(0)
  #state: 'header' | 'rows' | 'end' = 'header'
  readonly #offsets = new Int32Array(FIELDS)
  readonly #lengths = new Int32Array(FIELDS)

  /** Events that are complete with this chunk. Throws BadRows. */
  push(chunk: Buffer): StoredEvent[] {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    let at = this.#state === 'header' ? this.#header(bytes) : 0
    const events: StoredEvent[] = []
    while (this.#state === 'rows') {
      const end = this.#row(bytes, at)
      if (end === at) break
      if (this.#state === 'rows') {
        events.push(eventFromCopy({ bytes, offsets: this.#offsets, lengths: this.#lengths }))
      }
      at = end
    }
    this.#rest = bytes.subarray(at)
    return events
  }

  /** Throws BadRows when the stream broke off or goes on behind its end. */
  finish(): void {
    if (this.#state !== 'end') throw new BadRows('the rows break off')
    if (this.#rest.length > 0) throw new BadRows('there is more behind the last row')
  }

  #header(bytes: Buffer): number {
    if (bytes.length < HEADER_BYTES) return 0
    const known = bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE)
    if (!known || bytes.readUInt32BE(SIGNATURE.length) !== 0) throw new BadRows('not rows of COPY')
    if (bytes.readUInt32BE(SIGNATURE.length + 4) !== 0)
      throw new BadRows('unknown header extension')
    this.#state = 'rows'
    return HEADER_BYTES
  }

  /** Finds the fields of the row at `start`; returns where it ends, or `start` when it is not complete. */
  #row(bytes: Buffer, start: number): number {
    let at = start + 2
    if (at > bytes.length) return start
    const count = bytes.readInt16BE(start)
    if (count === -1) {
      this.#state = 'end'
      return at
    }
    if (count !== FIELDS) throw new BadRows(`a row of ${count} fields`)
    for (let field = 0; field < FIELDS; field++) {
      if (at + 4 > bytes.length) return start
      const length = bytes.readInt32BE(at)
      const width = WIDTHS[field] ?? length
      if (length < 0 || length !== width) throw new BadRows(`field ${field} of ${length} bytes`)
      at += 4
      this.#offsets[field] = at
      this.#lengths[field] = length
      at += length
      if (at > bytes.length) return start
    }
    return at
  }
}
