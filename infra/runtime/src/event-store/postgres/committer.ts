/**
 * Group commit: one statement in flight; what arrives meanwhile goes into the next one. Plain
 * appends share a statement, at most one for a stream; work with progress has its own, since it is
 * everything or nothing.
 */
import { Fault } from '../../service/fault.ts'
import type { Append, AppendOutcome, Progress } from '../port.ts'

export type Work = { readonly appends: readonly Append[]; readonly progress: readonly Progress[] }

/** Does all of it in one statement. `deadlineMs` is of `performance.now()`. */
export type Execute = (work: Work, deadlineMs: number) => Promise<readonly AppendOutcome[]>

export type CommitterLimits = {
  /** Events and bytes in one statement, at most, unless one caller alone brings more. */
  readonly maxEvents: number
  readonly maxBytes: number
  /** Events and bytes that may wait; beyond them Fault `overloaded`. */
  readonly maxQueuedEvents: number
  readonly maxQueuedBytes: number
  readonly unavailableMs: number
}

type Item = Work & {
  readonly events: number
  readonly bytes: number
  readonly deadlineMs: number
  readonly resolve: (outcomes: readonly AppendOutcome[]) => void
  readonly reject: (error: unknown) => void
}

export class Committer {
  readonly #execute: Execute
  readonly #limits: CommitterLimits
  #queue: Item[] = []
  #queuedEvents = 0
  #queuedBytes = 0
  #running: Promise<void> | null = null
  #closed = false

  constructor(execute: Execute, limits: CommitterLimits) {
    this.#execute = execute
    this.#limits = limits
  }

  submit(work: Work): Promise<readonly AppendOutcome[]> {
    if (this.#closed)
      return Promise.reject(new Fault('unavailable', 'closed', { retryable: false }))
    const { events, bytes } = sizeOf(work)
    const { maxQueuedEvents, maxQueuedBytes, unavailableMs } = this.#limits
    const full =
      this.#queuedEvents + events > maxQueuedEvents || this.#queuedBytes + bytes > maxQueuedBytes
    if (full && this.#queue.length > 0) {
      return Promise.reject(new Fault('overloaded', `${this.#queuedEvents} events wait already`))
    }
    const deadlineMs = performance.now() + unavailableMs
    this.#queuedEvents += events
    this.#queuedBytes += bytes
    return new Promise((resolve, reject) => {
      this.#queue.push({ ...work, events, bytes, deadlineMs, resolve, reject })
      this.#running ??= this.#drain()
    })
  }

  get queuedEvents(): number {
    return this.#queuedEvents
  }

  /** Waits for what was submitted before. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#running
  }

  async #drain(): Promise<void> {
    await Promise.resolve() // callers of the same turn share the statement
    while (this.#queue.length > 0) await this.#commit(this.#take())
    this.#running = null
  }

  /** The oldest, and with it every plain append that fits and meets no stream twice. */
  #take(): Item[] {
    const [first, ...rest] = this.#queue
    if (first === undefined) return []
    const taken = [first]
    if (first.progress.length === 0) {
      const streams = new Set(first.appends.map(({ stream }) => stream))
      const left: Item[] = []
      let { events, bytes } = first
      for (const item of rest) {
        const fits =
          item.progress.length === 0 &&
          events + item.events <= this.#limits.maxEvents &&
          bytes + item.bytes <= this.#limits.maxBytes &&
          !item.appends.some(({ stream }) => streams.has(stream))
        // a stream that waits keeps waiting in order: later appends to it do not overtake
        for (const { stream } of item.appends) streams.add(stream)
        if (!fits) {
          left.push(item)
          continue
        }
        taken.push(item)
        events += item.events
        bytes += item.bytes
      }
      this.#queue = left
    } else {
      this.#queue = rest
    }
    for (const { events, bytes } of taken) {
      this.#queuedEvents -= events
      this.#queuedBytes -= bytes
    }
    return taken
  }

  async #commit(items: readonly Item[]): Promise<void> {
    const deadlineMs = Math.max(...items.map(item => item.deadlineMs))
    const appends = items.length === 1 ? (items[0]?.appends ?? []) : items.flatMap(i => i.appends)
    const progress = items[0]?.progress ?? []
    try {
      const outcomes = await this.#execute({ appends, progress }, deadlineMs)
      let at = 0
      for (const item of items) {
        item.resolve(outcomes.slice(at, at + item.appends.length))
        at += item.appends.length
      }
    } catch (error) {
      if (error instanceof Fault || items.length === 1) {
        for (const item of items) item.reject(error)
        this.#rejectLate(error)
      } else {
        // one of them is what the database refuses: the others must not suffer from it
        for (const item of items) await this.#commit([item])
      }
    }
  }

  /** While the database is away, those whose time is over do not wait for a turn of their own. */
  #rejectLate(error: unknown): void {
    if (!(error instanceof Fault) || error.code !== 'unavailable') return
    const now = performance.now()
    const left: Item[] = []
    for (const item of this.#queue) {
      if (item.deadlineMs > now) {
        left.push(item)
        continue
      }
      this.#queuedEvents -= item.events
      this.#queuedBytes -= item.bytes
      item.reject(error)
    }
    this.#queue = left
  }
}

function sizeOf({ appends, progress }: Work): { events: number; bytes: number } {
  let events = 0
  let bytes = 0
  for (const append of appends) {
    events += append.events.length
    for (const { meta, data, attachment } of append.events) {
      bytes += meta.length + data.length + (attachment?.length ?? 0) + 150
    }
  }
  for (const { park } of progress) {
    for (const { event } of park ?? []) bytes += event.meta.length + event.data.length + 300
  }
  return { events, bytes }
}
