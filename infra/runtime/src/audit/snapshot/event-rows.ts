/**
 * Events as PostgreSQL's COPY writes them in binary: what a snapshot reads and what an export
 * holds. Field by field a length (4 bytes, big-endian) and the bytes, in the order of EVENT_ROW.
 * @source PostgreSQL 18 manual, COPY
 */
import type { EventType } from '@tongchou/contracts/events.generated.ts'
import type { Uuid } from '@tongchou/contracts/id.ts'
import type { StoredEvent } from '../../event-store/port.ts'
import { uuidText } from '../../event-store/postgres/rows.ts'

/** Columns of a row, in order: those of one width first. */
export const EVENT_ROW =
  'pos, at_ms, version, schema, id, partition, closes, stream, type, hash, meta, data'

const FIELDS = 12
const NOTHING = Buffer.alloc(0)
const SIGNATURE = Buffer.from('PGCOPY\n\u00ff\r\n\u0000', 'latin1')
const HEADER_BYTES = SIGNATURE.length + 8
const WIDTHS: readonly number[] = [8, 8, 4, 4, 16, 2, 1]
/** Where the fields of one width stand in a row, behind their lengths. */
const AT = { pos: 6, atMs: 18, version: 30, schema: 38, id: 46, partition: 66, closes: 72 } as const
const STREAM_LENGTH_AT = 73

/** The bytes are not those that COPY writes. */
export class BadRows extends Error {
  override readonly name = 'BadRows'
}

/** A stored event over the bytes of its row: what is not asked for is not made. */
export class EventRow implements StoredEvent {
  readonly bytes: Buffer
  /** Where the row begins. */
  readonly start: number
  readonly streamAt: number
  readonly typeAt: number
  readonly hashAt: number
  readonly metaAt: number
  readonly dataAt: number
  /** Behind the last byte. */
  readonly end: number

  constructor(bytes: Buffer, start: number, ends: Int32Array) {
    this.bytes = bytes
    this.start = start
    this.streamAt = start + STREAM_LENGTH_AT + 4
    this.typeAt = (ends[0] ?? 0) + 4
    this.hashAt = (ends[1] ?? 0) + 4
    this.metaAt = (ends[2] ?? 0) + 4
    this.dataAt = (ends[3] ?? 0) + 4
    this.end = ends[4] ?? 0
  }

  get position(): bigint {
    return this.bytes.readBigInt64BE(this.start + AT.pos)
  }
  get atMs(): number {
    return Number(this.bytes.readBigInt64BE(this.start + AT.atMs))
  }
  get version(): number {
    return this.bytes.readInt32BE(this.start + AT.version)
  }
  get schema(): number {
    return this.bytes.readInt32BE(this.start + AT.schema)
  }
  get id(): Uuid {
    return uuidText(this.bytes, this.start + AT.id)
  }
  /** Where the 16 bytes of the id stand. */
  get idAt(): number {
    return this.start + AT.id
  }
  get partition(): number {
    return this.bytes.readInt16BE(this.start + AT.partition)
  }
  get closes(): boolean {
    return this.bytes[this.start + AT.closes] === 1
  }
  get stream(): string {
    return this.bytes.toString('utf8', this.streamAt, this.typeAt - 4)
  }
  get type(): EventType {
    return this.bytes.toString('utf8', this.typeAt, this.hashAt - 4) as EventType
  }
  get hash(): Buffer {
    return this.bytes.subarray(this.hashAt, this.metaAt - 4)
  }
  get meta(): Buffer {
    return this.bytes.subarray(this.metaAt, this.dataAt - 4)
  }
  get data(): Buffer {
    return this.bytes.subarray(this.dataAt, this.end)
  }
}

/**
 * Chunks in, events out. An event is over the bytes of its chunk, and valid for as long as they
 * are: for the time of the call, unless who gives the chunks says more.
 */
export class EventRows {
  readonly #onEvent: (event: EventRow) => void
  #rest: Buffer = NOTHING
  #state: 'header' | 'rows' | 'end' = 'header'
  readonly #ends = new Int32Array(FIELDS - WIDTHS.length)

  constructor(onEvent: (event: EventRow) => void) {
    this.#onEvent = onEvent
  }

  /** Tells the events that are complete with this chunk. Throws BadRows. */
  push(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    let at = this.#state === 'header' ? this.#header(bytes) : 0
    while (this.#state === 'rows') {
      const end = this.#row(bytes, at)
      if (end === at) break
      if (this.#state === 'rows') this.#onEvent(new EventRow(bytes, at, this.#ends))
      at = end
    }
    this.#rest = at === bytes.length ? NOTHING : Buffer.from(bytes.subarray(at))
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
    if (bytes.readUInt32BE(SIGNATURE.length + 4) !== 0) throw new BadRows('unknown extension')
    this.#state = 'rows'
    return HEADER_BYTES
  }

  /**
   * Finds the fields of the row at `start`; returns its end, or `start` when it is not complete.
   */
  #row(bytes: Buffer, start: number): number {
    let at = start + 2
    if (at > bytes.length) return start
    const count = bytes.readInt16BE(start)
    if (count === -1) {
      this.#state = 'end'
      return at
    }
    if (count !== FIELDS) throw new BadRows(`a row of ${count} fields`)
    if (start + STREAM_LENGTH_AT > bytes.length) return start
    for (const width of WIDTHS) {
      if (bytes.readInt32BE(at) !== width) throw new BadRows('a field of another width')
      at += 4 + width
    }
    for (let field = 0; field < this.#ends.length; field++) {
      if (at + 4 > bytes.length) return start
      const length = bytes.readInt32BE(at)
      if (length < 0) throw new BadRows('a field without a value')
      at += 4 + length
      if (at > bytes.length) return start
      this.#ends[field] = at
    }
    return at
  }
}
