/**
 * A stored event as a record of its topic, and back, byte for byte. The value is the stored Avro
 * body behind the registry's five bytes instead of the single-object header; CloudEvents headers
 * are for people and other systems; `tc` holds what else the stored event is, in fixed widths.
 *
 * `tc`: kind 1, position 8, position of the record before it in the partition 8, incarnation 16,
 * hash 32, version 4, schema 4, partition 1, closes 1, schema fingerprint 8; all big endian.
 */
import type { EventType } from '@tongchou/contracts/events.generated.ts'
import type { Uuid } from '@tongchou/contracts/id.ts'
import { SEQUENCE_DIGITS } from '@tongchou/contracts/public/cloud-event.ts'
import type { StoredEvent } from '../event-store/port.ts'
import type { Message } from '../message-log/port.ts'
import { fromWire, toWire, WIRE_HEADER } from '../registry/wire.ts'
import type { ConsumedRecord, KafkaRecord } from './client.ts'

const EVENT = 1
const WATERMARK = 2
const TC_BYTES = 83
const STORED_HEADER = 10
/** No person, claim, region or window has this key. */
const WATERMARK_KEY = Buffer.from('~')
const APPLICATION_AVRO = Buffer.from('application/avro')
const SPEC_VERSION = Buffer.from('1.0')

/** Where a record stands among those of its topic-partition. */
export type Link = {
  readonly incarnation: Uuid
  /** Position of the record before it in the partition; 0 for the first. */
  readonly previous: bigint
  /** 1, 2, 3 … within the partition; a record that is sent again has the same number. */
  readonly sequence: bigint
}

/** What came: a message, or only the news that there is none up to a position. */
export type Arrival = {
  readonly offset: bigint
  readonly position: bigint
  readonly previous: bigint
  readonly incarnation: Uuid
  readonly message: Message | null
}

/** CRC-64-AVRO of the schema that an event's bytes were written with. */
export function fingerprintIn(data: Buffer): bigint {
  return data.readBigUInt64BE(2)
}

export type EventRecord = {
  readonly event: StoredEvent
  readonly service: string
  readonly key: string
  readonly schemaId: number
  readonly traceparent: string | null
}

export function eventRecord(
  { event, service, key, schemaId, traceparent }: EventRecord,
  link: Link,
): KafkaRecord {
  const headers: Record<string, Buffer> = {
    'content-type': APPLICATION_AVRO,
    ce_specversion: SPEC_VERSION,
    ce_id: Buffer.from(event.id),
    ce_source: Buffer.from(`urn:tongchou:${service}`),
    ce_type: Buffer.from(`tongchou.${service}.${event.type}.v${event.schema}`),
    ce_subject: Buffer.from(event.stream),
    ce_time: Buffer.from(new Date(event.atMs).toISOString()),
    ce_sequence: Buffer.from(link.sequence.toString().padStart(SEQUENCE_DIGITS, '0')),
    tc: tcOf(event, link),
    tc_meta: event.meta,
  }
  if (traceparent !== null) headers['traceparent'] = Buffer.from(traceparent)
  const value = toWire(event.data, schemaId, service)
  return { key: Buffer.from(key), value, headers, timestampMs: event.atMs }
}

function tcOf(event: StoredEvent, { incarnation, previous }: Link): Buffer {
  const tc = Buffer.allocUnsafe(TC_BYTES)
  placeInto(tc, EVENT, event.position, previous, incarnation)
  event.hash.copy(tc, 33)
  tc.writeUInt32BE(event.version, 65)
  tc.writeUInt32BE(event.schema, 69)
  tc[73] = event.partition
  tc[74] = event.closes ? 1 : 0
  event.data.copy(tc, 75, 2, STORED_HEADER)
  return tc
}

function placeInto(
  tc: Buffer,
  kind: number,
  position: bigint,
  previous: bigint,
  incarnation: Uuid,
): void {
  tc[0] = kind
  tc.writeBigUInt64BE(position, 1)
  tc.writeBigUInt64BE(previous, 9)
  tc.write(incarnation.replaceAll('-', ''), 17, 'hex')
}

/** Says that the partition has no record between `previous` and `position`. */
export function watermarkRecord(position: bigint, link: Link, atMs: number): KafkaRecord {
  const tc = Buffer.alloc(33)
  placeInto(tc, WATERMARK, position, link.previous, link.incarnation)
  return { key: WATERMARK_KEY, value: null, headers: { tc }, timestampMs: atMs }
}

const NO_STORE = '00000000-0000-0000-0000-000000000000' as Uuid

/**
 * A record that no relay of ours wrote stands at position 0, which everyone has had: it is passed
 * over, and if one of ours should have stood there, that shows as a hole. An event of a type in
 * `passedOver` is only a place.
 */
export function arrivalOf(
  topic: string,
  record: ConsumedRecord,
  passedOver: ReadonlySet<string> = NOTHING,
): Arrival {
  const { offset } = record
  return ours(topic, record, passedOver) ?? { ...STRANGE, offset }
}

const NOTHING: ReadonlySet<string> = new Set()

const STRANGE = { position: 0n, previous: 0n, incarnation: NO_STORE, message: null }

function ours(
  topic: string,
  record: ConsumedRecord,
  passedOver: ReadonlySet<string>,
): Arrival | null {
  const { tc, ce_id: id, ce_subject: stream, ce_type: type, tc_meta: meta } = record.headers
  if (tc === undefined || tc.length < 33) return null
  const place = {
    offset: record.offset,
    position: tc.readBigUInt64BE(1),
    previous: tc.readBigUInt64BE(9),
    incarnation: uuidAt(tc, 17),
  }
  if (tc[0] === WATERMARK) return { ...place, message: null }
  const { value } = record
  const whole = id !== undefined && stream !== undefined && type !== undefined
  if (tc[0] !== EVENT || tc.length !== TC_BYTES || !whole || meta === undefined) return null
  if (value === null || value.length < WIRE_HEADER || value[0] !== 0) return null
  const eventType = type.toString().split('.')[2] ?? ''
  if (passedOver.has(eventType)) return { ...place, message: null }
  const message: Message = {
    topic,
    incarnation: place.incarnation,
    position: place.position,
    stream: stream.toString(),
    version: tc.readUInt32BE(65),
    id: id.toString() as Uuid,
    type: eventType as EventType,
    schema: tc.readUInt32BE(69),
    partition: tc[73] ?? 0,
    atMs: record.timestampMs,
    closes: tc[74] === 1,
    hash: tc.subarray(33, 65),
    meta,
    data: fromWire(value, () => tc.subarray(75, TC_BYTES), topic),
  }
  return { ...place, message }
}

function uuidAt(bytes: Buffer, at: number): Uuid {
  const hex = bytes.toString('hex', at, at + 16)
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)]
  return `${parts.join('-')}-${hex.slice(20)}` as Uuid
}
