/**
 * The newest events that this process appended or read, so that its consumers do not each fetch the
 * same rows. Positions are dense and an event never changes, so a run of entries from `after + 1`
 * on is exactly what the database would return; at the first gap the reader goes to the database.
 */
import type { EventType } from '@tongchou/contracts/events.generated.ts'
import type { StoredEvent } from './port.ts'

/**
 * `full` is false when `meta` and `data` were left out because the reader did not want the type.
 */
type Entry = { readonly event: StoredEvent; readonly full: boolean }

type Only = ReadonlySet<EventType> | undefined

export class RecentEvents {
  readonly #entries: (Entry | undefined)[]
  readonly #maxBytes: number
  #bytes = 0
  #newest = 0n
  #oldest = 1n

  constructor({ maxEvents = 8192, maxBytes = 32 * 1024 * 1024 } = {}) {
    this.#entries = new Array(maxEvents)
    this.#maxBytes = maxBytes
  }

  add(event: StoredEvent, full: boolean): void {
    const { position } = event
    const size = BigInt(this.#entries.length)
    if (position > this.#newest) this.#newest = position
    else if (position < this.#oldest || position + size <= this.#newest) return
    const slot = Number(position % size)
    const known = this.#entries[slot]
    if (known !== undefined) {
      if (known.event.position === position && (known.full || !full)) return
      this.#bytes -= sizeOf(known.event)
    }
    this.#entries[slot] = { event, full }
    this.#bytes += sizeOf(event)
    while (this.#bytes > this.#maxBytes && this.#oldest < this.#newest) this.#dropOldest()
  }

  /** Events right behind `after` without a gap; of types in `only` with their bytes. */
  read(after: bigint, limit: number, only: Only): StoredEvent[] {
    const found: StoredEvent[] = []
    let position = after + 1n
    for (; found.length < limit; position++) {
      const event = this.#get(position, only)
      if (event === undefined) break
      found.push(event)
    }
    return found
  }

  /** How many rows from `after + 1` on are missing before the next known one; at most `limit`. */
  gap(after: bigint, limit: number, only: Only): number {
    if (after >= this.#newest) return limit
    let missing = 0
    while (missing < limit && this.#get(after + BigInt(missing) + 1n, only) === undefined) missing++
    return missing
  }

  #get(position: bigint, only: Only): StoredEvent | undefined {
    if (position > this.#newest || position < this.#oldest) return undefined
    const entry = this.#entries[Number(position % BigInt(this.#entries.length))]
    if (entry === undefined || entry.event.position !== position) return undefined
    const usable = entry.full || (only !== undefined && !only.has(entry.event.type))
    return usable ? entry.event : undefined
  }

  #dropOldest(): void {
    const slot = Number(this.#oldest % BigInt(this.#entries.length))
    const entry = this.#entries[slot]
    if (entry?.event.position === this.#oldest) {
      this.#bytes -= sizeOf(entry.event)
      this.#entries[slot] = undefined
    }
    this.#oldest += 1n
  }
}

function sizeOf({ meta, data }: StoredEvent): number {
  return meta.length + data.length + 300
}
