/**
 * Rebuilds what some services' logs say, in memory: every state, every view that feeds on them.
 * Each event is read and decoded once. Prints one JSON line; `replay.ts` starts it.
 */
import { decodeEvent } from '@tongchou/contracts/avro/codec.ts'
import { assert } from '@tongchou/contracts/decision.ts'
import type { ServiceName } from '@tongchou/contracts/services.ts'
import { Snapshot } from '@tongchou/runtime/audit/snapshot/snapshot.ts'
import { MemoryViewStore } from '@tongchou/runtime/view/memory.ts'
import { recordedOver } from '../../audit/event/decoded.ts'
import { VIEWS_OF } from '../../audit/views.ts'
import { peakBytes } from '../machine/processes.ts'
import { FOLDS } from './states.ts'

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

async function rebuild(snapshot: Snapshot, service: ServiceName, total: Sizes): Promise<void> {
  const states = new Map<string, unknown>()
  const tables = new MemoryViewStore()
  const views = Object.values(VIEWS_OF)
    .flat()
    .filter(({ topic }) => topic.service === service)
  await snapshot.events(service, row => {
    const event = recordedOver(row, decodeEvent(Buffer.from(row.data)), row.position)
    const { stream } = event
    const fold = FOLDS.get(stream.slice(0, stream.indexOf('-')))
    assert(fold !== undefined, `a fold for ${stream}`)
    states.set(stream, fold.evolve(states.get(stream) ?? fold.initialState, event))
    tables.apply(views, event)
    total.events += 1
  })
  total.streams += states.size
  total.rows += views.reduce((rows, view) => rows + tables.table(view).size, 0)
}

const [url = '', ...services] = process.argv.slice(2)
const snapshot = await Snapshot.take(url)
const total: Sizes = { events: 0, streams: 0, rows: 0 }
const startedMs = Date.now()
const before = process.cpuUsage()
for (const service of services) await rebuild(snapshot, service as ServiceName, total)
const { user, system } = process.cpuUsage(before)
const rebuilt: Rebuilt = {
  ...total,
  startedMs,
  endedMs: Date.now(),
  cpuMicros: user + system,
  peakBytes: peakBytes(process.pid),
}
process.stdout.write(`${JSON.stringify(rebuilt)}\n`)
await snapshot.close()
