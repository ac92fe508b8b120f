/**
 * Gathers what arrives while earlier work is under way, and what arrives close together: no await
 * for each message.
 */
import { Fault } from '../service/fault.ts'

export type BatcherOptions<In, Out> = {
  /** Answers in the order of the items. A throw fails every item of the batch. */
  readonly run: (items: readonly In[]) => Promise<readonly Out[]>
  readonly maxBatch: number
  readonly maxInFlight: number
  /** Items waiting; more are refused as `overloaded`. */
  readonly maxQueue: number
  /** Between the beginnings of batches that are not full, which cost nearly what full ones do. */
  readonly spacingMs?: number
}

type Waiting<In, Out> = {
  readonly item: In
  readonly resolve: (out: Out) => void
  readonly reject: (cause: unknown) => void
}

export class Batcher<In, Out> {
  readonly #options: BatcherOptions<In, Out>
  readonly #queue: Waiting<In, Out>[] = []
  #inFlight = 0
  /** When the last batch began. */
  #beganMs = Number.NEGATIVE_INFINITY
  #soon: NodeJS.Immediate | undefined
  #later: NodeJS.Timeout | undefined

  constructor(options: BatcherOptions<In, Out>) {
    this.#options = options
  }

  /** Throws Fault `overloaded` when the queue is full. */
  submit(item: In): Promise<Out> {
    if (this.#queue.length >= this.#options.maxQueue) {
      return Promise.reject(new Fault('overloaded', 'too many requests are waiting'))
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ item, resolve, reject })
      this.#schedule()
    })
  }

  #schedule(): void {
    const { maxInFlight, maxBatch, spacingMs = 0 } = this.#options
    if (this.#queue.length === 0 || this.#inFlight >= maxInFlight) return
    const waitMs = this.#beganMs + spacingMs - performance.now()
    if (waitMs <= 0 || this.#queue.length >= maxBatch) {
      this.#soon ??= setImmediate(() => this.#begin())
    } else {
      this.#later ??= setTimeout(() => this.#begin(), waitMs)
    }
  }

  #begin(): void {
    clearImmediate(this.#soon)
    clearTimeout(this.#later)
    this.#soon = undefined
    this.#later = undefined
    void this.#next()
  }

  async #next(): Promise<void> {
    const batch = this.#queue.splice(0, this.#options.maxBatch)
    this.#beganMs = performance.now()
    this.#inFlight += 1
    this.#schedule()
    try {
      const outs = await this.#options.run(batch.map(({ item }) => item))
      batch.forEach(({ resolve, reject }, index) => {
        const out = outs[index]
        if (out === undefined) reject(new Error('a batch answers every item'))
        else resolve(out)
      })
    } catch (cause) {
      for (const { reject } of batch) reject(cause)
    } finally {
      this.#inFlight -= 1
      this.#schedule()
    }
  }
}
