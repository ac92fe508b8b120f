import type { Binding, IdempotencyKeys } from './port.ts'
import { HOLDER_MS, oldestHolder } from './port.ts'

type Bound = {
  readonly digest: Buffer
  readonly boundAtMs: number
  accepted: boolean
  readonly holders: Set<bigint>
}

/** Names in a map: for tests and `--memory`. */
export class MemoryIdempotencyKeys implements IdempotencyKeys {
  readonly #bound = new Map<string, Bound>()
  readonly #nowMs: () => number

  constructor(nowMs: () => number = Date.now) {
    this.#nowMs = nowMs
  }

  async bind({ name, digest, holder }: Binding): Promise<boolean> {
    const bound = this.#bound.get(name.toString('hex'))
    if (bound === undefined) {
      const holders = new Set([holder])
      const made = { digest, boundAtMs: this.#nowMs(), accepted: false, holders }
      this.#bound.set(name.toString('hex'), made)
      return true
    }
    if (!bound.digest.equals(digest)) return false
    bound.holders.add(holder)
    return true
  }

  async accept({ name, holder }: Binding): Promise<void> {
    const bound = this.#bound.get(name.toString('hex'))
    if (bound?.holders.has(holder) === true) bound.accepted = true
  }

  async release({ name, holder }: Binding): Promise<void> {
    const bound = this.#bound.get(name.toString('hex'))
    if (bound === undefined || bound.accepted) return
    const oldest = oldestHolder(this.#nowMs() - HOLDER_MS)
    if (!bound.holders.delete(holder)) return
    if ([...bound.holders].every(other => other < oldest)) this.#bound.delete(name.toString('hex'))
  }

  async forget(keepMs: number, limit: number): Promise<number> {
    const before = this.#nowMs() - keepMs
    const old = [...this.#bound].filter(([, { boundAtMs }]) => boundAtMs <= before).slice(0, limit)
    for (const [name] of old) this.#bound.delete(name)
    return old.length
  }
}
