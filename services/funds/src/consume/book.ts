/**
 * A whole batch of source messages to the journal: one JournalPosted for each partition and month
 * in it, appended in the statement that moves the checkpoint (law 4); what a stream has had is
 * dropped there (law 3).
 */
import type { CommandMeta } from '@tongchou/contracts/decision.ts'
import { NAMESPACE, uuidFrom } from '@tongchou/contracts/id.ts'
import { type Instant, instantToMs } from '@tongchou/contracts/time.ts'
import type { Topic } from '@tongchou/contracts/topics.ts'
import type { EventStore } from '@tongchou/runtime/event-store/port.ts'
import type { Batch, MessageLog, RunningSubscription } from '@tongchou/runtime/message-log/port.ts'
import { alertParked, progressOf } from '@tongchou/runtime/service/consume.ts'
import { Fault } from '@tongchou/runtime/service/fault.ts'
import type { CommandHandler, Request } from '@tongchou/runtime/service/handle-command.ts'
import type { Logger } from '@tongchou/runtime/service/logger.ts'
import type { JournalCommand } from '../journal/commands.ts'
import type { JournalEventType } from '../journal/events.ts'
import type { JournalState } from '../journal/state.ts'
import { journalId } from '../journal/stream.ts'
import type { PartitionLocks } from './locks.ts'
import type { StreamWork } from './plan.ts'
import { planOf } from './plan.ts'

/** Nobody waits for the books: a journal entry for some claims at once costs a fraction. */
const LINGER_MS = 100

export type JournalHandler = CommandHandler<JournalCommand, JournalState, JournalEventType, never>

export type Booking = {
  /** `funds.book.<topic>` */
  readonly group: string
  /** With the events that move money alone: the log need not bring the others. */
  readonly topic: Topic
  readonly log: MessageLog
  readonly store: EventStore
  readonly handler: JournalHandler
  readonly locks: PartitionLocks
  readonly clock: () => Instant
  readonly logger: Logger
  readonly maxBatch?: number
}

const MAX_ATTEMPTS = 5
const MAX_BATCH = 1000

export function book(booking: Booking): Promise<RunningSubscription> {
  const { group, topic, store, log, maxBatch = MAX_BATCH } = booking
  return log.subscribe({
    ...{ group, topic, store, maxBatch, lingerMs: LINGER_MS },
    handle: batch => bookBatch(booking, batch),
  })
}

export async function bookBatch(booking: Booking, batch: Batch): Promise<void> {
  const { streams, parked } = planOf(batch)
  const partitions = streams.map(({ partition }) => partition)
  await booking.locks.run(partitions, async () => {
    const now = booking.clock()
    const requests = streams.map(work => requestOf(booking, batch, { work, now }))
    const progress = progressOf(batch, parked, instantToMs(now))
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const session = await booking.handler.session(requests.map(({ stream }) => stream))
      for (const request of requests) session.execute(request)
      const { conflicts } = await booking.handler.commit(session, [progress])
      if (conflicts.length === 0) return
    }
    throw new Fault('contended', `${booking.group}: streams of the batch kept changing`)
  })
  alertParked(booking, parked)
}

function requestOf(
  { group, handler }: Pick<Booking, 'group' | 'handler'>,
  { progress: { topic, incarnation }, replay }: Batch,
  { work, now }: { readonly work: StreamWork; readonly now: Instant },
): Request<JournalCommand> {
  const { partition, month } = work
  const stream = handler.streamOf(journalId(partition, month))
  const positions = [...work.postings.map(({ position }) => position), ...work.parked]
  const extent = `${positions[0]}-${positions.at(-1)}-${positions.length}`
  const name = `${group} ${incarnation} ${stream} ${replay === null ? 'new' : 'replay'} ${extent}`
  const meta = metaOf(name, now)
  return {
    stream,
    command: { type: 'PostJournal', data: { ...work, topic, incarnation }, meta },
  }
}

/**
 * The same stretch of messages always makes the same command, so a lost answer is met by the same
 * event.
 */
function metaOf(name: string, now: Instant): CommandMeta {
  const commandId = uuidFrom(NAMESPACE.command, name)
  return { commandId, correlationId: commandId, causationId: null, actor: 'service:funds', now }
}
