import type { Readable } from 'node:stream'
import { type EventRow, EventRows } from '@tongchou/runtime/audit/event-rows.ts'

/** Events out of a stream of COPY rows, as many at a time as a chunk holds. Throws BadRows. */
export async function* eventsOf(stream: Readable): AsyncGenerator<readonly EventRow[]> {
  const rows = new EventRows()
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    const events = rows.push(chunk)
    if (events.length > 0) yield events
  }
  rows.finish()
}
