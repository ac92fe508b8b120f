/** Headers of every public record: CloudEvents 1.0 in binary mode over Kafka. */

/**
 * Name to what it says, as the AsyncAPI document tells it. @source CloudEvents 1.0.2, Kafka
 * protocol binding §3.2; extensions sequence, partitioning, distributed tracing.
 */
export const HEADERS = {
  ce_specversion: 'Version of CloudEvents: 1.0.',
  ce_id:
    'UUID of the fact or row, the same whenever it is sent again. With ce_source it is unique.',
  ce_source: 'urn:tongchou:<organisation>:system:<service>: who says it.',
  ce_type: 'Kind of fact or row, with the major version of its topic.',
  ce_subject: 'What it is about: a claim, window, region, institution, account, pack or service.',
  ce_time:
    'When the service stored it, UTC. Business dates stand in the data; order is told by offset.',
  ce_sequence:
    'Number among the records of its ce_source in the topic and partition, 1, 2, 3 … without ' +
    'holes, in 20 digits: what repeats, and what is missing, is seen by it. On state topics ' +
    'compaction takes numbers away.',
  ce_partitionkey: 'The record key again, for who gets records over a bridge.',
  ce_dataschema: 'Address of the schema in the registry.',
  'content-type': 'application/avro',
  traceparent: 'W3C Trace Context of the sending; absent when nothing was traced.',
} as const satisfies Readonly<Record<string, string>>

export type HeaderName = keyof typeof HEADERS

/** Only this one may be absent. */
export const OPTIONAL_HEADERS: ReadonlySet<HeaderName> = new Set(['traceparent'])

export type CloudEvent = {
  readonly id: string
  readonly organisation: string
  readonly service: string
  readonly type: string
  readonly subject: string
  /** UTC instant. */
  readonly time: string
  readonly sequence: bigint
  readonly key: string
  readonly schemaUrl: string
  readonly traceparent: string | null
}

export const SEQUENCE_DIGITS = 20

export function sourceOf(organisation: string, service: string): string {
  return `urn:tongchou:${organisation}:system:${service}`
}

/** The headers of a record, values in UTF-8. */
export function headersOf(event: CloudEvent): Readonly<Record<string, Buffer>> {
  const headers: Record<Exclude<HeaderName, 'traceparent'>, string> = {
    ce_specversion: '1.0',
    ce_id: event.id,
    ce_source: sourceOf(event.organisation, event.service),
    ce_type: event.type,
    ce_subject: event.subject,
    ce_time: event.time,
    ce_sequence: String(event.sequence).padStart(SEQUENCE_DIGITS, '0'),
    ce_partitionkey: event.key,
    ce_dataschema: event.schemaUrl,
    'content-type': HEADERS['content-type'],
  }
  const traced = event.traceparent === null ? {} : { traceparent: event.traceparent }
  return Object.fromEntries(
    Object.entries({ ...headers, ...traced }).map(([name, text]) => [name, Buffer.from(text)]),
  )
}
