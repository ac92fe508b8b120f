/**
 * Every stream of a store as its newest event left it: version, hash, command. About a hundred bytes a stream, so
 * that stores of millions of events fit into memory.
 */
import { hash } from 'node:crypto'
import { eventHash } from '@tongchou/runtime/event-store/chain.ts'
import type { StoredEvent } from '@tongchou/runtime/event-store/port.ts'

const HASH = 32
const ID = 16
const SLOT = HASH + ID
const START_SLOTS = 4096
const EMPTY_HASH = Buffer.alloc(HASH)

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
  #bytes = Buffer.alloc(SLOT * START_SLOTS)

  get size(): number {
    return this.#kept.length
  }

  /** Takes the event as the newest of its stream; says what is wrong with its place there. */
  follow(event: StoredEvent): string | null {
    const slot = this.#slotOf(event.stream)
    const kept = this.#kept[slot] ?? { version: 0, made: 0, closed: false }
    const fault = this.#faultOf(event, kept, slot)
    if (fault !== null) {
      const right = this.#hashBehind(slot, event)
      this.#doubts.set(slot, { version: kept.version + 1, hash: right })
    } else if (this.#doubts.size > 0) {
      this.#doubts.delete(slot)
    }
    kept.version = event.version
    kept.closed = event.closes
    event.hash.copy(this.#bytes, slot * SLOT)
    return fault
  }

  /**
   * Notes the command that made the event; returns how many events in a row of this stream it had made before: the
   * index that the event id is made of. To be called for each event, behind `follow`.
   */
  indexOf(stream: string, commandId: Buffer): number {
    const slot = this.#slotOf(stream)
    const kept = this.#kept[slot]
    const at = slot * SLOT + HASH
    if (kept === undefined) return 0
    const same = kept.made > 0 && this.#bytes.compare(commandId, 0, ID, at, at + ID) === 0
    if (!same) commandId.copy(this.#bytes, at)
    kept.made = same ? kept.made + 1 : 1
    return kept.made - 1
  }

  #faultOf(event: StoredEvent, kept: Kept, slot: number): string | null {
    const { version, stream } = event
    const doubt = this.#doubts.get(slot)
    if (version !== kept.version + 1 && version !== (doubt?.version ?? -1) + 1) {
      return kept.version === 0
        ? `the stream begins with version ${version}`
        : `version ${version} follows version ${kept.version}`
    }
    if (kept.closed) return 'the stream was closed before'
    const before = this.#hashOf(slot)
    if (eventHash(before, stream, version, event).equals(event.hash)) return null
    if (doubt !== undefined && eventHash(doubt.hash, stream, version, event).equals(event.hash)) {
      return null
    }
    return `the hash does not follow from the event and the hash before it`
  }

  #hashBehind(slot: number, event: StoredEvent): Buffer {
    return eventHash(this.#hashOf(slot), event.stream, event.version, event)
  }

  #hashOf(slot: number): Buffer {
    return this.#bytes.subarray(slot * SLOT, slot * SLOT + HASH)
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
    EMPTY_HASH.copy(this.#bytes, slot * SLOT)
    return slot
  }
}

const UUID5 = Buffer.alloc(ID + 10)

/** UUIDv5 of (command, index) as 32 hex digits without dashes. @source RFC 9562 §5.5 */
export function eventIdHex(commandId: Buffer, index: number): string {
  commandId.copy(UUID5, 0, 0, ID)
  const end = ID + UUID5.write(String(index), ID, 'latin1')
  const digest = hash('sha1', UUID5.subarray(0, end), 'buffer')
  digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x50
  digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80
  return digest.toString('hex', 0, ID)
}
