/**
 * A history as the journal holds it: batches of source events posted, at positions and instants.
 */
import { NAMESPACE, uuidFrom } from '@tongchou/contracts/id.ts'
import { type Instant, instantFromMs } from '@tongchou/contracts/time.ts'
import type { Booked } from '../balance/books.ts'
import type { PostJournal } from '../journal/commands.ts'
import { decide } from '../journal/decide.ts'
import { type BookedEvent, entriesOf } from '../journal/entries.ts'
import { initialState } from '../journal/state.ts'

export const STORE = uuidFrom(NAMESPACE.command, 'source store')
const START_MS = Date.parse('2025-01-31T12:00:00.000Z')

export type Batching = {
  /** Events in each batch, in turn. */
  readonly sizes: readonly number[]
  /** Minutes from one booking to the next, in turn; below 0 where a clock went back. */
  readonly minutes: readonly number[]
}

export function bookedFrom(events: readonly BookedEvent[], batching: Batching): readonly Booked[] {
  const booked: Booked[] = []
  let ms = START_MS
  for (let from = 0, turn = 0; from < events.length; turn++) {
    const size = batching.sizes[turn % batching.sizes.length] ?? 1
    const batch = events.slice(from, from + size)
    from += size
    ms += (batching.minutes[turn % batching.minutes.length] ?? 1) * 60_000
    const at = instantFromMs(ms)
    const data = decide(posted(batch, at), initialState).events[0]?.data
    if (data !== undefined) booked.push({ position: BigInt(booked.length * 2 + 1), at, data })
  }
  return booked
}

/** The command that books some events as one batch of one partition. */
export function posted(batch: readonly BookedEvent[], now: Instant, partition = 0): PostJournal {
  const name = `${now} ${batch.map(({ position }) => position).join()}`
  const commandId = uuidFrom(NAMESPACE.command, name)
  return {
    type: 'PostJournal',
    data: {
      ...{ partition, month: '2025-01', topic: 'clearing.claim.v1', incarnation: STORE },
      postings: batch.map(event => ({
        position: event.position,
        entry: entriesOf(event)[0] ?? null,
      })),
      parked: [],
    },
    meta: { commandId, correlationId: commandId, causationId: null, actor: 'service:funds', now },
  }
}
