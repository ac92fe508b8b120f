/**
 * Builds the Merkle tree behind a store and signs where it stands, at most once a second while it
 * grows. Of the processes that share a data directory one writes: it holds a lease named after the
 * directory's key. A writer that lost its lease without noticing adds a line that is true all the
 * same.
 */
import type { Uuid } from '@tongchou/contracts/id.ts'
import { newUuid } from '@tongchou/contracts/id.ts'
import type { Instant } from '@tongchou/contracts/time.ts'
import type { EventStore, LeaseRequest } from '../event-store/port.ts'
import { Fault } from '../service/fault.ts'
import { type CheckpointLine, signCheckpoint } from './checkpoint.ts'
import {
  appendCheckpoint,
  checkpointFile,
  mendCheckpoints,
  readCheckpoints,
} from './checkpoint-file.ts'
import type { Resumed } from './resume.ts'
import { appendPage, newestLine, resume, StoreDiffers } from './resume.ts'
import type { SigningKey } from './signing-key.ts'
import type { CompactRange } from './tree.ts'

const PAGE = 2000
const INTERVAL_MS = 1000
/**
 * Between two looks at what was appended: often enough to find it in memory, seldom enough to cost
 * little.
 */
const FOLLOW_MS = 100
/** Between two looks at the end of the store when nothing was heard of it. */
const POLL_MS = 5000
const TTL_MS = 6000
/** No bytes of any event are needed, only hashes. */
const NOTHING: ReadonlySet<never> = new Set()

export type CheckpointerOptions = {
  readonly service: string
  readonly store: EventStore
  readonly dataDir: string
  readonly key: SigningKey
  readonly clock: () => Instant
  /** The store is not what was signed: nothing is signed any more until people have looked. */
  readonly onAlarm: (alarm: Error) => void
  /** The world failed; tried again. */
  readonly onFault: (fault: unknown) => void
  readonly onSigned?: (line: CheckpointLine) => void
  readonly intervalMs?: number
}

export class Checkpointer {
  readonly #options: CheckpointerOptions
  readonly #path: string
  readonly #intervalMs: number
  readonly #lease: LeaseRequest
  readonly #done: Promise<void>
  #epoch: number | null = null
  #leaseUntilMs = 0
  #tree: CompactRange | null = null
  #incarnation: Uuid | null = null
  #signed: CheckpointLine | null = null
  #signedMs = Number.NEGATIVE_INFINITY
  readonly #startedMs = performance.now()
  #heard = 0n
  #nextPollMs = 0
  #alarm: Error | null = null
  #compared = false
  #stopping = false
  #wake: () => void = () => {}

  constructor(options: CheckpointerOptions) {
    const { service, dataDir, key, intervalMs = INTERVAL_MS } = options
    this.#options = options
    this.#path = checkpointFile(dataDir, service)
    this.#intervalMs = intervalMs
    this.#lease = {
      group: `${service}.checkpoint`,
      topic: `checkpoints of ${key.keyId}`,
      partitions: [0],
      owner: newUuid(),
      ttlMs: TTL_MS,
    }
    this.#done = this.#run()
  }

  /** Why nothing is signed any more; null while the store is what was signed. */
  alarm(): Error | null {
    return this.#alarm
  }

  /** True when the store was compared with the last checkpoint since the start. */
  compared(): boolean {
    return this.#compared
  }

  /** Events in the tree of this process; null where another one writes. */
  treeSize(): number | null {
    return this.#tree?.size ?? null
  }

  /** Seconds since the last signature while events wait for one. */
  waitingSeconds(): number {
    const waiting = this.#tree !== null && this.#tree.size > (this.#signed?.size ?? 0)
    if (!waiting) return 0
    return (performance.now() - Math.max(this.#signedMs, this.#startedMs)) / 1000
  }

  /** The newest line of the data directory, whoever wrote it. */
  async latest(): Promise<CheckpointLine | null> {
    if (this.#tree !== null && this.#signed !== null) return this.#signed
    return newestLine(await readCheckpoints(this.#path, { tailOnly: true }))
  }

  /** Signs what is in the store now, unless another process does. */
  async stop(): Promise<void> {
    this.#stopping = true
    this.#wake()
    await this.#done
  }

  async #run(): Promise<void> {
    const unsubscribe = this.#options.store.onAppend(position => {
      this.#heard = position
      this.#wake()
    })
    while (!this.#stopping && this.#alarm === null) {
      const woken = this.#sleep()
      try {
        await this.#step()
      } catch (fault) {
        this.#failed(fault)
      }
      await woken
    }
    unsubscribe()
    await this.#leave().catch(this.#options.onFault)
  }

  /**
   * Until the interval is over or the store grew; not shorter than it takes for some events to
   * gather.
   */
  #sleep(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, this.#intervalMs)
    const endsMs = performance.now() + FOLLOW_MS
    this.#wake = () => {
      this.#wake = () => {}
      clearTimeout(timer)
      const leftMs = this.#stopping ? 0 : endsMs - performance.now()
      setTimeout(resolve, Math.max(0, leftMs))
    }
    return promise
  }

  async #step(): Promise<void> {
    const holds = await this.#holds()
    if (holds && this.#tree === null) await this.#take()
    else if (!this.#compared) await this.#compare()
    if (!holds) return
    await this.#follow()
    if (this.#isDue()) await this.#sign()
  }

  #isDue(): boolean {
    return performance.now() >= this.#signedMs + this.#intervalMs
  }

  /** What the newest line says against what stands in the store. Throws StoreDiffers. */
  async #compare(): Promise<Resumed> {
    const { store, key, service } = this.#options
    const lines = await readCheckpoints(this.#path, { tailOnly: true })
    const resumed = await resume(store, lines, { publicKey: key.publicKey, service })
    this.#compared = true
    return resumed
  }

  async #take(): Promise<void> {
    await mendCheckpoints(this.#path)
    const { tree, incarnation, last } = await this.#compare()
    this.#tree = tree
    this.#incarnation = incarnation
    this.#signed = last
  }

  async #follow(): Promise<void> {
    const { store } = this.#options
    while (this.#tree !== null) {
      const tree = this.#tree
      const isDue = performance.now() >= this.#nextPollMs
      if (BigInt(tree.size) >= this.#heard && !isDue) return
      const page = await store.readAll(BigInt(tree.size), PAGE, NOTHING)
      appendPage(tree, page)
      if (page.length === 0) {
        this.#nextPollMs = performance.now() + POLL_MS
        return
      }
      if (this.#isDue()) await this.#sign()
      if (this.#stopping || !(await this.#holds())) return
    }
  }

  async #sign(): Promise<void> {
    const tree = this.#tree
    const incarnation = this.#incarnation
    if (tree === null || incarnation === null || tree.size === (this.#signed?.size ?? 0)) return
    const { service, key, clock, onSigned } = this.#options
    const checkpoint = { service, incarnation, size: tree.size, root: tree.root(), at: clock() }
    const line = { ...signCheckpoint(checkpoint, key.privateKey), frontier: tree.toBytes() }
    await appendCheckpoint(this.#path, line)
    this.#signed = line
    this.#signedMs = performance.now()
    onSigned?.(line)
  }

  /**
   * Takes or prolongs the lease; a tree whose lease is gone is dropped, for another may have
   * written since.
   */
  async #holds(): Promise<boolean> {
    const { progress } = this.#options.store
    const now = performance.now()
    if (this.#epoch !== null && now < this.#leaseUntilMs - (2 * TTL_MS) / 3) return true
    if (this.#epoch !== null) {
      const epochs = new Map([[0, this.#epoch]])
      const { lost } = await progress.renew({ ...this.#lease, epochs })
      this.#leaseUntilMs = now + TTL_MS
      if (lost.length === 0) return true
      this.#epoch = null
      this.#tree = null
    }
    const [lease] = await progress.acquire(this.#lease)
    this.#epoch = lease?.epoch ?? null
    this.#leaseUntilMs = now + TTL_MS
    return lease !== undefined
  }

  async #leave(): Promise<void> {
    if (this.#epoch !== null && this.#alarm === null && this.#tree !== null) {
      await this.#follow()
      await this.#sign()
    }
    await this.#options.store.progress.release({ ...this.#lease, leave: true })
  }

  /** A missing position is no failure of the world: it is what this is here to find. */
  #failed(fault: unknown): void {
    const found = fault instanceof StoreDiffers || (fault instanceof Fault && fault.code === 'hole')
    if (found) {
      this.#alarm = fault
      this.#options.onAlarm(fault)
    } else {
      this.#options.onFault(fault)
    }
  }
}
