/** Finds what comes next for the partitions held, page by page. */
import type { StoredEvent } from '../../event-store/port.ts'
import type { Source } from '../source.ts'
import type { Held } from './leases.ts'

/** Messages in order, and the position up to which there are no others for us. */
export type Scan = { readonly messages: readonly StoredEvent[]; readonly upTo: bigint }

export class Scanner {
  readonly #source: Source
  readonly #pageSize: number
  /** Rows that were read and not all handed. */
  #page: readonly StoredEvent[] = []

  constructor(source: Source, pageSize: number) {
    this.#source = source
    this.#pageSize = pageSize
  }

  /** At most `limit` messages behind `after`; null at the end of the log. */
  async next(after: bigint, held: ReadonlyMap<number, Held>, limit: number): Promise<Scan | null> {
    if (after >= this.#source.seen) return null
    const page = await this.#rowsBehind(after)
    if (page.length === 0) return null
    const messages: StoredEvent[] = []
    let upTo = after
    for (const event of page) {
      const lease = this.#source.types.has(event.type) ? held.get(event.partition) : undefined
      if (lease !== undefined && event.position > lease.position) {
        if (messages.length === limit) break
        messages.push(event)
      }
      upTo = event.position
    }
    return { messages, upTo }
  }

  /** The next rows are read anew. */
  forget(): void {
    this.#page = []
  }

  async #rowsBehind(after: bigint): Promise<readonly StoredEvent[]> {
    const first = this.#page[0]?.position ?? 0n
    const known = after + 1n - first
    if (known >= 0n && known < this.#page.length) return this.#page.slice(Number(known))
    this.#page = await this.#source.page(after, this.#pageSize)
    return this.#page
  }
}
