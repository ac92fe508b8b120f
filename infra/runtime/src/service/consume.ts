/**
 * Messages to commands to one append that also moves the checkpoint (law 4). A key whose message
 * fails is parked with its later messages; other keys go on (law 6). A newer schema stops the
 * partition and parks nothing.
 */
import { decodeMeta, UnreadableEvent } from '@tongchou/contracts/avro/codec.ts'
import type { CommandMeta } from '@tongchou/contracts/decision.ts'
import type { EventType } from '@tongchou/contracts/events.generated.ts'
import { scopedId } from '@tongchou/contracts/id.ts'
import type { Instant } from '@tongchou/contracts/time.ts'
import { instantToMs } from '@tongchou/contracts/time.ts'
import type { Topic } from '@tongchou/contracts/topics.ts'
import type { EventStore, ParkedMessage, Progress } from '../event-store/port.ts'
import type { Batch, Message, MessageLog, RunningSubscription } from '../message-log/port.ts'
import type { AnyRefusal, Command } from './aggregate.ts'
import { Fault } from './fault.ts'
import type { CommandHandler, Request, Session } from './handle-command.ts'
import { BrokenStream } from './handle-command.ts'
import type { Logger } from './logger.ts'
import type { Recorded } from './recorded.ts'
import { recorded } from './recorded.ts'

const MAX_ATTEMPTS = 5
/** Two consumers stand between a claim and its answer, so this is felt twice at most. */
const LINGER_MS = 5

export type ConsumerOptions<C extends Command, S, T extends EventType, R extends AnyRefusal> = {
  readonly group: string
  readonly topic: Topic
  readonly log: MessageLog
  readonly store: EventStore
  readonly handler: CommandHandler<C, S, T, R>
  /** Pure: what the message asks of which stream. Commands are made with `meta`. */
  readonly toCommands: (message: Recorded, meta: CommandMeta) => readonly Request<C>[]
  readonly clock: () => Instant
  readonly logger: Logger
  /** What `toCommands` gets; `recorded` unless the consumer reads some fields only. */
  readonly decode?: (message: Message) => Recorded
  readonly maxBatch?: number
  /** After the batch is stored: positions are final, states are those after it. */
  readonly onHandled?: (messages: readonly Recorded[]) => void
}

/**
 * Meta of the command that a message causes in a group: the same message always makes the same
 * command.
 */
export function metaFromMessage(message: Recorded, group: string, now: Instant): CommandMeta {
  return {
    commandId: scopedId(message.id, group),
    correlationId: message.id,
    causationId: message.id,
    actor: `service:${group.split('.')[0]}`,
    now,
  }
}

export function consume<C extends Command, S, T extends EventType, R extends AnyRefusal>(
  options: ConsumerOptions<C, S, T, R>,
): Promise<RunningSubscription> {
  const { group, topic, store, maxBatch = 300 } = options
  return options.log.subscribe({
    group,
    topic,
    store,
    maxBatch,
    lingerMs: LINGER_MS,
    handle: batch => handleBatch(options, batch),
  })
}

async function handleBatch<C extends Command, S, T extends EventType, R extends AnyRefusal>(
  options: ConsumerOptions<C, S, T, R>,
  batch: Batch,
): Promise<void> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const { session, work } = await loaded(options.handler, plan(options, batch))
    const { parked, handled } = run(work, session, batch)
    const progress = progressOf(batch, parked, instantToMs(options.clock()))
    const { conflicts } = await options.handler.commit(session, [progress])
    if (conflicts.length > 0) continue
    alertParked(options, parked)
    options.onHandled?.(handled)
    return
  }
  throw new Fault('contended', `${options.group}: streams of the batch kept changing`)
}

type Work<C> = {
  readonly message: Message
  readonly event: Recorded | null
  readonly requests: readonly Request<C>[]
  /** Why the message cannot even become a command. */
  readonly fault: string | null
}

function plan<C extends Command, S, T extends EventType, R extends AnyRefusal>(
  options: ConsumerOptions<C, S, T, R>,
  batch: Batch,
): Work<C>[] {
  const { decode = recorded } = options
  const now = options.clock()
  return batch.messages.map(message => {
    try {
      const event = decode(message)
      const requests = options.toCommands(event, metaFromMessage(event, options.group, now))
      return { message, event, requests, fault: null }
    } catch (cause) {
      if (cause instanceof Fault) throw cause
      return { message, event: null, requests: [], fault: reasonOf(cause) }
    }
  })
}

/** The states of the batch; a message whose stream is broken fails alone, with its key. */
async function loaded<C extends Command, S, T extends EventType, R extends AnyRefusal>(
  handler: CommandHandler<C, S, T, R>,
  work: readonly Work<C>[],
): Promise<{ session: Session<C, S, T, R>; work: readonly Work<C>[] }> {
  const streams = work.flatMap(({ requests }) => requests.map(({ stream }) => stream))
  const broken = new Map<string, string>()
  for (;;) {
    try {
      const session = await handler.session(streams.filter(stream => !broken.has(stream)))
      return { session, work: broken.size === 0 ? work : work.map(entry => failing(entry, broken)) }
    } catch (cause) {
      if (!(cause instanceof BrokenStream)) throw cause
      broken.set(cause.stream, cause.message)
    }
  }
}

function failing<C>(work: Work<C>, broken: ReadonlyMap<string, string>): Work<C> {
  const found = work.requests.find(({ stream }) => broken.has(stream))
  return found === undefined ? work : { ...work, fault: broken.get(found.stream) ?? null }
}

export type Parked = { readonly message: Message; readonly key: string; readonly reason: string }

function run<C extends Command, S, T extends EventType, R extends AnyRefusal>(
  work: readonly Work<C>[],
  session: Session<C, S, T, R>,
  batch: Batch,
): { parked: Parked[]; handled: Recorded[] } {
  const parked: Parked[] = []
  const handled: Recorded[] = []
  const blocked = new Set(batch.replay === null ? batch.parkedKeys : [])
  for (const { message, event, requests, fault } of work) {
    const key = blocked.size > 0 ? keyOf(message) : null
    if (key !== null && blocked.has(key)) {
      parked.push({ message, key, reason: 'behind a parked message of the same key' })
      continue
    }
    const reason = fault ?? deadly(batch) ?? executeAll(requests, session)
    if (reason === null) {
      if (event !== null) handled.push(event)
      continue
    }
    blocked.add(keyOf(message))
    parked.push({ message, key: keyOf(message), reason })
  }
  return { parked, handled }
}

/** A message over which its holder died twice is not handled a third time. */
export function deadly(batch: Batch): string | null {
  return batch.crashes < 2 ? null : `the process died ${batch.crashes} times over this message`
}

/**
 * Null when every command was accepted; else why not, with the session as it was before the
 * message.
 */
function executeAll<C extends Command, S, T extends EventType, R extends AnyRefusal>(
  requests: readonly Request<C>[],
  session: Session<C, S, T, R>,
): string | null {
  const before = requests.map(({ stream }) => ({
    stream,
    state: session.stateOf(stream),
    count: session.pendingCount(stream),
  }))
  try {
    for (const request of requests) {
      const decision = session.execute(request)
      if (!decision.accepted) throw new Error(`refused: ${decision.refusal.kind}`)
    }
    return null
  } catch (cause) {
    if (cause instanceof Fault) throw cause
    for (const { stream, state, count } of before.toReversed())
      session.restore(stream, state, count)
    return reasonOf(cause)
  }
}

type Heard = { readonly logger: Logger; readonly group: string; readonly topic: Topic }

/** One alert for each message set aside; the reason is kept with it in the store. */
export function alertParked({ logger, group, topic }: Heard, parked: readonly Parked[]): void {
  for (const { message } of parked) {
    const { partition, position, type } = message
    const place = { group, topic: topic.name, partition, position }
    logger.error({ event: 'key.parked', ...place, eventType: type })
  }
}

export function progressOf(batch: Batch, parked: readonly Parked[], parkedAtMs: number): Progress {
  const park: ParkedMessage[] = parked.map(({ message, key, reason }) => ({
    partition: message.partition,
    key,
    position: message.position,
    event: message,
    reason,
    parkedAtMs,
  }))
  if (batch.replay === null) return park.length === 0 ? batch.progress : { ...batch.progress, park }
  const failed = parked[0]
  const done = batch.messages.filter(
    message => failed === undefined || message.position < failed.message.position,
  )
  const last = done.at(-1)
  const unpark =
    last === undefined
      ? []
      : [{ partition: last.partition, key: keyOf(last), position: last.position }]
  return { ...batch.progress, park, unpark }
}

/** The partition key; the stream where even the metadata cannot be read. */
export function keyOf(message: Message): string {
  try {
    return decodeMeta(message.meta).key
  } catch {
    return message.stream
  }
}

export function reasonOf(cause: unknown): string {
  if (cause instanceof UnreadableEvent) return `unreadable: ${cause.message}`
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
}
