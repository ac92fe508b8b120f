/**
 * Events of the store as records, a portion at a time: one event of the books may be hundreds of
 * public records, and all of them are in memory until they are acknowledged.
 */
import type { StoredEvent } from '../../event-store/port.ts'
import type { RelayOptions } from './relay.ts'
import type { Numbering } from './send.ts'

const PAGE = 1000
/** Of one portion; the event that passes this is still taken whole. */
const MOST_RECORDS = 2000

export class Portions {
  readonly #options: Pick<RelayOptions, 'store' | 'types' | 'outgoing'>
  /** Read and not taken. */
  #rest: readonly StoredEvent[] = []

  constructor(options: Pick<RelayOptions, 'store' | 'types' | 'outgoing'>) {
    this.#options = options
  }

  /** True when more is known to stand right behind what was taken last. */
  get more(): boolean {
    return this.#rest.length > 0
  }

  /** Numbers what stands behind the position; up to where, or null when there is nothing. */
  async take(after: bigint, numbering: Numbering): Promise<bigint | null> {
    const { store, types, outgoing } = this.#options
    if (this.#rest[0]?.position !== after + 1n) {
      this.#rest = await store.readAll(after, PAGE, types)
    }
    let [taken, records] = [0, 0]
    for (const event of this.#rest) {
      taken += 1
      for (const out of types.has(event.type) ? outgoing(event) : []) {
        numbering.put(event.position, out)
        records += 1
      }
      if (records >= MOST_RECORDS) break
    }
    const upTo = this.#rest[taken - 1]?.position ?? null
    this.#rest = this.#rest.slice(taken)
    return upTo
  }
}
