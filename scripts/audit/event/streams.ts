/**
 * Every stream of a store as its newest event left it: version, hash, command. About two hundred
 * bytes a stream, so that stores of millions of events fit into memory.
 */
import type { EventRow } from '@tongchou/runtime/audit/snapshot/event-rows.ts'
import { chainHash, hasHash, sameBytes } from './hashes.ts'

const HASH = 32
const ID = 16
const SLOT = HASH + ID
const START_SLOTS = 4096

type Kept = {
  version: number
  /** Events in a row that the last command made. */
  made: number
  closed: boolean
}

/** What may stand before the next event where the last one was damaged. */
type Doubt = { readonly version: number; readonly hash: Buffer }

export class Streams {
  readonly #slots = new Map<string, number>()
  readonly #kept: Kept[] = []
  readonly #doubts = new Map<number, Doubt>()
  #bytes: Buffer = Buffer.alloc(SLOT * START_SLOTS)
  /** Of the event that was followed last. */
  #slot = 0

  /** Takes the event as the newest of its stream; says what is wrong with its place there. */
  follow(row: EventRow): string | null {
    const { stream, version } = row
    const slot = this.#slotOf(stream)
    const kept = this.#keptAt(slot)
    const computed = chainHash(row, this.#bytes, slot * SLOT)
    const fault = this.#faultOf(row, { version, computed, slot })
    if (fault !== null) this.#doubts.set(slot, { version: kept.version + 1, hash: computed })
    else if (this.#doubts.size > 0) this.#doubts.delete(slot)
    kept.version = version
    kept.closed = row.closes
    row.bytes.copy(this.#bytes, slot * SLOT, row.hashAt, row.hashAt + HASH)
    this.#slot = slot
    return fault
  }

  /**
   * Notes the command that made the event followed last; returns how many events in a row of its
   * stream it had made before: the index that the event id is made of.
   */
  indexUnder(commandId: Buffer): number {
    const kept = this.#keptAt(this.#slot)
    const at = this.#slot * SLOT + HASH
    const same = kept.made > 0 && sameBytes(this.#bytes, at, commandId)
    if (!same) commandId.copy(this.#bytes, at, 0, ID)
    kept.made = same ? kept.made + 1 : 1
    return kept.made - 1
  }

  #faultOf(
    row: EventRow,
    { version, computed, slot }: { version: number; computed: Buffer; slot: number },
  ): string | null {
    const kept = this.#keptAt(slot)
    const doubt = this.#doubts.get(slot)
    if (version !== kept.version + 1 && version !== (doubt?.version ?? -1) + 1) {
      return kept.version === 0
        ? `the stream begins with version ${version}`
        : `version ${version} follows version ${kept.version}`
    }
    if (kept.closed) return 'the stream was closed before'
    if (hasHash(row, computed)) return null
    if (doubt !== undefined && hasHash(row, chainHash(row, doubt.hash, 0))) return null
    return 'the hash does not follow from the event and the hash before it'
  }

  #keptAt(slot: number): Kept {
    return this.#kept[slot] ?? { version: 0, made: 0, closed: false }
  }

  #slotOf(stream: string): number {
    const known = this.#slots.get(stream)
    if (known !== undefined) return known
    const slot = this.#kept.length
    if ((slot + 1) * SLOT > this.#bytes.length) {
      this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(this.#bytes.length)])
    }
    this.#slots.set(stream, slot)
    this.#kept.push({ version: 0, made: 0, closed: false })
    return slot
  }
}
