/**
 * A batch of source messages becomes at most one JournalPosted of the stream; what it has had is
 * dropped (law 3).
 */
import type { Decision } from '@tongchou/contracts/decision.ts'
import { accept, assert } from '@tongchou/contracts/decision.ts'
import type { JournalMark } from '@tongchou/contracts/events.generated.ts'
import type { JournalCommand } from './commands.ts'
import type { JournalEvent } from './events.ts'
import type { Packed } from './pack.ts'
import { pack } from './pack.ts'
import type { JournalState } from './state.ts'
import { evolve, initialState, isNew, markOf } from './state.ts'

/** Nothing is refused: a message that contradicts itself is parked before it becomes a posting. */
export type JournalDecision = Extract<Decision<JournalEvent, never>, { readonly accepted: true }>

export function decide({ data }: JournalCommand, state: JournalState): JournalDecision {
  const { partition, month, topic, incarnation } = data
  const mark = markOf(state, data)
  const open = mark?.parked ?? []
  const postings = data.postings.filter(({ position }) => isNew(mark, position))
  const parked = data.parked.filter(position => isNew(mark, position) && !open.includes(position))
  const entries = postings.flatMap(({ entry }) => (entry === null ? [] : [entry]))
  const posted = postings.map(({ position }) => position)
  const left = open.filter(position => !posted.includes(position))
  if (entries.length === 0 && parked.length === 0 && left.length === open.length) return accept()
  const { from, to } = extentOf([...posted, ...parked])
  const moved: JournalMark = {
    topic,
    incarnation,
    position: mark !== undefined && mark.position > to ? mark.position : to,
    parked: [...left, ...parked],
  }
  return accept({
    type: 'JournalPosted',
    data: {
      partition,
      month,
      topic,
      incarnation,
      fromPosition: from,
      toPosition: to,
      ...balanced(pack(entries)),
      marks: [...state.marks.filter(other => other !== mark), moved],
    },
  })
}

/** A bug in the posting rules stops here, not in the books. */
function balanced(packed: Packed): Packed {
  let credits = 0n
  for (const { creditFen } of packed.accounts) credits += creditFen
  assert(credits === packed.debitFen, 'debits equal credits')
  return packed
}

/** First and last of some positions. */
function extentOf(positions: readonly bigint[]): { from: bigint; to: bigint } {
  const [first = 0n] = positions
  const extent = { from: first, to: first }
  for (const position of positions) {
    if (position < extent.from) extent.from = position
    if (position > extent.to) extent.to = position
  }
  return extent
}

/** Streams `journal-<partition>-<month>`; months end by themselves, late facts may still come. */
export const journal = {
  category: 'journal',
  initialState,
  decide,
  evolve,
  keyOf: (event: JournalEvent) => String(event.data.partition),
  lastTells: true,
} as const
