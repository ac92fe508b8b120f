/** Rows of the event table. Bytea comes as hex text: `pg` corrupts it in its binary mode. */
import type { EventType } from '@tongchou/contracts/events.generated.ts'
import type { Uuid } from '@tongchou/contracts/id.ts'
import type { StoredEvent } from '../port.ts'

export const EVENT_COLUMNS =
  'e.pos, e.at_ms, e.version, e.schema, e.id, e.partition, e.closes, e.stream, e.type, e.hash'

/** Columns of EVENT_COLUMNS as `pg` parses them, then meta and data; those are null when not wanted. */
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
