/** `claims.policy.v1`: every published pack on the shelf of this process. */
import { TOPICS } from '@tongchou/contracts/topics.ts'
import { handledUpTo } from '@tongchou/runtime/message-log/handled.ts'
import type { MessageLog, RunningSubscription } from '@tongchou/runtime/message-log/port.ts'
import { Fault } from '@tongchou/runtime/service/fault.ts'
import { recorded } from '@tongchou/runtime/service/recorded.ts'
import { DuesShelf } from '../pack/shelf.ts'

const CATCH_UP_MS = 1000

export type Packs = {
  readonly shelf: DuesShelf
  readonly running: RunningSubscription
  /**
   * Law 2: returns once every pack that was published when it was called is on the shelf. Throws
   * Fault `unavailable` when that takes too long.
   */
  readonly caughtUp: () => Promise<void>
}

export async function shelvePacks(log: Pick<MessageLog, 'broadcast' | 'head'>): Promise<Packs> {
  const shelf = new DuesShelf()
  const running = await log.broadcast({
    topic: TOPICS.policy,
    handle: messages => {
      for (const message of messages) {
        const event = recorded(message)
        if (event.type === 'PackPublished') shelf.apply(event.data)
      }
    },
  })
  const caughtUp = async () => {
    const head = await log.head(TOPICS.policy)
    if (await handledUpTo(running, head, CATCH_UP_MS)) return
    throw new Fault('unavailable', 'policy packs are not read yet')
  }
  return { shelf, running, caughtUp }
}
