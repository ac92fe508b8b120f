/** Events and appends for tests. */
import assert from 'node:assert/strict'
import type { EventType } from '@tongchou/contracts/events.generated.ts'
import { newUuid } from '@tongchou/contracts/id.ts'
import { chain, EMPTY_HEAD, eventHash } from './chain.ts'
import type {
  Append,
  AppendOutcome,
  EventStore,
  Lease,
  NewEvent,
  Progress,
  StoredEvent,
  StreamHead,
} from './port.ts'

/** Bytes that are neither UTF-8 nor free of zeros. */
export const BYTES = Buffer.from([0, 1, 0x80, 0xff, 0xfe, 0x5c, 0x78, 0])

export function newEvent(overrides: Partial<NewEvent> = {}): NewEvent {
  const type: EventType = 'ClaimSubmitted'
  const base = { id: newUuid(), type, schema: 1, partition: 3, atMs: 1_767_225_600_123 }
  return { ...base, closes: false, meta: BYTES, data: Buffer.from('data'), ...overrides }
}

export function newEvents(count: number, overrides: Partial<NewEvent> = {}): NewEvent[] {
  return Array.from({ length: count }, () => newEvent(overrides))
}

export function appendOf(
  stream: string,
  events: readonly NewEvent[],
  expected: StreamHead = EMPTY_HEAD,
): Append {
  return { stream, expected, events, hashes: chain(expected, stream, events) }
}

export function newStream(): string {
  return `claim-${newUuid()}`
}

/** Appends that must succeed; returns where the stream then stands. */
export async function put(
  store: EventStore,
  stream: string,
  events: readonly NewEvent[],
  expected: StreamHead = EMPTY_HEAD,
): Promise<StreamHead> {
  const outcome = await appendOne(store, appendOf(stream, events, expected))
  assert.equal(outcome.status, 'appended')
  return outcome.head
}

export async function appendOne(store: EventStore, append: Append): Promise<AppendOutcome> {
  const [outcome, ...rest] = await store.append([append])
  assert.ok(outcome !== undefined && rest.length === 0)
  return outcome
}

/** Everything, page by page. */
export async function readWhole(store: EventStore, pageSize = 1000): Promise<StoredEvent[]> {
  const all: StoredEvent[] = []
  for (;;) {
    const page = await store.readAll(BigInt(all.length), pageSize)
    if (page.length === 0) return all
    all.push(...page)
  }
}

/** Positions dense, versions dense, every hash right, no id twice. */
export function assertIntact(events: readonly StoredEvent[]): void {
  const heads = new Map<string, StreamHead>()
  const ids = new Set<string>()
  events.forEach((event, index) => {
    assert.equal(event.position, BigInt(index + 1))
    assert.ok(!ids.has(event.id), `event ${event.id} stands twice`)
    ids.add(event.id)
    const { version, hash } = heads.get(event.stream) ?? EMPTY_HEAD
    assert.equal(event.version, version + 1)
    assert.deepEqual(event.hash, eventHash(hash, event.stream, version + 1, event))
    heads.set(event.stream, event)
  })
}

/** Progress of held partitions to a position. */
export async function progressTo(
  store: EventStore,
  consumer: { readonly group: string; readonly topic: string },
  leases: readonly Lease[],
  position: bigint,
): Promise<Progress> {
  const { incarnation } = await store.head()
  const positions = leases.map(({ partition, epoch }) => ({ partition, epoch, position }))
  return { ...consumer, incarnation, positions }
}
