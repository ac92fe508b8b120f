/**
 * Law 2 for policies: that no pack is in force counts only once this process has read the policy
 * log as far as it went when the claim came. Until then the batch is tried again.
 */
import { TOPICS } from '@tongchou/contracts/topics.ts'
import type { MessageLog, RunningSubscription } from '@tongchou/runtime/message-log/port.ts'
import { Fault } from '@tongchou/runtime/service/fault.ts'

const POLL_MS = 5

/**
 * No pack computes the claim: its key is parked with this reason and replayed once a pack is
 * published.
 */
export class NoPolicy extends Error {
  override readonly name = 'NoPolicy'
}

export type MissingPackPorts = {
  readonly log: Pick<MessageLog, 'head'>
  /** The consumer that fills the shelf. */
  readonly shelf: Pick<RunningSubscription, 'handled'>
  /** Longest wait of one look at the policy log; the next miss looks again. */
  readonly catchUpMs: number
}

export class MissingPacks {
  readonly #ports: MissingPackPorts
  /** Claims up to this position came before the newest pack that the shelf holds. */
  #checkedTo = 0n
  #checking = false

  constructor(ports: MissingPackPorts) {
    this.#ports = ports
  }

  /** Throws Fault `unavailable` until absence is a fact, then NoPolicy. */
  miss(position: bigint, reason: string): never {
    if (position <= this.#checkedTo) throw new NoPolicy(reason)
    void this.#check()
    throw new Fault('unavailable', `the policy log is being read: ${reason}`)
  }

  async #check(): Promise<void> {
    if (this.#checking) return
    this.#checking = true
    const { log, shelf, catchUpMs } = this.#ports
    try {
      const claims = await log.head(TOPICS.claim)
      const policies = await log.head(TOPICS.policy)
      const end = performance.now() + catchUpMs
      while (shelf.handled() < policies && performance.now() < end) {
        await new Promise(resolve => setTimeout(resolve, POLL_MS))
      }
      if (shelf.handled() >= policies) this.#checkedTo = claims
    } catch {
      return // the next miss asks again
    } finally {
      this.#checking = false
    }
  }
}
