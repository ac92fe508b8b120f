/**
 * How far a journal stream is in each source. The last event alone tells it: older ones are never
 * needed.
 */
import type { JournalMark } from '@tongchou/contracts/events.generated.ts'
import type { Uuid } from '@tongchou/contracts/id.ts'
import type { JournalEvent } from './events.ts'

export type JournalState = { readonly marks: readonly JournalMark[] }

export const initialState: JournalState = { marks: [] }

export function evolve(_state: JournalState, event: JournalEvent): JournalState {
  return { marks: event.data.marks }
}

export type Source = { readonly topic: string; readonly incarnation: Uuid }

export function markOf({ marks }: JournalState, source: Source): JournalMark | undefined {
  return marks.find(
    ({ topic, incarnation }) => topic === source.topic && incarnation === source.incarnation,
  )
}

/**
 * True for a source message that this stream has not posted: it lies behind the mark, or was
 * parked.
 */
export function isNew(mark: JournalMark | undefined, position: bigint): boolean {
  return mark === undefined || position > mark.position || mark.parked.includes(position)
}
