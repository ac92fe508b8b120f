/**
 * Every log from its first event on, the logs shared out over as many processes as there are cores.
 */
import { execFile } from 'node:child_process'
import os from 'node:os'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { headsOf } from '../instance/drain.ts'
import type { Ground } from '../instance/ground.ts'
import { treeCpuMicros } from '../machine/processes.ts'
import type { Rebuilt } from './replay-worker.ts'

const WORKER = fileURLToPath(import.meta.resolve('./replay-worker.ts'))
/** Everything stays: room for it. A larger young generation was measured to be slower. */
const MEMORY = ['--max-old-space-size=8192', '--max-semi-space-size=32']
const run = promisify(execFile)

export type ReplayFigures = {
  readonly events: number
  readonly streams: number
  readonly viewRows: number
  readonly processes: number
  readonly eventsPerSecond: number
  readonly nodeMicrosAnEvent: number
  readonly postgresMicrosAnEvent: number
  readonly peakMiB: number
}

export async function benchReplay(ground: Ground): Promise<ReplayFigures> {
  const { pool, databaseUrl, postgresPid } = ground
  const heads = await headsOf(pool)
  const shares = shareOut([...heads], os.availableParallelism())
  const before = treeCpuMicros(postgresPid)
  const rebuilt = await Promise.all(
    shares.map(async services => {
      const args = [...MEMORY, WORKER, databaseUrl, ...services]
      const { stdout } = await run(process.execPath, args)
      return JSON.parse(stdout) as Rebuilt
    }),
  )
  const postgres = treeCpuMicros(postgresPid) - before
  const total = (of: (one: Rebuilt) => number) => rebuilt.reduce((sum, one) => sum + of(one), 0)
  const startedMs = Math.min(...rebuilt.map(one => one.startedMs))
  const endedMs = Math.max(...rebuilt.map(one => one.endedMs))
  const events = total(one => one.events)
  return {
    events,
    streams: total(one => one.streams),
    viewRows: total(one => one.rows),
    processes: rebuilt.length,
    eventsPerSecond: Math.round((events * 1_000) / (endedMs - startedMs)),
    nodeMicrosAnEvent: Math.round((total(one => one.cpuMicros) / events) * 10) / 10,
    postgresMicrosAnEvent: Math.round((postgres / events) * 10) / 10,
    peakMiB: Math.round(total(one => one.peakBytes) / 2 ** 20),
  }
}

/** The longest log first, each to the process with the least so far; empty shares are left out. */
function shareOut<T>(sized: readonly (readonly [T, bigint])[], processes: number): T[][] {
  const shares = Array.from({ length: processes }, () => ({ of: [] as T[], size: 0n }))
  for (const [item, size] of sized.toSorted(([, a], [, b]) => (a < b ? 1 : -1))) {
    const [least] = shares.toSorted((a, b) => (a.size < b.size ? -1 : 1))
    least?.of.push(item)
    if (least !== undefined) least.size += size
  }
  return shares.map(share => share.of).filter(share => share.length > 0)
}
