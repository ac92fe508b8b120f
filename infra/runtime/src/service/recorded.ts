/** Stored events as deciders and views see them: typed data beside what the store knows. */

import type { EventOf } from '@tongchou/contracts/avro/codec.ts'
import {
  decodeEvent,
  decodeMeta,
  encodeEvent,
  encodeMeta,
  schemaVersionOf,
  UnreadableEvent,
} from '@tongchou/contracts/avro/codec.ts'
import type { CommandMeta } from '@tongchou/contracts/decision.ts'
import type { EventMeta, EventType } from '@tongchou/contracts/events.generated.ts'
import type { Uuid } from '@tongchou/contracts/id.ts'
import { eventIdOf } from '@tongchou/contracts/id.ts'
import type { Instant } from '@tongchou/contracts/time.ts'
import { instantFromMs, instantToMs } from '@tongchou/contracts/time.ts'
import type { NewEvent, StoredEvent } from '../event-store/port.ts'
import { partitionOf } from '../message-log/partition.ts'
import { Fault } from './fault.ts'

export type { EventOf } from '@tongchou/contracts/avro/codec.ts'

/** A decoded stored event. `meta` is decoded when asked for. */
export type Recorded<T extends EventType = EventType> = EventOf<T> & {
  readonly position: bigint
  readonly stream: string
  readonly version: number
  readonly id: Uuid
  readonly at: Instant
  readonly partition: number
  readonly hash: Buffer
  readonly meta: () => EventMeta
}

/**
 * Decodes a stored event. Throws Fault `newer-schema` for a schema of newer code, UnreadableEvent
 * for damage.
 */
export function recorded(stored: StoredEvent): Recorded {
  return recordedBy(stored, decodeEvent)
}

/**
 * The same with a decoder that may leave fields out (contracts/avro/projection.ts): only who knows
 * which ones were read may look at the data.
 */
export function recordedBy(
  stored: StoredEvent,
  decode: (bytes: Buffer) => { readonly type: EventType; readonly data: unknown },
): Recorded {
  try {
    const { type, data } = decode(stored.data)
    if (type !== stored.type) throw new UnreadableEvent(`${stored.type} holds a ${type}`, false)
    const { position, stream, version, id, partition, hash } = stored
    const event = {
      type,
      data,
      position,
      stream,
      version,
      id,
      partition,
      hash,
      at: instantFromMs(stored.atMs),
      meta: () => decodeMeta(stored.meta),
    }
    return event as Recorded
  } catch (cause) {
    if (cause instanceof UnreadableEvent && cause.newer) {
      throw new Fault('newer-schema', `${stored.type} at ${stored.position}: ${cause.message}`)
    }
    throw cause
  }
}

/**
 * A domain event made ready to store; its id is a function of the command, so every retry makes the
 * same.
 */
export function toStore(
  event: EventOf<EventType>,
  command: CommandMeta,
  index: number,
  key: string,
  closes: boolean,
): NewEvent {
  const { commandId, correlationId, causationId, actor } = command
  return {
    id: eventIdOf(commandId, index),
    type: event.type,
    schema: schemaVersionOf(event.type),
    partition: partitionOf(key),
    atMs: instantToMs(command.now),
    closes,
    meta: encodeMeta({ commandId, correlationId, causationId, actor, key, traceparent: null }),
    data: encodeEvent(event.type, event.data as never),
  }
}
