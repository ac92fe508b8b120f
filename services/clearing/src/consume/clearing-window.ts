/**
 * A cut is netted: everything settled and reversed between it and the cut before, read from the
 * store itself.
 */

import type { EventType } from '@tongchou/contracts/events.generated.ts'
import type { Instant } from '@tongchou/contracts/time.ts'
import { TOPICS } from '@tongchou/contracts/topics.ts'
import type { EventStore } from '@tongchou/runtime/event-store/port.ts'
import type { Batch, MessageLog, RunningSubscription } from '@tongchou/runtime/message-log/port.ts'
import { metaFromMessage } from '@tongchou/runtime/service/consume.ts'
import { Fault } from '@tongchou/runtime/service/fault.ts'
import type { CommandHandler } from '@tongchou/runtime/service/handle-command.ts'
import { recorded } from '@tongchou/runtime/service/recorded.ts'
import type { WindowCommand } from '../window/commands.ts'
import type { WindowRefusal } from '../window/decide.ts'
import type { WindowEventType } from '../window/events.ts'
import { Netting, nettedWindow } from '../window/netting.ts'
import type { WindowState } from '../window/state.ts'

export const NETTING_GROUP = 'clearing.netting'
const PAGE = 2000
const NETTED: ReadonlySet<EventType> = new Set(['ClaimSettled', 'ClaimReversed'])

export type WindowHandler = CommandHandler<
  WindowCommand,
  WindowState,
  WindowEventType,
  WindowRefusal
>

export function netWindows(options: {
  readonly log: MessageLog
  readonly store: EventStore
  readonly handler: WindowHandler
  readonly clock: () => Instant
}): Promise<RunningSubscription> {
  const { log, store, handler, clock } = options
  return log.subscribe({
    group: NETTING_GROUP,
    topic: TOPICS.window,
    store,
    maxBatch: 10,
    handle: batch => handleBatch(batch, store, handler, clock),
  })
}

async function handleBatch(
  batch: Batch,
  store: EventStore,
  handler: WindowHandler,
  clock: () => Instant,
): Promise<void> {
  const events = batch.messages.map(recorded)
  const session = await handler.session(events.map(({ stream }) => stream))
  for (const event of events) {
    if (event.type !== 'WindowClosed') continue
    const netting = await foldBetween(store, event.data.previousCut, event.position)
    const data = nettedWindow(event.data, event.position, netting)
    const meta = metaFromMessage(event, NETTING_GROUP, clock())
    session.execute({ stream: event.stream, command: { type: 'NetWindow', data, meta } })
  }
  const { conflicts } = await handler.commit(session, [batch.progress])
  if (conflicts.length > 0) throw new Fault('contended', 'a window changed while it was netted')
}

/** Both ends are exclusive: they are the cuts themselves. */
export async function foldBetween(store: EventStore, from: bigint, cut: bigint): Promise<Netting> {
  const netting = new Netting()
  for (let after = from; after + 1n < cut; ) {
    const page = await store.readAll(after, PAGE, NETTED)
    for (const stored of page) {
      if (stored.position >= cut) return netting
      if (!NETTED.has(stored.type)) continue
      const event = recorded(stored)
      if (event.type === 'ClaimSettled') netting.settle(event.data)
      else if (event.type === 'ClaimReversed') netting.reverse(event.data)
    }
    const last = page.at(-1)
    if (last === undefined) return netting
    after = last.position
  }
  return netting
}
