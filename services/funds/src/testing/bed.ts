/** The service over stores in memory: sources say events, the books follow, routes answer. */
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import type { EventOf } from '@tongchou/contracts/avro/codec.ts'
import type { EventData, EventType } from '@tongchou/contracts/events.generated.ts'
import { NAMESPACE, type Uuid, uuidFrom } from '@tongchou/contracts/id.ts'
import type { ServiceName } from '@tongchou/contracts/services.ts'
import { type Instant, instant } from '@tongchou/contracts/time.ts'
import { chain, EMPTY_HEAD } from '@tongchou/runtime/event-store/chain.ts'
import { type MemoryStore, openMemoryStore } from '@tongchou/runtime/event-store/memory.ts'
import type { EventStore, Progress } from '@tongchou/runtime/event-store/port.ts'
import { openMemoryLog } from '@tongchou/runtime/message-log/memory.ts'
import type { MessageLog, RunningSubscription } from '@tongchou/runtime/message-log/port.ts'
import type { ServiceRuntime } from '@tongchou/runtime/service/definition.ts'
import { SILENT } from '@tongchou/runtime/service/logger.ts'
import { recorded, toStore } from '@tongchou/runtime/service/recorded.ts'
import { createTestHttp, type TestHttp } from '@tongchou/runtime/testing/http.ts'
import { MemoryViewStore } from '@tongchou/runtime/view/memory.ts'
import type { Saved, ViewStore } from '@tongchou/runtime/view/port.ts'
import { runViews, viewGroups } from '@tongchou/runtime/view/run.ts'
import { funds } from '../app.ts'
import type { BookedType } from '../journal/entries.ts'
import { unpack } from '../journal/pack.ts'

export const NOW = instant('2025-02-01T04:00:00.000Z')
const SAID_AT = instant('2025-01-31T08:00:00.000Z')

export type Said = { readonly key?: string; readonly at?: Instant }

/** Appends one event to a source's store, in a stream of its own; returns its position. */
export async function say<T extends BookedType>(
  store: EventStore,
  event: { readonly type: T; readonly data: EventData[T] },
  { key = 'key', at = SAID_AT }: Said = {},
): Promise<bigint> {
  const { incarnation, position } = await store.head()
  const commandId = uuidFrom(incarnation, `source ${position}`)
  const meta = { commandId, correlationId: commandId, causationId: null, actor: 'test', now: at }
  const made = toStore(event as unknown as EventOf<EventType>, meta, 0, key, false)
  const stream = `said-${commandId}`
  const hashes = chain(EMPTY_HEAD, stream, [made])
  const [outcome] = await store.append([{ stream, expected: EMPTY_HEAD, events: [made], hashes }])
  assert.ok(outcome?.status === 'appended')
  return outcome.position
}

/** Waits for what must come true. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const giveUpMs = performance.now() + 15_000
  while (!(await holds())) {
    assert.ok(performance.now() < giveUpMs, `not in time: ${what}`)
    await sleep(2)
  }
}

/** Positions of the sources whose entries stand in the journal, in order of booking. */
export async function bookedPositions(store: EventStore): Promise<readonly bigint[]> {
  const booked: bigint[] = []
  for (const event of await journalOf(store)) {
    booked.push(...unpack(event.data).map(({ sourcePosition }) => sourcePosition))
  }
  return booked
}

export async function journalOf(store: EventStore) {
  const events = (await store.readAll(0n, 1_000_000)).map(recorded)
  return events.flatMap(event => (event.type === 'JournalPosted' ? [event] : []))
}

export type Bed = TestHttp & {
  /** Time of the bookings from now on. */
  setNow(now: Instant): void
  /** Until everything that moves money is booked and the views have had it. */
  settled(): Promise<void>
  stop(): Promise<void>
}

export type Ground = {
  readonly contributions: EventStore
  readonly claims: EventStore
  readonly clearing: EventStore
  readonly store: EventStore
  readonly views: ViewStore
}

export type MemoryBed = Bed & {
  readonly contributions: MemoryStore
  readonly claims: MemoryStore
  readonly clearing: MemoryStore
  readonly store: MemoryStore
  readonly views: MemoryViewStore
}

export async function openBed(): Promise<MemoryBed> {
  const store = openMemoryStore()
  const views = new ViewsWithProgress(store)
  const [contributions, claims] = [openMemoryStore(), openMemoryStore()]
  const ground = { contributions, claims, clearing: openMemoryStore(), store, views }
  return { ...(await openBedOn(ground)), ...ground }
}

export async function openBedOn(ground: Ground): Promise<Bed> {
  const { contributions, claims, clearing, store, views } = ground
  const stores = new Map<ServiceName, EventStore>([
    ['contributions', contributions],
    ['claims', claims],
    ['clearing', clearing],
    ['funds', store],
  ])
  const log = openMemoryLog({ stores, idleProgressMs: 1 })
  const http = await createTestHttp()
  let now = NOW
  const runtime: ServiceRuntime = {
    ...unused(),
    ...{ store, log, views, http: http.app },
    metrics: http.registry.forService('funds'),
    env: {},
    clock: () => now,
  }
  for (const { group, views: ofGroup } of viewGroups('funds', funds.views)) {
    await views.ensure(group, ofGroup)
  }
  const running = await funds.build(runtime)
  const groups = await viewsOf(log, store, views)
  const following = [...running.consumers, ...groups]
  return {
    ...http,
    setNow: later => {
      now = later
    },
    settled: () => settle(stores, following),
    stop: async () => {
      await Promise.all(following.map(consumer => consumer.stop()))
      await running.stop?.()
      await log.close()
      await http.close()
    },
  }
}

/** Rows and progress together, as in tables. */
class ViewsWithProgress extends MemoryViewStore {
  readonly #store: EventStore
  constructor(store: EventStore) {
    super()
    this.#store = store
  }
  override async save(saved: readonly Saved[], progress: Progress): Promise<void> {
    await super.save(saved, progress)
    await this.#store.append([], [progress])
  }
}

function viewsOf(
  log: MessageLog,
  store: EventStore,
  views: ViewStore,
): Promise<RunningSubscription[]> {
  return Promise.all(
    viewGroups('funds', funds.views).map(viewGroup =>
      runViews({ viewGroup: { ...viewGroup, lingerMs: 1 }, log, store, views }),
    ),
  )
}

/** The sources' groups first, then the views of what these booked. */
async function settle(
  stores: ReadonlyMap<ServiceName, EventStore>,
  following: readonly RunningSubscription[],
): Promise<void> {
  for (const ofViews of [false, true]) {
    for (const consumer of following) {
      if (consumer.group.startsWith('funds.view.') !== ofViews) continue
      const service = consumer.topic.split('.')[0]
      const source = [...stores].find(([name]) => name === service)?.[1]
      assert.ok(source !== undefined)
      const { position } = await source.head()
      await until(`${consumer.group} at ${position}`, async () => {
        assert.equal(consumer.fault(), null)
        return consumer.handled() >= position
      })
    }
  }
}

function unused(): ServiceRuntime {
  const none = () => Promise.reject(new Error('not used by funds'))
  return {
    name: 'funds',
    logger: SILENT,
    newId: () => uuidFrom<Uuid>(NAMESPACE.command, 'id'),
    urlOf: () => '',
    serviceToken: none,
    personKey: Buffer.alloc(32),
    openKeys: none,
    caughtUp: none,
  } as unknown as ServiceRuntime
}
