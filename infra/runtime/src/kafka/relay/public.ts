/** What a stored event becomes on the topics that other organisations read. */
import { headersOf } from '@tongchou/contracts/public/cloud-event.ts'
import { instantFromMs } from '@tongchou/contracts/time.ts'
import type { StoredEvent } from '../../event-store/port.ts'
import type { PublicEvent, Publisher } from '../../public/port.ts'
import { toWire } from '../../registry/wire.ts'
import { recorded } from '../../service/recorded.ts'
import type { KafkaRecord } from '../client.ts'
import type { SchemaNumbers } from '../schema-numbers.ts'
import type { Link } from '../wire.ts'
import { keyAndTrace, type Outgoing } from './outgoing.ts'

export type PublicRecords = {
  readonly organisation: string
  readonly service: string
  /** Null for a service that tells others nothing. */
  readonly publish: Publisher | null
  readonly schemas: Pick<SchemaNumbers, 'public' | 'urlOf'>
}

export function publicRecords(options: PublicRecords): (event: StoredEvent) => readonly Outgoing[] {
  const { publish } = options
  return event => {
    if (publish === null || !publish.events.has(event.type)) return []
    const { traceparent } = keyAndTrace(event)
    return publish.publicEvents(recorded(event)).map(said => outgoingOf(options, said, traceparent))
  }
}

/** A public event on its way, also one that no stored event stands behind. */
export function outgoingOf(
  options: Omit<PublicRecords, 'publish'>,
  said: PublicEvent,
  traceparent: string | null,
): Outgoing {
  const { organisation, service, schemas } = options
  const { topic, partition, key, id, type, subject, atMs, data } = said
  const schemaId = schemas.public(said.registrySubject)
  const event = { id, organisation, service, type, subject, key, traceparent }
  const fixed = { time: instantFromMs(atMs), schemaUrl: schemas.urlOf(schemaId) }
  const record = ({ sequence }: Link): KafkaRecord => ({
    key: Buffer.from(key),
    value: data === null ? null : toWire(data, schemaId, topic.name),
    headers: headersOf({ ...event, ...fixed, sequence }),
    timestampMs: atMs,
  })
  return { topic: topic.name, partition, record }
}
