/** `claims.policy.v1`, the service's own: every published pack on the shelf of this process. */
import { TOPICS } from '@tongchou/contracts/topics.ts'
import { handledUpTo } from '@tongchou/runtime/message-log/handled.ts'
import type { MessageLog, RunningSubscription } from '@tongchou/runtime/message-log/port.ts'
import { recorded } from '@tongchou/runtime/service/recorded.ts'
import { PackShelf } from '../pack/shelf.ts'

export type Shelved = {
  readonly shelf: PackShelf
  readonly running: RunningSubscription
  /** Waits until the shelf has read the log up to the position; false when that takes too long. */
  readonly shelved: (position: bigint) => Promise<boolean>
}

export async function shelve(
  log: Pick<MessageLog, 'broadcast'>,
  catchUpMs: number,
): Promise<Shelved> {
  const shelf = new PackShelf()
  const running = await log.broadcast({
    topic: TOPICS.policy,
    handle: messages => {
      for (const message of messages) {
        const event = recorded(message)
        if (event.type === 'PackPublished') shelf.apply(event.data)
      }
    },
  })
  return { shelf, running, shelved: position => handledUpTo(running, position, catchUpMs) }
}
