/** Gathers what arrives while earlier work is under way: no timer, no await for each message. */
import { Fault } from './fault.ts'

export type BatcherOptions<In, Out> = {
  /** Answers in the order of the items. A throw fails every item of the batch. */
  readonly run: (items: readonly In[]) => Promise<readonly Out[]>
  readonly maxBatch: number
  readonly maxInFlight: number
  /** Items waiting; more are refused as `overloaded`. */
  readonly maxQueue: number
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
  #scheduled = false

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
    if (this.#scheduled || this.#inFlight >= this.#options.maxInFlight) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      void this.#next()
    })
  }

  async #next(): Promise<void> {
    const batch = this.#queue.splice(0, this.#options.maxBatch)
    if (batch.length === 0) return
    this.#inFlight += 1
    if (this.#queue.length > 0) this.#schedule()
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
