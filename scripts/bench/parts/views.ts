/** The views of one service, fed by themselves with the events behind a position. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { ServiceName } from '@tongchou/contracts/services.ts'
import type { Ground } from '../instance/ground.ts'
import type { ViewsDone } from './views-worker.ts'

const WORKER = fileURLToPath(import.meta.resolve('./views-worker.ts'))
const BATCH = 300
const run = promisify(execFile)

export type ViewCost = {
  readonly statementsABatch: number
  readonly nodeMicros: number
  readonly postgresMicros: number
}

/** µs of CPU a claim. */
export async function benchViews(
  { databaseUrl, postgresPid }: Ground,
  service: ServiceName,
  from: ReadonlyMap<ServiceName, bigint>,
  claims: number,
): Promise<ViewCost> {
  const starts = Object.fromEntries([...from].map(([name, position]) => [name, String(position)]))
  const args = [WORKER, databaseUrl, service, JSON.stringify(starts), String(postgresPid)]
  const { stdout } = await run(process.execPath, args)
  const { share, nodeMicros, postgresMicros, calls } = JSON.parse(stdout) as ViewsDone
  const measured = Math.max(1, claims * share)
  return {
    statementsABatch: (calls * BATCH) / claims,
    nodeMicros: nodeMicros / measured,
    postgresMicros: postgresMicros / measured,
  }
}
