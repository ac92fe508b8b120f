/**
 * A what-if run over the whole store: lanes side by side, each with the persons of its partitions,
 * a checkpoint file to go on from. Reads the store and writes nothing to it.
 */
import { readFile, rename, writeFile } from 'node:fs/promises'
import { Worker } from 'node:worker_threads'
import { PARTITIONS } from '@tongchou/contracts/topics.ts'
import type { Plan } from '../../policy/plan/plan.ts'
import type { Lane } from '../lane.ts'
import type { Period } from '../rerun.ts'
import { restoreTally } from '../saved.ts'
import { Tally } from '../tally.ts'
import type { LaneOrder, Passed } from './pass.ts'
import { passLane } from './pass.ts'
import type { Reader } from './read.ts'
import type { FromWorker, WorkerData } from './worker.ts'

export type Draft = { readonly document: unknown; readonly plan: Plan }
export type End = { readonly incarnation: string; readonly position: bigint }

/** Where the claims are read: by threads from a database, or here from a store. */
export type Source =
  | { readonly kind: 'database'; readonly url: string; readonly threads: number }
  | { readonly kind: 'store'; readonly reader: Reader }

export type RunOptions = {
  readonly draft: Draft
  readonly period: Period
  readonly source: Source
  /** Where the store ends; a run that goes on keeps the end it began with. */
  readonly end: End
  /** File to go on from and to write; null: nothing is kept. */
  readonly checkpoint: string | null
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: RunProgress) => void
  readonly saveEveryMs?: number
}

/** Adjudications looked at, and how far through the store: of all lanes together. */
export type RunProgress = { readonly scanned: number; readonly position: number }

export type Ran = {
  readonly done: boolean
  readonly scanned: number
  readonly upTo: bigint
  readonly tally: Tally
}

/** The file belongs to another draft, period or store, or is damaged. */
export class OtherCheckpoint extends Error {
  override readonly name = 'OtherCheckpoint'
}

const FORMAT = 'tongchou-whatif/1'
const SAVE_EVERY_MS = 5000

type Kept = { readonly partitions: readonly number[]; readonly passed: Passed | null }
type Checkpoint = {
  readonly format: string
  readonly packHash: string
  readonly period: Period
  readonly incarnation: string
  readonly upTo: string
  readonly lanes: readonly Kept[]
}

export async function runWhatIf(options: RunOptions): Promise<Ran> {
  const run = new Run(options, await startOf(options))
  return run.go()
}

async function startOf(options: RunOptions): Promise<Checkpoint> {
  const { draft, period, end, source, checkpoint } = options
  const found = checkpoint === null ? null : await readCheckpoint(checkpoint)
  if (found !== null) {
    const same =
      found.packHash === draft.plan.hash &&
      JSON.stringify(found.period) === JSON.stringify(period) &&
      found.incarnation === end.incarnation
    if (same) return found
    throw new OtherCheckpoint(`${checkpoint} is of another draft, period or store`)
  }
  const count = source.kind === 'store' ? 1 : Math.max(1, Math.min(source.threads, PARTITIONS))
  const lanes = Array.from({ length: count }, (_, lane) => ({
    partitions: Array.from({ length: PARTITIONS }, (_, at) => at).filter(at => at % count === lane),
    passed: null,
  }))
  const { incarnation, position } = end
  const { hash: packHash } = draft.plan
  return { format: FORMAT, packHash, period, incarnation, upTo: String(position), lanes }
}

async function readCheckpoint(path: string): Promise<Checkpoint | null> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null
    throw cause
  }
  try {
    const found = JSON.parse(text) as Checkpoint
    if (found.format === FORMAT) return found
  } catch {
    // said below
  }
  throw new OtherCheckpoint(`${path} is no checkpoint of a what-if run`)
}

class Run {
  readonly #options: RunOptions
  readonly #start: Checkpoint
  readonly #lanes: (Passed | null)[]
  readonly #passing: { readonly scanned: number; readonly position: bigint }[]
  readonly #stop = new Int32Array(new SharedArrayBuffer(4))
  #writing: Promise<void> = Promise.resolve()

  constructor(options: RunOptions, start: Checkpoint) {
    this.#options = options
    this.#start = start
    this.#lanes = start.lanes.map(({ passed }) => passed)
    this.#passing = start.lanes.map(({ passed }) => ({
      scanned: passed?.lane.scanned ?? 0,
      position: BigInt(passed?.lane.position ?? 0),
    }))
  }

  async go(): Promise<Ran> {
    const { signal } = this.#options
    const stop = (): void => void Atomics.store(this.#stop, 0, 1)
    if (signal?.aborted === true) stop()
    signal?.addEventListener('abort', stop)
    try {
      const ends = await Promise.allSettled(this.#start.lanes.map((_, at) => this.#pass(at)))
      await this.#save()
      for (const end of ends) if (end.status === 'rejected') throw end.reason
    } finally {
      signal?.removeEventListener('abort', stop)
    }
    const tally = new Tally()
    for (const passed of this.#lanes) {
      if (passed !== null) tally.merge(restoreTally(passed.lane.tally))
    }
    const done = this.#lanes.every(passed => passed?.done === true)
    return { done, scanned: this.progress.scanned, upTo: BigInt(this.#start.upTo), tally }
  }

  async #pass(at: number): Promise<void> {
    const kept = this.#lanes[at] ?? null
    if (kept?.done === true) return
    const { draft, source, period } = this.#options
    const partitions = this.#start.lanes[at]?.partitions ?? []
    const upTo = BigInt(this.#start.upTo)
    const order = { period, partitions, upTo, saved: kept?.lane ?? null }
    try {
      this.#lanes[at] =
        source.kind === 'database'
          ? await this.#inThread(at, source.url, order)
          : await passLane(source.reader, draft.plan, {
              order,
              hooks: {
                isStopped: () => Atomics.load(this.#stop, 0) !== 0,
                tell: lane => this.#tell(at, lane),
              },
            })
    } catch (cause) {
      Atomics.store(this.#stop, 0, 1) // the others keep what they have
      throw cause
    }
    const { scanned = 0 } = this.#lanes[at]?.lane ?? {}
    const position = BigInt(this.#lanes[at]?.done === true ? upTo : 0)
    this.#tell(at, { scanned, position })
  }

  async #inThread(at: number, url: string, order: LaneOrder): Promise<Passed> {
    const { draft, saveEveryMs = SAVE_EVERY_MS } = this.#options
    const { document } = draft
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: { url, document, order, stop: this.#stop, saveEveryMs } satisfies WorkerData,
    })
    const { promise, resolve, reject } = Promise.withResolvers<Passed>()
    worker.on('message', (message: FromWorker) => {
      if (message.kind === 'passing') this.#tell(at, message)
      else if (message.kind === 'ended') resolve(message.passed)
      else if (message.kind === 'failed') reject(new Error(message.message))
      else this.#keep(at, message.passed)
    })
    worker.once('error', reject)
    return promise.finally(() => worker.terminate())
  }

  #tell(at: number, { scanned, position }: Pick<Lane, 'scanned' | 'position'>): void {
    this.#passing[at] = { scanned, position }
    this.#options.onProgress?.(this.progress)
  }

  get progress(): RunProgress {
    let [scanned, position] = [0, 0]
    for (const lane of this.#passing) {
      scanned += lane.scanned
      position += Number(lane.position)
    }
    return { scanned, position: Math.floor(position / this.#passing.length) }
  }

  #keep(at: number, passed: Passed): void {
    this.#lanes[at] = passed
    this.#save().catch(() => {}) // the last save says so
  }

  /** One after another; the file is whole at every moment. */
  #save(): Promise<void> {
    const { checkpoint } = this.#options
    if (checkpoint === null) return Promise.resolve()
    const write = async (): Promise<void> => {
      const lanes = this.#start.lanes.map(({ partitions }, at) => ({
        partitions,
        passed: this.#lanes[at] ?? null,
      }))
      const text = JSON.stringify({ ...this.#start, lanes } satisfies Checkpoint)
      await writeFile(`${checkpoint}.new`, text)
      await rename(`${checkpoint}.new`, checkpoint)
    }
    this.#writing = this.#writing.catch(() => {}).then(write)
    return this.#writing
  }
}
