/**
 * What a service tells other organisations: `publish.ts` of a service makes public events of its
 * stored ones; the relay puts them on Kafka, `GET /v1/events` gives the same as JSON.
 */
import type { EventType } from '@tongchou/contracts/events.generated.ts'
import { type Uuid, uuidFrom } from '@tongchou/contracts/id.ts'
import { encodePublic, publicSchemaOf } from '@tongchou/contracts/public/codec.ts'
import type { PublicData, PublicType } from '@tongchou/contracts/public-events.generated.ts'
import { cloudEventTypeOf, type PublicTopic } from '@tongchou/contracts/public-topics.ts'
import { type Instant, instantToMs } from '@tongchou/contracts/time.ts'
import { partitionOf } from '../message-log/partition.ts'
import type { Recorded } from '../service/recorded.ts'

export type PublicEvent = {
  readonly topic: PublicTopic
  readonly key: string
  /** Of the key, among the topic's partitions. */
  readonly partition: number
  /** CloudEvents type. */
  readonly type: string
  readonly schema: PublicType
  /** Subject of the schema in the registry. */
  readonly registrySubject: string
  /** UUIDv5 of the stored event's id and the number within what it becomes. */
  readonly id: Uuid
  /** Of the stored event in its service's log: the relay's way through it. */
  readonly position: bigint
  readonly atMs: number
  readonly subject: string
  /** Regions that the fact is about; null: everyone's. */
  readonly regions: readonly string[] | null
  /** Avro body in single-object encoding; null takes the row of the key away. */
  readonly data: Buffer | null
}

/** `ServiceDefinition.publish`. */
export type Publisher = {
  /** Of other stored events nothing becomes public, so they need not be read. */
  readonly events: ReadonlySet<EventType>
  /** In order; a function of the event alone, so that a repeat makes the same bytes and ids. */
  readonly publicEvents: (event: Recorded) => readonly PublicEvent[]
}

export type Place = {
  readonly key: string
  readonly regions: readonly string[] | null
  /** Where it is not the key. */
  readonly subject?: string
}

/** A fact or row that is not numbered yet. */
export type Said = Place & {
  readonly topic: PublicTopic
  readonly schema: PublicType
  readonly data: Buffer | null
}

type SchemaOn<T extends PublicTopic> = T['events'][number]

/** Says a fact or a row on a topic that carries it. Throws TypeError for data that do not fit. */
export function say<T extends PublicTopic, S extends SchemaOn<T>>(
  topic: T,
  schema: S,
  { data, ...place }: Place & { readonly data: PublicData[S] },
): Said {
  return { topic, schema, data: encodePublic(schema, data), ...place }
}

/** Takes the row of a key away. */
export function remove<T extends PublicTopic & { readonly kind: 'state' }>(
  topic: T,
  schema: SchemaOn<T>,
  place: Place,
): Said {
  return { topic, schema, data: null, ...place }
}

type Origin = { readonly id: Uuid; readonly position: bigint; readonly at: Instant }

/** Id of the fact or row with this number among those that an event becomes. */
export function publicIdOf(eventId: Uuid, index = 0): Uuid {
  return uuidFrom(eventId, `public ${index}`)
}

type Names = { readonly type: string; readonly registrySubject: string }

const names = new Map<PublicType, Names>()

/** What follows from the schema, which stands on one topic, alone. */
function namesOf(topic: PublicTopic, schema: PublicType): Names {
  const known = names.get(schema)
  if (known !== undefined) return known
  const registrySubject = `${topic.name}-${publicSchemaOf(schema).fullName}`
  const made = { type: cloudEventTypeOf(topic, schema), registrySubject }
  names.set(schema, made)
  return made
}

/** Numbers what one event becomes. */
export function numbered(origin: Origin, said: readonly Said[]): readonly PublicEvent[] {
  const { id, position, at } = origin
  const atMs = instantToMs(at)
  return said.map(({ topic, schema, key, subject = key, regions, data }, index) => ({
    topic,
    key,
    partition: topic.partitions === 1 ? 0 : partitionOf(key),
    ...namesOf(topic, schema),
    schema,
    id: publicIdOf(id, index),
    position,
    atMs,
    subject,
    regions,
    data,
  }))
}
