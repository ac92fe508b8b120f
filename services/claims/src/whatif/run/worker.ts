/** A thread of a what-if run: compiles the draft once and passes one lane. */
import { enableCompileCache } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'
import type { LaneOrder, Passed } from './pass.ts'

export type WorkerData = {
  readonly url: string
  /** The whole pack as JSON, checked before. */
  readonly document: unknown
  readonly order: LaneOrder
  /** Not 0: stop and hand over where the lane stands. */
  readonly stop: Int32Array
  readonly saveEveryMs: number
}
export type FromWorker =
  | { readonly kind: 'passing'; readonly scanned: number; readonly position: bigint }
  | { readonly kind: 'saved'; readonly passed: Passed }
  | { readonly kind: 'ended'; readonly passed: Passed }
  | { readonly kind: 'failed'; readonly message: string }

async function run({ url, document, order, stop, saveEveryMs }: WorkerData): Promise<void> {
  const { loadPolicy } = await import('../../policy/load.ts')
  const { passLane } = await import('./pass.ts')
  const { databaseReader } = await import('./read.ts')
  const loaded = loadPolicy(document)
  if (!loaded.ok) throw new Error('the draft does not load')
  let savedAt = performance.now()
  const passed = await passLane(databaseReader(url), loaded.plan, {
    order,
    hooks: {
      isStopped: () => Atomics.load(stop, 0) !== 0,
      tell: lane => {
        const { scanned, position } = lane
        send({ kind: 'passing', scanned, position })
        if (performance.now() - savedAt < saveEveryMs) return
        send({ kind: 'saved', passed: { done: false, lane: lane.save() } })
        savedAt = performance.now()
      },
    },
  })
  send({ kind: 'ended', passed })
}

function send(message: FromWorker): void {
  parentPort?.postMessage(message)
}

enableCompileCache()
run(workerData as WorkerData).catch((error: unknown) => {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
  send({ kind: 'failed', message })
})
