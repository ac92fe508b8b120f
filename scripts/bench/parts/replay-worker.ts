/**
 * Rebuilds what some services' logs say, in memory: every state, every view that feeds on them.
 * Each event is read and decoded once. Prints one JSON line; `replay.ts` starts it.
 */
import { assert } from '@tongchou/contracts/decision.ts'
import type { ServiceName } from '@tongchou/contracts/services.ts'
import type { PostgresStore } from '@tongchou/runtime/event-store/postgres.ts'
import { openPostgresStore } from '@tongchou/runtime/event-store/postgres.ts'
import { openDatabase } from '@tongchou/runtime/postgres/database.ts'
import { recorded } from '@tongchou/runtime/service/recorded.ts'
import { MemoryViewStore } from '@tongchou/runtime/view/memory.ts'
import { peakBytes } from '../machine/processes.ts'
import { FOLDS, VIEWS_OF } from './states.ts'

const PAGE = 2_000

export type Rebuilt = {
  readonly events: number
  readonly streams: number
  readonly rows: number
  readonly startedMs: number
  readonly endedMs: number
  readonly cpuMicros: number
  readonly peakBytes: number
}

type Sizes = { events: number; streams: number; rows: number }

/** The next page is fetched while this one is folded. */
async function rebuild(store: PostgresStore, service: ServiceName, total: Sizes): Promise<void> {
  const states = new Map<string, unknown>()
  const tables = new MemoryViewStore()
  const views = Object.values(VIEWS_OF)
    .flat()
    .filter(({ topic }) => topic.service === service)
  let after = 0n
  let next = store.readAll(after, PAGE)
  for (let page = await next; page.length > 0; page = await next) {
    after += BigInt(page.length)
    next = store.readAll(after, PAGE)
    for (const stored of page) {
      const event = recorded(stored)
      const { stream } = stored
      const fold = FOLDS.get(stream.slice(0, stream.indexOf('-')))
      assert(fold !== undefined, `a fold for ${stream}`)
      states.set(stream, fold.evolve(states.get(stream) ?? fold.initialState, event))
      tables.apply(views, event)
    }
  }
  total.events += Number(after)
  total.streams += states.size
  total.rows += views.reduce((rows, view) => rows + tables.table(view).size, 0)
}

const [url = '', ...services] = process.argv.slice(2)
const database = openDatabase({ url, readers: 2 })
const stores = await Promise.all(
  services.map(async schema => ({
    service: schema as ServiceName,
    store: await openPostgresStore({ database, schema, recent: { maxEvents: 1 } }),
  })),
)
const total: Sizes = { events: 0, streams: 0, rows: 0 }
const startedMs = Date.now()
const before = process.cpuUsage()
for (const { service, store } of stores) await rebuild(store, service, total)
const { user, system } = process.cpuUsage(before)
const rebuilt: Rebuilt = {
  ...total,
  startedMs,
  endedMs: Date.now(),
  cpuMicros: user + system,
  peakBytes: peakBytes(process.pid),
}
process.stdout.write(`${JSON.stringify(rebuilt)}\n`)
for (const { store } of stores) await store.close()
await database.close()
