/**
 * Do the books equal what the sources say? Fed with all journal events and all source events, in
 * any order; an entry and its source event meet by id and must be the same to the byte. For the
 * audit.
 */
import type { JournalPosted } from '@tongchou/contracts/events.generated.ts'
import type { Uuid } from '@tongchou/contracts/id.ts'
import type { BookedEvent, Entry, SourceEvent } from '../journal/entries.ts'
import { entriesOf } from '../journal/entries.ts'
import { faultsOf, unpack } from '../journal/pack.ts'

export type Comparison = {
  readonly equal: boolean
  /** Source events that moved money and their entries, met. */
  readonly matched: number
  readonly faults: readonly ComparisonFault[]
}

/** `booked-without-source` is also a second booking of what had met already. */
export type ComparisonFault = {
  readonly kind: 'not-booked' | 'booked-without-source' | 'booked-twice' | 'differs' | 'unsound'
  readonly sourceEventId: Uuid | null
  readonly detail: string
}

/**
 * Memory is what has not met yet: feed both sides in step, a stretch of each, and it stays small.
 */
export class BooksComparison {
  readonly #sources = new Map<Uuid, string>()
  readonly #booked = new Map<Uuid, string>()
  readonly #faults: ComparisonFault[] = []
  #matched = 0

  /** Any event of contributions or clearing; those that move no money are passed over. */
  source(event: SourceEvent | BookedEvent): void {
    for (const entry of sourceEntries(event, this.#faults)) {
      this.#meet(entry, this.#sources, this.#booked)
    }
  }

  journal(posted: JournalPosted): void {
    for (const detail of faultsOf(posted)) {
      this.#faults.push({ kind: 'unsound', sourceEventId: null, detail })
    }
    for (const entry of unpack(posted)) this.#meet(entry, this.#booked, this.#sources)
  }

  #meet(entry: Entry, own: Map<Uuid, string>, others: Map<Uuid, string>): void {
    const id = entry.sourceEventId
    const text = textOf(entry)
    const other = others.get(id)
    if (other !== undefined) {
      others.delete(id)
      this.#matched += 1
      if (other !== text) this.#fault('differs', id, `${text} and ${other}`)
      return
    }
    if (own === this.#booked && own.has(id)) {
      this.#fault('booked-twice', id, text)
      return
    }
    own.set(id, text)
  }

  #fault(kind: ComparisonFault['kind'], sourceEventId: Uuid, detail: string): void {
    this.#faults.push({ kind, sourceEventId, detail })
  }

  /** When both sides are fed to their ends: what is left on either has no partner. */
  result(): Comparison {
    const faults = [
      ...this.#faults,
      ...[...this.#sources].map(([id, detail]) => leftOver('not-booked', id, detail)),
      ...[...this.#booked].map(([id, detail]) => leftOver('booked-without-source', id, detail)),
    ]
    return { equal: faults.length === 0, matched: this.#matched, faults }
  }
}

function leftOver(
  kind: ComparisonFault['kind'],
  sourceEventId: Uuid,
  detail: string,
): ComparisonFault {
  return { kind, sourceEventId, detail }
}

/**
 * Both sides at once. Sources: every event of contributions and clearing, or of those to be
 * compared.
 */
export function compareBooks(
  journal: Iterable<JournalPosted>,
  sources: Iterable<SourceEvent | BookedEvent>,
): Comparison {
  const comparison = new BooksComparison()
  for (const event of sources) comparison.source(event)
  for (const posted of journal) comparison.journal(posted)
  return comparison.result()
}

/**
 * A source event that contradicts itself is a fault of its own: nothing may have been booked for
 * it.
 */
function sourceEntries(
  event: SourceEvent | BookedEvent,
  faults: ComparisonFault[],
): readonly Entry[] {
  try {
    return entriesOf(event)
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause)
    faults.push({ kind: 'unsound', sourceEventId: event.id, detail })
    return []
  }
}

/** The entry in one text: equal exactly when everything in it is. */
function textOf({ kind, sourcePosition, claimId, lines }: Entry): string {
  const parts = lines.map(
    ({ entity, account, counterparty, amountFen }) =>
      `${entity} ${account} ${counterparty ?? '-'} ${amountFen}`,
  )
  return `${kind} ${sourcePosition} ${claimId ?? '-'}: ${parts.join('; ')}`
}
