/**
 * The store in maps, with the outcomes of the Postgres adapter: for tests, simulations and
 * `--memory`.
 */
import type { EventType } from '@tongchou/contracts/events.generated.ts'
import { newUuid, type Uuid } from '@tongchou/contracts/id.ts'
import { Fault } from '../service/fault.ts'
import { EMPTY_HEAD } from './chain.ts'
import { checkAppends, checkProgress } from './checks.ts'
import { MemoryProgress } from './memory-progress.ts'
import type {
  Append,
  AppendOutcome,
  EventStore,
  Progress,
  StoredEvent,
  StoreHead,
  StreamHead,
  StreamName,
  TypesRange,
} from './port.ts'

export type MemoryStoreOptions = {
  readonly incarnation?: Uuid
  /** Time of the leases, in ms. */
  readonly nowMs?: () => number
}

export function openMemoryStore(options: MemoryStoreOptions = {}): MemoryStore {
  return new MemoryStore(options)
}

export class MemoryStore implements EventStore {
  readonly incarnation: Uuid
  readonly progress: MemoryProgress
  readonly #log: StoredEvent[] = []
  readonly #attachments = new Map<bigint, Buffer>()
  readonly #streams = new Map<StreamName, StoredEvent[]>()
  readonly #listeners = new Set<(position: bigint) => void>()
  #open = true

  constructor({ incarnation = newUuid(), nowMs = Date.now }: MemoryStoreOptions) {
    this.incarnation = incarnation
    this.progress = new MemoryProgress(nowMs)
  }

  async append(
    appends: readonly Append[],
    progress: readonly Progress[] = [],
  ): Promise<readonly AppendOutcome[]> {
    this.#assertOpen()
    checkAppends(appends)
    checkProgress(progress, appends)
    this.progress.check(progress)
    const verdicts = appends.map(append => this.#judge(append))
    if (progress.length > 0 && verdicts.some(isRefused)) return verdicts.map(withhold)
    const before = this.#log.length
    const outcomes = verdicts.map((verdict, index) => {
      const append = appends[index]
      return verdict.status !== 'appended' || append === undefined ? verdict : this.#write(append)
    })
    this.progress.move(progress)
    if (this.#log.length > before) this.#signal()
    return outcomes
  }

  #judge(append: Append): AppendOutcome {
    const { stream, expected, events, hashes } = append
    const stored = this.#streams.get(stream) ?? []
    const head = headOf(stored)
    const there = stored.slice(expected.version, expected.version + events.length)
    const [first] = there
    if (first !== undefined && there.length === events.length) {
      const sameIds = there.every((event, index) => event.id === events[index]?.id)
      const sameHashes = there.every(({ hash }, index) => hash.equals(hashes[index] ?? hash))
      if (sameIds && !sameHashes) return { status: 'altered', head }
      if (sameIds) return { status: 'duplicate', head: headOf(there), position: first.position }
    }
    if (stored.at(-1)?.closes === true) return { status: 'closed', head }
    const stands = head.version === expected.version && head.hash.equals(expected.hash)
    return stands ? { status: 'appended', head, position: 0n } : { status: 'conflict', head }
  }

  #write({ stream, expected, events, hashes }: Append): AppendOutcome {
    const stored = this.#streams.get(stream) ?? []
    this.#streams.set(stream, stored)
    const position = BigInt(this.#log.length + 1)
    events.forEach(({ attachment, ...event }, index) => {
      const at = position + BigInt(index)
      if (attachment !== undefined) this.#attachments.set(at, attachment)
      const entry: StoredEvent = {
        ...event,
        position: at,
        stream,
        version: expected.version + index + 1,
        hash: hashes[index] ?? EMPTY_HEAD.hash,
      }
      stored.push(entry)
      this.#log.push(entry)
    })
    return { status: 'appended', head: headOf(stored), position }
  }

  async readStreams(
    streams: readonly StreamName[],
  ): Promise<ReadonlyMap<StreamName, readonly StoredEvent[]>> {
    this.#assertOpen()
    const found = new Map<StreamName, readonly StoredEvent[]>()
    for (const stream of streams) {
      const stored = this.#streams.get(stream)
      if (stored !== undefined) found.set(stream, [...stored])
    }
    return found
  }

  async readLast(streams: readonly StreamName[]): Promise<ReadonlyMap<StreamName, StoredEvent>> {
    this.#assertOpen()
    const found = new Map<StreamName, StoredEvent>()
    for (const stream of streams) {
      const last = this.#streams.get(stream)?.at(-1)
      if (last !== undefined) found.set(stream, last)
    }
    return found
  }

  async readAll(
    after: bigint,
    limit: number,
    _only?: ReadonlySet<EventType>,
  ): Promise<readonly StoredEvent[]> {
    this.#assertOpen()
    return this.#log.slice(Number(after), Number(after) + limit)
  }

  async readTypes(
    types: ReadonlySet<EventType>,
    { after, upTo, limit }: TypesRange,
  ): Promise<readonly StoredEvent[]> {
    this.#assertOpen()
    const range = this.#log.slice(Number(after), Number(upTo))
    return range.filter(({ type }) => types.has(type)).slice(0, limit)
  }

  async readAttachment(position: bigint): Promise<Buffer | undefined> {
    this.#assertOpen()
    return this.#attachments.get(position)
  }

  async head(): Promise<StoreHead> {
    this.#assertOpen()
    return { incarnation: this.incarnation, position: BigInt(this.#log.length) }
  }

  onAppend(listener: (position: bigint) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async close(): Promise<void> {
    this.#open = false
    this.#listeners.clear()
  }

  #signal(): void {
    const position = BigInt(this.#log.length)
    for (const listener of this.#listeners) listener(position)
  }

  #assertOpen(): void {
    if (!this.#open) throw new Fault('unavailable', 'the store is closed', { retryable: false })
  }
}

function headOf(events: readonly StoredEvent[]): StreamHead {
  const last = events.at(-1)
  return last === undefined ? EMPTY_HEAD : { version: last.version, hash: last.hash }
}

/** True for an append that can neither be done nor was done before. */
export function isRefused({ status }: AppendOutcome): boolean {
  return status !== 'appended' && status !== 'duplicate'
}

/** `appended` of an append that was not written after all. */
function withhold(outcome: AppendOutcome): AppendOutcome {
  return outcome.status === 'appended' ? { status: 'withheld', head: outcome.head } : outcome
}
