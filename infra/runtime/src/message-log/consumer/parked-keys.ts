/** Keys of the held partitions that have parked messages, as the checkpoint store knows them. */
import type { ParkedKey, ParkedRow, ProgressStore } from '../../event-store/port.ts'

export class ParkedKeys {
  readonly #progress: ProgressStore
  readonly #group: string
  readonly #topic: string
  #known: readonly ParkedKey[] = []
  #keys: ReadonlySet<string> = new Set()
  #changes = 0
  #loadedMs = 0

  constructor(progress: ProgressStore, group: string, topic: string) {
    this.#progress = progress
    this.#group = group
    this.#topic = topic
  }

  get keys(): ReadonlySet<string> {
    return this.#keys
  }

  /** True when this process parked or replayed since the keys were loaded. */
  get changed(): boolean {
    return this.#progress.parkedChanges(this.#group) !== this.#changes
  }

  /** A key that is to be replayed. */
  get due(): ParkedKey | null {
    return this.#known.find(({ due }) => due) ?? null
  }

  /** Milliseconds until others may have asked for a replay; null while nothing is parked. */
  lookInMs(everyMs: number): number | null {
    if (this.#known.length === 0) return null
    return Math.max(0, this.#loadedMs + everyMs - performance.now())
  }

  async load(partitions: ReadonlySet<number>): Promise<void> {
    const changes = this.#progress.parkedChanges(this.#group)
    const known = await this.#progress.parkedKeys(this.#group, this.#topic)
    this.#known = known.filter(({ partition }) => partitions.has(partition))
    this.#keys = new Set(this.#known.map(({ key }) => key))
    this.#changes = changes
    this.#loadedMs = performance.now()
  }

  /** The oldest messages of the key that are to be replayed. */
  async rows({ partition, key }: ParkedKey, limit: number): Promise<ParkedRow[]> {
    const rows = await this.#progress.parked({ group: this.#group, key })
    const ours = rows.filter(row => row.topic === this.#topic && row.partition === partition)
    const stop = ours.findIndex(row => !row.replay)
    return ours.slice(0, stop < 0 ? limit : Math.min(stop, limit))
  }

  /** The next look is at once. */
  forget(): void {
    this.#loadedMs = Number.NEGATIVE_INFINITY
  }
}
