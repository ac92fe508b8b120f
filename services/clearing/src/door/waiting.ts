/**
 * Requests that wait for their claim's answer, woken by the store's own appends whoever made them;
 * what another replica of the door appended is not taken for how a claim stands.
 */
import { setImmediate as turn } from 'node:timers/promises'
import type { StoredEvent } from '@tongchou/runtime/event-store/port.ts'
import type { ClaimState } from '../claim/state.ts'
import { isAnswered } from './answer.ts'
import type { ClaimHandler } from './submit.ts'

const ANSWERS: ReadonlySet<string> = new Set([
  'ClaimSettled',
  'ClaimHeld',
  'ClaimRejected',
  'ClaimWithdrawn',
])

type Waiter = (version: number) => void

export class Waiting {
  readonly #handler: ClaimHandler
  readonly #waiters = new Map<string, Set<Waiter>>()
  /** Versions of streams that are remembered as they were before. */
  readonly #behind = new Map<string, number>()

  constructor(handler: ClaimHandler) {
    this.#handler = handler
  }

  onEvents(events: readonly StoredEvent[]): void {
    for (const { stream, type, version } of events) {
      if (this.#handler.hear(stream, version)) this.#noteBehind(stream, version)
      if (!ANSWERS.has(type)) continue
      for (const waiter of this.#waiters.get(stream) ?? []) waiter(version)
    }
  }

  /** Our own handler learns of its append in the same turn as we: what is behind then stays so. */
  #noteBehind(stream: string, version: number): void {
    if (this.#behind.size === 0) setImmediate(() => this.#forgetBehind())
    this.#behind.set(stream, version)
  }

  #forgetBehind(): void {
    for (const [stream, version] of this.#behind) this.#handler.forgetBehind(stream, version)
    this.#behind.clear()
  }

  /** The state once the claim is answered, or as it is after `timeoutMs`. */
  async answered(stream: string, state: ClaimState, timeoutMs: number): Promise<ClaimState> {
    if (isAnswered(state) || timeoutMs <= 0) return state
    const version = this.#next(stream, timeoutMs)
    const behind = this.#behind.has(stream)
    const known = await (behind ? this.#handler.reload(stream) : this.#handler.load(stream))
    if (isAnswered(known.state)) {
      version.cancel()
      return known.state
    }
    const seen = await version.promise
    const hot = await this.#handler.load(stream)
    if (seen === null || hot.head.version >= seen) return hot.state
    await turn() // our own handler learns of its append in the same turn as we did
    const later = await this.#handler.load(stream)
    if (later.head.version >= seen) return later.state
    return (await this.#handler.reload(stream)).state
  }

  /** Resolves with the version of the answering event, or null when time is up. */
  #next(
    stream: string,
    timeoutMs: number,
  ): { promise: Promise<number | null>; cancel: () => void } {
    const { promise, resolve } = Promise.withResolvers<number | null>()
    const waiters = this.#waiters.get(stream) ?? new Set()
    this.#waiters.set(stream, waiters)
    const finish = (version: number | null): void => {
      clearTimeout(timer)
      waiters.delete(waiter)
      if (waiters.size === 0) this.#waiters.delete(stream)
      resolve(version)
    }
    const waiter: Waiter = finish
    const timer = setTimeout(finish, timeoutMs, null)
    waiters.add(waiter)
    return { promise, cancel: () => finish(null) }
  }
}
