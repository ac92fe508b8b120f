/**
 * What-if runs of this process: one at a time, the newest results kept in memory, a stopped run's
 * checkpoint in a file. A run is named by what it is asked, so asking again goes on with it.
 */
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { WhatIfJson, WhatIfReportJson } from '@tongchou/contracts/http/whatif.ts'
import { NAMESPACE, type Uuid, uuidFrom } from '@tongchou/contracts/id.ts'
import type { EventStore } from '@tongchou/runtime/event-store/port.ts'
import { errorFields, type Logger } from '@tongchou/runtime/service/logger.ts'
import { reportJson } from '../report.ts'
import type { Period } from '../rerun.ts'
import { type Draft, type RunProgress, runWhatIf, type Source } from './run.ts'

/** Reports are some hundred KB at most. */
const KEPT = 20

export type JobPorts = {
  readonly store: Pick<EventStore, 'head'>
  readonly source: Source
  /** Folder of the checkpoints; null: a stopped run begins anew. */
  readonly folder: string | null
  readonly logger: Logger
}

type Job = {
  readonly whatIfId: Uuid
  readonly region: string
  readonly stopping: AbortController
  state: WhatIfJson['state']
  progress: RunProgress
  upTo: bigint
  report: WhatIfReportJson | null
  ended: Promise<void>
}

export class WhatIfJobs {
  readonly #ports: JobPorts
  readonly #jobs = new Map<string, Job>()

  constructor(ports: JobPorts) {
    this.#ports = ports
  }

  /** The id of the run that is asked for, whether it runs already or begins now. */
  start(draft: Draft, period: Period): Uuid | { readonly running: Uuid } {
    const whatIfId = whatIfIdOf(draft, period)
    const running = [...this.#jobs.values()].find(({ state }) => state === 'running')
    if (running !== undefined) {
      return running.whatIfId === whatIfId ? whatIfId : { running: running.whatIfId }
    }
    const job: Job = {
      ...{ whatIfId, region: period.region, stopping: new AbortController() },
      ...{ state: 'running', progress: { scanned: 0, position: 0 }, upTo: 0n, report: null },
      ended: Promise.resolve(),
    }
    this.#jobs.delete(whatIfId)
    this.#jobs.set(whatIfId, job)
    const [oldest] = this.#jobs.keys()
    if (this.#jobs.size > KEPT && oldest !== undefined) this.#jobs.delete(oldest)
    job.ended = this.#run(job, draft, period)
    return whatIfId
  }

  /** Undefined for a run that nobody asked for here, or that is forgotten. */
  find(whatIfId: string): { readonly region: string; readonly answer: WhatIfJson } | undefined {
    const job = this.#jobs.get(whatIfId)
    if (job === undefined) return undefined
    const { region, state, progress, upTo, report } = job
    const { scanned, position } = progress
    const answer = { whatIfId, state, scanned, position, upTo: Number(upTo), report }
    return { region, answer }
  }

  /** Stops at the next claims; what is done is kept. */
  async stop(whatIfId: string): Promise<void> {
    const job = this.#jobs.get(whatIfId)
    job?.stopping.abort()
    await job?.ended
  }

  async close(): Promise<void> {
    for (const whatIfId of this.#jobs.keys()) await this.stop(whatIfId)
  }

  async #run(job: Job, draft: Draft, period: Period): Promise<void> {
    const { store, source, logger } = this.#ports
    const { whatIfId, region } = job
    const { hash: packHash } = draft.plan
    logger.info({ event: 'what-if.started', packHash, region })
    try {
      const checkpoint = await this.#checkpointOf(whatIfId)
      const end = await store.head()
      job.upTo = end.position
      const ran = await runWhatIf({
        ...{ draft, period, source, end, checkpoint, signal: job.stopping.signal },
        onProgress: progress => {
          job.progress = progress
        },
      })
      job.upTo = ran.upTo
      job.progress = { scanned: ran.scanned, position: job.progress.position }
      if (ran.done) {
        job.report = reportJson({ draft: draft.plan, period, ...ran })
        if (checkpoint !== null) await rm(checkpoint, { force: true })
      }
      job.state = ran.done ? 'done' : 'stopped'
      const outcome = job.state
      logger.info({ event: 'what-if.ended', packHash, region, outcome, count: ran.scanned })
    } catch (cause) {
      job.state = 'failed'
      logger.error({ event: 'what-if.failed', packHash, region, ...errorFields(cause) })
    }
  }

  async #checkpointOf(whatIfId: Uuid): Promise<string | null> {
    const { folder } = this.#ports
    if (folder === null) return null
    await mkdir(folder, { recursive: true })
    return join(folder, `${whatIfId}.json`)
  }
}

export function whatIfIdOf({ plan }: Draft, { region, from, to }: Period): Uuid {
  return uuidFrom(NAMESPACE.policy, `what-if ${plan.hash} ${region} ${from} ${to}`)
}
