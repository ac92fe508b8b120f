/** Two sides by key: what both say, what they say differently, what only one says. */
import type { JoinRecord, Records } from './records.ts'

export type Joined = {
  /** Both say the same; by the places of the records in their sides. */
  readonly onSame?: (saidAt: number, repeatedAt: number) => void
  readonly onDifferent: (said: JoinRecord, repeated: JoinRecord) => void
  /** Repeated, but never said. */
  readonly onStray: (repeated: JoinRecord) => void
  /** Said, but never repeated. */
  readonly onMissing?: (said: JoinRecord) => void
}

/**
 * Keys on the said side are expected once; a second one of the same key counts as never repeated.
 */
export function join(said: Records, repeated: Records, joined: Joined): void {
  const index = new Index(said)
  const met = new Uint8Array(said.count)
  for (let at = 0; at < repeated.count; at++) {
    const found = index.find(repeated, at)
    if (found === -1) {
      joined.onStray(repeated.at(at))
      continue
    }
    met[found] = 1
    if (said.sameContent(found, repeated, at)) joined.onSame?.(found, at)
    else joined.onDifferent(said.at(found), repeated.at(at))
  }
  if (joined.onMissing === undefined) return
  for (let at = 0; at < said.count; at++) if (met[at] === 0) joined.onMissing(said.at(at))
}

/** Open addressing over the records of one side. */
class Index {
  readonly #records: Records
  readonly #slots: Int32Array
  readonly #mask: number

  constructor(records: Records) {
    let size = 16
    while (size < records.count * 2) size *= 2
    this.#records = records
    this.#slots = new Int32Array(size).fill(-1)
    this.#mask = size - 1
    for (let at = 0; at < records.count; at++) this.#put(at)
  }

  #put(at: number): void {
    let slot = this.#records.keyHash(at) & this.#mask
    for (;;) {
      const known = this.#slots[slot] ?? -1
      if (known === -1) break
      if (this.#records.sameKey(known, this.#records, at)) return
      slot = (slot + 1) & this.#mask
    }
    this.#slots[slot] = at
  }

  find(other: Records, otherAt: number): number {
    let slot = other.keyHash(otherAt) & this.#mask
    for (;;) {
      const known = this.#slots[slot] ?? -1
      if (known === -1) return -1
      if (this.#records.sameKey(known, other, otherAt)) return known
      slot = (slot + 1) & this.#mask
    }
  }
}
