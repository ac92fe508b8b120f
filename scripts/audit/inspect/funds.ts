/**
 * Funds: every entry balanced, every entry for the join with its source, struck balances folded
 * again.
 */
import type {
  BalancesStruck,
  JournalPosted,
  PackedEntry,
} from '@tongchou/contracts/events.generated.ts'
import { type Booked, Books } from '@tongchou/funds/balance/books.ts'
import { differences } from '@tongchou/funds/check/check.ts'
import { faultsOf, unpack } from '@tongchou/funds/journal/pack.ts'
import type { Recorded } from '@tongchou/runtime/service/recorded.ts'
import { NOWHERE, type Tally } from '../checks.ts'
import type { Outbox } from '../join/outbox.ts'
import type { Inspector } from '../lane.ts'
import { entryText } from './contents.ts'

export class FundsInspector implements Inspector {
  readonly types = new Set(['JournalPosted', 'BalancesStruck'])
  readonly #tally: Tally
  readonly #outbox: Outbox
  /** The books as far as the next cut may lie. */
  readonly #books = new Books()
  /** Events behind the last cut: a cut lies before the event that tells it. */
  #behind: Booked[] = []

  constructor(tally: Tally, outbox: Outbox) {
    this.#tally = tally
    this.#outbox = outbox
  }

  event(event: Recorded): void {
    if (event.type === 'JournalPosted') {
      this.#posted(event, event.data)
      this.#behind.push(withoutEntries(event, event.data))
    } else if (event.type === 'BalancesStruck') {
      this.#struck(event, event.data)
    }
  }

  #posted(event: Recorded, data: JournalPosted): void {
    const { position } = event
    this.#tally.checked('journal', data.entries.length)
    const faults = faultsOf(data)
    for (const fault of faults) this.#tally.found('journal', event, fault)
    if (faults.some(fault => fault.includes('no account number'))) return
    const records = this.#outbox.books.repeated
    for (const entry of unpack(data)) {
      records.add(entry.sourceEventId, entryText(entry), { position })
    }
  }

  #struck(event: Recorded, data: BalancesStruck): void {
    this.#tally.checked('cuts')
    this.#fold(data.cutPosition)
    const { position, events, entries } = this.#books.standing
    if (data.events !== events || data.entries !== entries) {
      const detail = `the cut counts ${data.events} events and ${data.entries} entries`
      this.#tally.found(
        'cuts',
        event,
        `${detail}; up to ${position} there are ${events} and ${entries}`,
      )
    }
    for (const fault of differences(this.#books.rows(), data.accounts)) {
      this.#tally.found('cuts', event, fault)
    }
  }

  #fold(upTo: bigint): void {
    const left = this.#behind.findIndex(({ position }) => position > upTo)
    const count = left === -1 ? this.#behind.length : left
    for (const posted of this.#behind.splice(0, count)) this.#books.apply(posted)
  }

  finish(): void {
    for (const posted of this.#behind.splice(0)) this.#books.apply(posted)
    let debits = 0n
    let credits = 0n
    for (const { debitFen, creditFen } of this.#books.rows()) {
      debits += debitFen
      credits += creditFen
    }
    this.#tally.checked('journal')
    if (debits === credits) return
    this.#tally.found(
      'journal',
      NOWHERE,
      `debits are ${debits}, credits ${credits} fen over all books`,
    )
  }
}

/** Sums and number of the entries are all that balances need. */
function withoutEntries({ position, at }: Recorded, data: JournalPosted): Booked {
  const entries = new Array<PackedEntry>(data.entries.length)
  return { position, at, data: { ...data, entries, marks: [] } }
}
