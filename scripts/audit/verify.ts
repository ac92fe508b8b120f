/** The whole audit: stores passed side by side in threads, then what they say of each other. */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { ServiceName } from '@tongchou/contracts/services.ts'
import { CHECKS, type CheckId, type Finding, type TallyResult } from './checks.ts'
import { joinAll } from './join/joins.ts'
import { digestOf, type StoreDigest } from './lane.ts'
import type { Passed } from './pass.ts'
import type { SourceAddress } from './source/open.ts'
import { type AuditSource, type StoreFacts, trusting } from './source/source.ts'
import type { FromWorker, ToWorker, WorkerData } from './worker.ts'

export type CheckLine = {
  readonly check: CheckId
  readonly what: string
  readonly checked: number
  readonly found: number
}

export type Audit = {
  readonly checks: readonly CheckLine[]
  /** In the order of the checks; of each check and service at most some dozens. */
  readonly findings: readonly Finding[]
  readonly stores: readonly StoreDigest[]
  readonly digest: string
  readonly events: number
  /** Groups of views whose tables were made by another build, or never: not compared. */
  readonly skippedViews: readonly string[]
  /** Said, but not taken over by a consumer yet: no damage while services run. */
  readonly pending: { readonly books: number; readonly credits: number }
}

export type VerifyOptions = {
  readonly onEvents?: (count: number) => void
  /** 0: all in this thread, for small stores. */
  readonly threads?: number
  /** Public key of the checkpoints, as signed notes name it, instead of the one beside them. */
  readonly trusted?: string
  /** Heap of a thread, MiB; what a store of some million events needs. */
  readonly heapMb?: number
}

const HEAP_MB = 4096
/** Events live for moments: with a large nursery hardly any is ever copied. */
const YOUNG_MB = 192

export async function verify(
  source: AuditSource,
  address: SourceAddress,
  options: VerifyOptions = {},
): Promise<Audit> {
  const stores = await source.stores()
  const passed =
    options.threads === 0
      ? await passHere(source, stores, options)
      : await passAll(stores, address, options)
  const joined = joinAll(
    passed.flatMap(({ blocks }) => blocks),
    stores,
  )
  const tallies = [...passed.flatMap(pass => pass.tallies), ...joined.tallies]
  const order = new Map(stores.map(({ service }, index) => [service, index]))
  const digests = passed
    .map(({ store }) => store)
    .sort((a, b) => placeOf(order, a) - placeOf(order, b))
  return {
    checks: linesOf(tallies),
    findings: findingsOf(tallies),
    stores: digests,
    digest: digestOf(digests),
    events: digests.reduce((sum, { size }) => sum + size, 0),
    skippedViews: passed.flatMap(({ skipped }) => skipped),
    pending: joined.pending,
  }
}

function placeOf(order: ReadonlyMap<string, number>, { service }: StoreDigest): number {
  return order.get(service) ?? 0
}

async function passHere(
  source: AuditSource,
  stores: readonly StoreFacts[],
  { onEvents = () => {}, trusted }: VerifyOptions,
): Promise<readonly Passed[]> {
  const { passStore } = await import('./pass.ts') // heavy, and needed by threads otherwise
  const passed: Passed[] = []
  for (const { service } of stores) {
    passed.push(await passStore(trusting(source, trusted), service, onEvents))
  }
  return passed
}

/** The largest stores first, by bytes, so that threads end together. */
async function passAll(
  stores: readonly StoreFacts[],
  address: SourceAddress,
  options: VerifyOptions,
): Promise<readonly Passed[]> {
  const { threads = availableParallelism() } = options
  const waiting = stores.toSorted((a, b) => b.bytes - a.bytes)
  const passed: Passed[] = []
  const run = async (): Promise<void> => {
    const thread = new Thread(address, options)
    try {
      for (;;) {
        const next = waiting.shift()
        if (next === undefined) return
        passed.push(await thread.pass(next.service))
      }
    } finally {
      await thread.end()
    }
  }
  const count = Math.max(1, Math.min(threads, stores.length))
  const ends = await Promise.allSettled(Array.from({ length: count }, run))
  for (const end of ends) if (end.status === 'rejected') throw end.reason
  return passed
}

class Thread {
  readonly #worker: Worker
  readonly #onEvents: (count: number) => void

  constructor(address: SourceAddress, { onEvents, trusted, heapMb = HEAP_MB }: VerifyOptions) {
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: { address, trusted } satisfies WorkerData,
      resourceLimits: { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: YOUNG_MB },
    })
    this.#onEvents = onEvents ?? (() => {})
  }

  pass(service: ServiceName): Promise<Passed> {
    const { promise, resolve, reject } = Promise.withResolvers<Passed>()
    const worker = this.#worker
    const onMessage = (message: FromWorker): void => {
      if (message.kind === 'events') this.#onEvents(message.count)
      else if (message.kind === 'passed') resolve(message.passed)
      else reject(new Error(`${service}: ${message.message}`))
    }
    const onError = (error: unknown): void => reject(error)
    worker.on('message', onMessage)
    worker.once('error', onError)
    worker.postMessage({ service } satisfies ToWorker)
    return promise.finally(() => {
      worker.off('message', onMessage)
      worker.off('error', onError)
    })
  }

  async end(): Promise<void> {
    await this.#worker.terminate()
  }
}

function linesOf(tallies: readonly TallyResult[]): readonly CheckLine[] {
  return checkIds().map(check => {
    const counts = tallies.flatMap(({ counts: of }) => of[check] ?? [])
    return {
      check,
      what: CHECKS[check],
      checked: counts.reduce((sum, count) => sum + count.checked, 0),
      found: counts.reduce((sum, count) => sum + count.found, 0),
    }
  })
}

function findingsOf(tallies: readonly TallyResult[]): readonly Finding[] {
  const all = tallies.flatMap(({ findings }) => findings)
  return checkIds().flatMap(check => all.filter(finding => finding.check === check))
}

function checkIds(): readonly CheckId[] {
  return Object.keys(CHECKS) as CheckId[]
}
