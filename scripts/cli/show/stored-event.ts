/** One stored event for people to read. What tells of a person's body or illness is not shown. */
import { EMPTY_HEAD, eventHash } from '@tongchou/runtime/event-store/chain.ts'
import type { EventStore, StoredEvent } from '@tongchou/runtime/event-store/port.ts'
import { recorded } from '@tongchou/runtime/service/recorded.ts'
import { yuan } from '../show.ts'

/** In events about a person: sex, birth, illness, and what can be told from the treatment. */
const HIDDEN: ReadonlySet<string> = new Set([
  'sex',
  'bornOn',
  'ageOnYearStart',
  'diagnoses',
  'doctorCode',
  'itemCode',
  'name',
  'onlySex',
  'minAge',
  'maxAge',
  'personal',
  'personalDigest',
  'features',
  'detail',
])
const NOT_SHOWN = '(not shown)'

export type ShownEvent = Readonly<Record<string, unknown>>

/**
 * Undefined when there is no event at the position. A damaged one is shown as far as it can be
 * read.
 */
export async function storedEvent(
  store: EventStore,
  position: bigint,
): Promise<ShownEvent | undefined> {
  const [stored] = position > 0n ? await store.readAll(position - 1n, 1) : []
  if (stored === undefined || stored.position !== position) return undefined
  const { id, type, schema, stream, version, partition, closes, atMs, hash } = stored
  return {
    ...{ position, stream, version, type, schema, id },
    at: new Date(atMs).toISOString(),
    ...{ partition, closes, hash: hash.toString('hex'), chain: await chainOf(store, stored) },
    ...contentOf(stored),
  }
}

async function chainOf(store: EventStore, { stream, version, hash }: StoredEvent): Promise<string> {
  const events = (await store.readStreams([stream])).get(stream) ?? []
  const event = events[version - 1]
  const before = version === 1 ? EMPTY_HEAD.hash : events[version - 2]?.hash
  const whole =
    event !== undefined &&
    before !== undefined &&
    eventHash(before, stream, version, event).equals(hash)
  return whole ? `follows from version ${version - 1}` : 'DAMAGED: does not follow'
}

function contentOf(stored: StoredEvent): ShownEvent {
  try {
    const event = recorded(stored)
    const data: object = event.data
    return { meta: event.meta(), data: 'personId' in data ? hidden(data) : data }
  } catch (cause) {
    return { unreadable: cause instanceof Error ? cause.message : String(cause) }
  }
}

function hidden(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hidden)
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [
      name,
      HIDDEN.has(name) ? NOT_SHOWN : hidden(part),
    ]),
  )
}

/** Indented lines: amounts as yuan and fen, bytes as hex. */
export function textOf(value: unknown, indent = ''): string {
  const entries = Object.entries(value as object)
  return entries.map(([name, part]) => `${indent}${name}: ${partOf(name, part, indent)}`).join('\n')
}

function partOf(name: string, part: unknown, indent: string): string {
  if (typeof part === 'bigint') {
    return name.endsWith('Fen') ? `${yuan(part)} yuan (${part} fen)` : part.toLocaleString('en')
  }
  if (part instanceof Uint8Array) return Buffer.from(part).toString('hex')
  if (typeof part !== 'object' || part === null) return String(part)
  if (Array.isArray(part) && part.length === 0) return 'none'
  return `\n${textOf(part, `${indent}  `)}`
}

/** JSON with amounts and positions as exact integers, bytes as hex. */
export function jsonOf(value: unknown): string {
  const plain = (_: string, part: unknown): unknown => {
    if (typeof part === 'bigint') return JSON.rawJSON(`${part}`)
    const bytes = part as { readonly type?: unknown; readonly data?: unknown } | null
    const isBytes = typeof part === 'object' && bytes?.type === 'Buffer'
    return isBytes && Array.isArray(bytes.data) ? Buffer.from(bytes.data).toString('hex') : part
  }
  return JSON.stringify(value, plain, 2)
}
