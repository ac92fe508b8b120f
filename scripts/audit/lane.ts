/** One pass over the events of one store: what each event must be by itself and in its place. */
import { createHash, type KeyObject } from 'node:crypto'
import { decodeEvent, decodeMeta } from '@tongchou/contracts/avro/codec.ts'
import { PARTITIONS } from '@tongchou/contracts/topics.ts'
import { type CheckpointLine, isSignedBy } from '@tongchou/runtime/audit/checkpoint.ts'
import type { EventRow } from '@tongchou/runtime/audit/snapshot/event-rows.ts'
import { CompactRange } from '@tongchou/runtime/audit/tree.ts'
import { murmur2 } from '@tongchou/runtime/message-log/partition.ts'
import type { Recorded } from '@tongchou/runtime/service/recorded.ts'
import { NOWHERE, type Tally } from './checks.ts'
import { decodeFor } from './event/decode.ts'
import { recordedOver } from './event/decoded.ts'
import { hasEventId, rowLeaf, sameBytes } from './event/hashes.ts'
import { placesIn } from './event/meta.ts'
import { Streams } from './event/streams.ts'
import { HEADER_BYTES, type Writer, writerOf } from './event/writer.ts'
import type { Checkpoints, StoreFacts } from './source/source.ts'

/**
 * Follows the events of one store for one purpose; findings go into the tally it was made with.
 */
export type Inspector = {
  /** Types of the events that are decoded for it. */
  readonly types: ReadonlySet<string>
  event(event: Recorded): void
  /** For every event whose bytes are whole, before it is decoded. */
  bytes?(row: EventRow, writer: Writer): void
  /** After the last event. */
  finish?(): void | Promise<void>
}

export type Signed = { readonly size: number; readonly root: Buffer }

/** What is checked of each event. */
const OF_EACH = ['positions', 'chains', 'identity', 'encoding'] as const

export class Lane {
  readonly #facts: StoreFacts
  readonly #tally: Tally
  readonly #inspectors: readonly Inspector[]
  readonly #types: ReadonlySet<string>
  readonly #streams = new Streams()
  readonly #tree = new CompactRange()
  readonly #signed: readonly Signed[]
  #nextSigned = 0
  #lastGood = 0
  #differs = false
  #position = 0n
  #count = 0

  constructor(
    { facts, checkpoints }: { readonly facts: StoreFacts; readonly checkpoints: Checkpoints },
    tally: Tally,
    inspectors: readonly Inspector[],
  ) {
    this.#facts = facts
    this.#tally = tally
    this.#inspectors = inspectors
    this.#types = new Set(inspectors.flatMap(({ types }) => [...types]))
    this.#signed = genuineLines(facts, checkpoints, tally)
    this.#compareRoots()
  }

  /** Digest of the store: size and root. */
  async finish(): Promise<{ readonly size: number; readonly root: string }> {
    for (const check of OF_EACH) this.#tally.checked(check, this.#count)
    for (const inspector of this.#inspectors) await inspector.finish?.()
    this.#checkEnd()
    return { size: this.#tree.size, root: this.#tree.root().toString('hex') }
  }

  event(event: EventRow): void {
    this.#count += 1
    const { position } = event
    if (position !== this.#position + 1n) {
      const missing = this.#position + 1n
      const detail = `position ${missing} is missing: ${position} follows ${this.#position}`
      this.#tally.found('positions', { position: missing, stream: null }, detail)
    }
    this.#position = position
    const broken = this.#streams.follow(event)
    if (broken !== null) this.#tally.found('chains', event, broken)
    this.#tree.append(rowLeaf(event))
    this.#compareRoots()
    this.#checkMeta(event)
    this.#checkData(event, position)
  }

  #checkMeta(event: EventRow): void {
    const { bytes, metaAt, dataAt } = event
    const places = placesIn(bytes, metaAt, dataAt - 4)
    if (places === null) {
      this.#tally.found('encoding', event, `metadata: ${faultOfMeta(event)}`)
      return
    }
    const { commandId, keyAt, keyEnd } = places
    const partition = (murmur2(bytes, keyAt, keyEnd) & 0x7fffffff) % PARTITIONS
    if (partition !== event.partition) {
      const detail = `partition ${event.partition} instead of ${partition}`
      this.#tally.found('identity', event, detail)
    }
    const index = this.#streams.indexUnder(commandId)
    if (!hasEventId(event, commandId, index)) {
      const command = commandId.toString('hex')
      const detail = `id ${event.id} is not that of event ${index} of command ${command}`
      this.#tally.found('identity', event, detail)
    }
  }

  #checkData(event: EventRow, position: bigint): void {
    const { bytes, dataAt, end } = event
    const writer = writerOf(bytes, dataAt)
    const wrong = writer === undefined ? unreadable(event) : this.#wrongWriter(event, writer)
    if (wrong !== null) this.#tally.found('encoding', event, wrong)
    if (writer === undefined || !hasType(event, writer)) return
    if (writer.walk(bytes, dataAt + HEADER_BYTES, end) !== end) {
      this.#tally.found('encoding', event, `${writer.name}: damaged body`)
      return
    }
    this.#inspect(event, writer, position)
  }

  #wrongWriter(event: EventRow, writer: Writer): string | null {
    const { name, version, service } = writer
    if (!hasType(event, writer)) return `${event.type} holds a ${name}`
    if (version !== event.schema) {
      return `schema ${event.schema}, but the bytes are of version ${version}`
    }
    return service === this.#facts.service ? null : `${name} is an event of ${service}`
  }

  /** Damaged content may be such that no fold can take it. */
  #inspect(row: EventRow, writer: Writer, position: bigint): void {
    const { name } = writer
    try {
      for (const inspector of this.#inspectors) inspector.bytes?.(row, writer)
      if (!this.#types.has(name)) return
      const event = recordedOver(row, decodeFor(name, row.data), position)
      for (const inspector of this.#inspectors) {
        if (inspector.types.has(name)) inspector.event(event)
      }
    } catch (cause) {
      this.#tally.found('encoding', row, `${name} cannot be followed: ${reasonOf(cause)}`)
    }
  }

  /**
   * The tree against every line signed at this size; of a difference only the first stretch is
   * named.
   */
  #compareRoots(): void {
    for (;;) {
      const signed = this.#signed[this.#nextSigned]
      if (signed === undefined || signed.size > this.#tree.size) return
      this.#nextSigned += 1
      this.#tally.checked('checkpoints')
      if (this.#tree.root().equals(signed.root)) {
        this.#lastGood = signed.size
      } else if (!this.#differs) {
        this.#differs = true
        const stretch = `positions ${this.#lastGood + 1} to ${signed.size}`
        const detail = `${stretch} are not those that were signed at size ${signed.size}`
        this.#tally.found(
          'checkpoints',
          { position: BigInt(this.#lastGood + 1), stream: null },
          detail,
        )
      }
    }
  }

  #checkEnd(): void {
    const { position } = this.#facts.end
    this.#tally.checked('head')
    const count = BigInt(this.#tree.size)
    if (position !== count) {
      const place = { position: count < position ? count + 1n : position + 1n, stream: null }
      this.#tally.found('head', place, `the store says ${position} events, but has ${count}`)
    }
    const cut = this.#signed.slice(this.#nextSigned)
    this.#tally.checked('checkpoints', cut.length)
    const last = cut.at(-1)
    if (last !== undefined) {
      const place = { position: count + 1n, stream: null }
      const detail = `${last.size} events were signed, but the store ends at ${count}`
      this.#tally.found('checkpoints', place, detail)
    }
  }
}

/** Lines whose signature and incarnation hold, by size; the others are findings. */
function genuineLines(
  facts: StoreFacts,
  { lines, publicKey }: Checkpoints,
  tally: Tally,
): readonly Signed[] {
  const signed: Signed[] = []
  lines.forEach(({ line }, index) => {
    const fault = line === undefined ? 'is damaged' : lineFault(line, facts, publicKey)
    if (fault !== null) {
      tally.checked('checkpoints')
      tally.found('checkpoints', NOWHERE, `line ${index + 1} of the checkpoints ${fault}`)
    } else if (line !== undefined) {
      signed.push({ size: line.size, root: line.root })
    }
  })
  return signed.sort((a, b) => a.size - b.size)
}

function lineFault(
  line: CheckpointLine,
  { service, end }: StoreFacts,
  key: KeyObject | undefined,
): string | null {
  if (line.service !== service) return `is of ${line.service}`
  if (line.incarnation !== end.incarnation) return `is of store ${line.incarnation}`
  if (key === undefined) return 'cannot be checked without the public key'
  return isSignedBy(line, key) ? null : 'is not signed by the key of this installation'
}

export type StoreDigest = {
  readonly service: string
  readonly incarnation: string
  readonly size: number
  readonly root: string
}

/** One digest over all stores: equal exactly when incarnation, size and root of each are. */
export function digestOf(stores: readonly StoreDigest[]): string {
  const lines = stores.map(({ service, incarnation, size, root }) =>
    [service, incarnation, size, root].join(' '),
  )
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex')
}

function hasType({ bytes, typeAt, hashAt }: EventRow, { bytes: name }: Writer): boolean {
  return hashAt - 4 - typeAt === name.length && sameBytes(bytes, typeAt, name)
}

/** Why bytes of an unknown schema cannot be read. */
function unreadable({ data }: EventRow): string {
  try {
    return `unreadable: ${decodeEvent(data).type}`
  } catch (cause) {
    return reasonOf(cause)
  }
}

function faultOfMeta({ meta }: EventRow): string {
  try {
    decodeMeta(meta)
    return 'an id that is no lowercase UUID'
  } catch (cause) {
    return reasonOf(cause)
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
