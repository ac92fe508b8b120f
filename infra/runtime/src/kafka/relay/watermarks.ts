/**
 * What each partition of the internal topics was told last. Where nothing is said while the log
 * grows, its readers are told so from time to time: they cannot see it.
 */
import type { Line } from './marks.ts'
import type { TopicPartition } from './outgoing.ts'
import type { Numbering } from './send.ts'

/** However many wait. */
const AGAIN_MS = 25

/** `now` of `performance.now()`, `atMs` since the epoch. */
type Moment = { readonly now: number; readonly atMs: number }

export class Watermarks {
  readonly #partitions: readonly TopicPartition[]
  readonly #everyMs: number
  #told = new Map<string, bigint>()
  #toldAtMs = 0
  #dueAtMs = 0

  constructor(partitions: readonly TopicPartition[], everyMs: number) {
    this.#partitions = partitions
    this.#everyMs = everyMs
  }

  /** Under a lease just taken: what is not marked as sent may never have been told. */
  begin(lines: ReadonlyMap<string, Line>): void {
    this.#told = new Map()
    this.said(lines)
  }

  /** The newest record of a partition tells its readers of its position, too. */
  said(lines: ReadonlyMap<string, Line>): void {
    for (const [name, { position }] of lines) this.#told.set(name, position)
  }

  /** Somebody waits. */
  hurry(): void {
    this.#dueAtMs = Math.min(this.#dueAtMs, this.#toldAtMs + AGAIN_MS)
  }

  /** When they are due; null where every partition knows of the position. */
  dueAtMs(position: bigint): number | null {
    return this.#behind(position).length > 0 ? this.#dueAtMs : null
  }

  /** When they are due: adds a word for each partition that does not know of the position. */
  addDue(numbering: Numbering, position: bigint, { now, atMs }: Moment): void {
    if (now < this.#dueAtMs) return
    const behind = this.#behind(position)
    if (behind.length === 0) return
    this.#toldAtMs = now
    this.#dueAtMs = now + this.#everyMs
    for (const place of behind) {
      numbering.tell(position, place, atMs)
      this.#told.set(place.name, position)
    }
  }

  #behind(position: bigint): readonly TopicPartition[] {
    return this.#partitions.filter(({ name }) => (this.#told.get(name) ?? 0n) < position)
  }
}
