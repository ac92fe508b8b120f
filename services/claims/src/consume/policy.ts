/** `claims.policy.v1`, the service's own: every published pack on the shelf of this process. */
import { TOPICS } from '@tongchou/contracts/topics.ts'
import { handledUpTo } from '@tongchou/runtime/message-log/handled.ts'
import type { MessageLog, RunningSubscription } from '@tongchou/runtime/message-log/port.ts'
import { Fault } from '@tongchou/runtime/service/fault.ts'
import { recorded } from '@tongchou/runtime/service/recorded.ts'
import { PackShelf } from '../pack/shelf.ts'

export type Shelved = {
  readonly shelf: PackShelf
  readonly running: RunningSubscription
  /** Waits until the shelf has read the log up to the position; false when that takes too long. */
  readonly shelved: (position: bigint) => Promise<boolean>
  /** Throws Fault `unavailable` when the packs of the log are not read in time. */
  readonly upToDate: () => Promise<void>
}

export async function shelve(
  log: Pick<MessageLog, 'broadcast' | 'head'>,
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
  const shelved = (position: bigint) => handledUpTo(running, position, catchUpMs)
  const upToDate = async () => {
    if (await shelved(await log.head(TOPICS.policy))) return
    throw new Fault('unavailable', 'policy packs are not read yet')
  }
  return { shelf, running, shelved, upToDate }
}
