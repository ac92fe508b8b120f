/** Events as COPY writes them, for tests without a server. */
import type { StoredEvent } from '../../event-store/port.ts'

const HEADER = Buffer.from(
  'PGCOPY\n\u00ff\r\n\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000',
  'latin1',
)
const END = Buffer.from([0xff, 0xff])

export function copyRows(events: readonly StoredEvent[]): Buffer {
  return Buffer.concat([HEADER, ...events.map(copyRow), END])
}

export function copyRow(event: StoredEvent): Buffer {
  const fields = [
    int(8, event.position),
    int(8, BigInt(event.atMs)),
    int(4, BigInt(event.version)),
    int(4, BigInt(event.schema)),
    Buffer.from(event.id.replaceAll('-', ''), 'hex'),
    int(2, BigInt(event.partition)),
    Buffer.from([event.closes ? 1 : 0]),
    Buffer.from(event.stream),
    Buffer.from(event.type),
    event.hash,
    event.meta,
    event.data,
  ]
  const count = Buffer.from([0, fields.length])
  return Buffer.concat([count, ...fields.flatMap(field => [int(4, BigInt(field.length)), field])])
}

function int(bytes: 2 | 4 | 8, value: bigint): Buffer {
  const wide = Buffer.alloc(8)
  wide.writeBigInt64BE(value)
  return wide.subarray(8 - bytes)
}
