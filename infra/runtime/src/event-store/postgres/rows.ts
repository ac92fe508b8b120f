/**
 * Rows of the event table. Bytea comes as hex text or by copy: `pg` corrupts it in its binary mode.
 */
import type { EventType } from '@tongchou/contracts/events.generated.ts'
import type { Uuid } from '@tongchou/contracts/id.ts'
import type { CopyRow } from '../../postgres/copy-out.ts'
import type { StoredEvent } from '../port.ts'

export const EVENT_COLUMNS =
  'e.pos, e.at_ms, e.version, e.schema, e.id, e.partition, e.closes, e.stream, e.type, e.hash'

/**
 * Columns of EVENT_COLUMNS as `pg` parses them, then meta and data; those are null when not wanted.
 */
export type EventRow = readonly [
  pos: string,
  atMs: string,
  version: number,
  schema: number,
  id: string,
  partition: number,
  closes: boolean,
  stream: string,
  type: string,
  hash: Buffer,
  meta: Buffer | null,
  data: Buffer | null,
]

const NONE = Buffer.alloc(0)

export function eventFrom(row: EventRow): StoredEvent {
  return {
    id: row[4] as Uuid,
    type: row[8] as EventType,
    schema: row[3],
    partition: row[5],
    atMs: Number(row[1]),
    closes: row[6],
    meta: row[10] ?? NONE,
    data: row[11] ?? NONE,
    position: BigInt(row[0]),
    stream: row[7],
    version: row[2],
    hash: row[9],
  }
}

/** The same columns from a binary copy. `meta` and `data` are slices of what was received. */
export function eventFromCopy({ bytes, offsets, lengths }: CopyRow): StoredEvent {
  const at = (field: number): number => offsets[field] ?? 0
  const slice = (field: number): Buffer =>
    bytes.subarray(at(field), at(field) + Math.max(0, lengths[field] ?? 0))
  const text = (field: number): string =>
    bytes.toString('utf8', at(field), at(field) + (lengths[field] ?? 0))
  return {
    id: uuidText(bytes, at(4)),
    type: text(8) as EventType,
    schema: bytes.readInt32BE(at(3)),
    partition: bytes.readInt16BE(at(5)),
    atMs: Number(bytes.readBigInt64BE(at(1))),
    closes: bytes[at(6)] === 1,
    meta: slice(10),
    data: slice(11),
    position: bytes.readBigInt64BE(at(0)),
    stream: text(7),
    version: bytes.readInt32BE(at(2)),
    hash: slice(9),
  }
}

export function uuidText(bytes: Buffer, at: number): Uuid {
  const hex = bytes.toString('hex', at, at + 16)
  const [low, mid] = [hex.slice(0, 8), `${hex.slice(8, 12)}-${hex.slice(12, 16)}`]
  return `${low}-${mid}-${hex.slice(16, 20)}-${hex.slice(20)}` as Uuid
}
