/**
 * An event as views and folds see it, over the bytes of its row: only type and data are made at
 * once.
 */
import { type DecodedEvent, decodeMeta } from '@tongchou/contracts/avro/codec.ts'
import type { EventMeta, EventType } from '@tongchou/contracts/events.generated.ts'
import type { Uuid } from '@tongchou/contracts/id.ts'
import { type Instant, instantFromMs } from '@tongchou/contracts/time.ts'
import type { EventRow } from '@tongchou/runtime/audit/snapshot/event-rows.ts'
import type { Recorded } from '@tongchou/runtime/service/recorded.ts'

/** The row with its data, which the caller has decoded. */
export function recordedOver(row: EventRow, decoded: DecodedEvent, position: bigint): Recorded {
  return new RecordedRow(row, decoded, position) as unknown as Recorded
}

class RecordedRow {
  readonly type: EventType
  readonly data: DecodedEvent['data']
  readonly position: bigint
  readonly #row: EventRow

  constructor(row: EventRow, { type, data }: DecodedEvent, position: bigint) {
    this.#row = row
    this.type = type
    this.data = data
    this.position = position
  }

  get stream(): string {
    return this.#row.stream
  }
  get version(): number {
    return this.#row.version
  }
  get id(): Uuid {
    return this.#row.id
  }
  get at(): Instant {
    return instantFromMs(this.#row.atMs)
  }
  get partition(): number {
    return this.#row.partition
  }
  get hash(): Buffer {
    return this.#row.hash
  }
  readonly meta = (): EventMeta => decodeMeta(this.#row.meta)
}
