/**
 * The AsyncAPI 3.1 document of the public topics, made from their declaration and schemas, so that
 * it cannot tell anything else than what is sent.
 * @source AsyncAPI 3.1.0; Kafka bindings 0.5.0.
 */
import type { PublicType } from '../public-events.generated.ts'
import { cloudEventTypeOf, PUBLIC_TOPICS, type PublicTopic } from '../public-topics.ts'
import { DESCRIPTION } from './asyncapi-text.ts'
import { HEADERS, type HeaderName, OPTIONAL_HEADERS, sourceOf } from './cloud-event.ts'
import { publicSchemaOf } from './codec.ts'
import { topicSpecOf } from './topic-spec.ts'

export type AsyncApiOptions = {
  /** Of the product, semantic. */
  readonly version: string
  /** host:port of each broker. */
  readonly brokers: readonly string[]
  readonly tls: boolean
  /** How clients prove who they are. */
  readonly sasl: 'none' | 'plain' | 'scramSha256' | 'scramSha512'
  readonly registryUrl: string
  /** Who runs the installation, as in `ce_source`. */
  readonly organisation: string
}

export const AVRO_FORMAT = 'application/vnd.apache.avro+json;version=1.9.0'
const BINDING = '0.5.0'
const TOPICS: readonly (readonly [string, PublicTopic])[] = Object.entries(PUBLIC_TOPICS)

export type AsyncApiDocument = ReturnType<typeof asyncApiDocument>

export function asyncApiDocument(options: AsyncApiOptions) {
  const { version, organisation, sasl } = options
  return {
    asyncapi: '3.1.0',
    id: sourceOf(organisation, 'tongchou'),
    info: {
      title: 'Tongchou public topics',
      version,
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: HEADERS['content-type'],
    servers: serversOf(options),
    channels: byName(TOPICS.map(([id, topic]) => [id, channelOf(topic)])),
    operations: byName(TOPICS.map(([id, topic]) => [`publish-${id}`, operationOf(id, topic)])),
    components: {
      messages: byName(
        TOPICS.flatMap(([, topic]) => topic.events.map(type => [type, messageOf(topic, type)])),
      ),
      ...(sasl === 'none' ? {} : { securitySchemes: { sasl: { type: sasl } } }),
    },
  }
}

function byName<T>(entries: readonly (readonly [string, T])[]): Readonly<Record<string, T>> {
  return Object.fromEntries(entries)
}

function serversOf({ brokers, tls, sasl, registryUrl }: AsyncApiOptions) {
  const kafka = {
    schemaRegistryUrl: registryUrl,
    schemaRegistryVendor: 'confluent',
    bindingVersion: BINDING,
  }
  const server = (host: string) => ({
    host,
    protocol: tls ? 'kafka-secure' : 'kafka',
    description: 'Kafka 4, with a schema registry that speaks the Confluent API.',
    ...(sasl === 'none' ? {} : { security: [{ $ref: '#/components/securitySchemes/sasl' }] }),
    bindings: { kafka },
  })
  return byName(brokers.map((host, index) => [`broker-${index + 1}`, server(host)]))
}

function channelOf(topic: PublicTopic) {
  const { name, summary, owner, classification, retention } = topic
  const { partitions, config } = topicSpecOf(topic)
  return {
    address: name,
    title: name,
    summary,
    messages: byName(
      topic.events.map(type => [type, { $ref: `#/components/messages/${type}` }] as const),
    ),
    bindings: {
      kafka: {
        topic: name,
        partitions,
        topicConfiguration: configurationOf(config),
        bindingVersion: BINDING,
      },
    },
    'x-kind': topic.kind,
    'x-key': topic.key,
    'x-owner': owner,
    'x-classification': classification,
    'x-order': topic.order,
    'x-retention': retention === 'forever' ? 'for ever' : `${retention.days} days`,
    'x-replay': topic.replay,
    'x-personal-data': topic.personalData,
  }
}

/** Numbers as numbers, the policy as a list: so the binding has it. */
function configurationOf(config: Readonly<Record<string, string>>) {
  return byName(
    Object.entries(config).map(([name, value]) => [
      name,
      name === 'cleanup.policy' ? [value] : Number(value),
    ]),
  )
}

function operationOf(id: string, { summary, events }: PublicTopic) {
  return {
    action: 'send',
    channel: { $ref: `#/channels/${id}` },
    summary,
    messages: events.map(type => ({ $ref: `#/channels/${id}/messages/${type}` })),
  }
}

function messageOf(topic: PublicTopic, type: PublicType) {
  const { schema, fullName } = publicSchemaOf(type)
  const doc = 'doc' in schema ? String(schema.doc) : type
  return {
    name: type,
    title: type,
    summary: doc,
    contentType: HEADERS['content-type'],
    headers: headersOf(cloudEventTypeOf(topic, type)),
    payload: { schemaFormat: AVRO_FORMAT, schema },
    bindings: {
      kafka: {
        key: { type: 'string', description: `${topic.key}; UTF-8` },
        schemaIdLocation: 'payload',
        schemaIdPayloadEncoding: 'confluent',
        schemaLookupStrategy: 'TopicRecordNameStrategy',
        bindingVersion: BINDING,
      },
    },
    'x-registry-subject': `${topic.name}-${fullName}`,
    'x-compatibility': 'FULL_TRANSITIVE',
  }
}

const FIXED: Readonly<Partial<Record<HeaderName, string>>> = {
  ce_specversion: '1.0',
  'content-type': HEADERS['content-type'],
}
const FORMATS: Readonly<Partial<Record<HeaderName, object>>> = {
  ce_id: { format: 'uuid' },
  ce_time: { format: 'date-time' },
  ce_sequence: { pattern: '^[0-9]{20}$' },
  ce_dataschema: { format: 'uri' },
}

function headersOf(ceType: string) {
  const names = Object.keys(HEADERS) as HeaderName[]
  const constant: typeof FIXED = { ...FIXED, ce_type: ceType }
  return {
    type: 'object',
    required: names.filter(name => !OPTIONAL_HEADERS.has(name)),
    properties: byName(
      names.map(name => {
        const value = constant[name]
        const fixed = value === undefined ? {} : { const: value }
        return [name, { type: 'string', description: HEADERS[name], ...fixed, ...FORMATS[name] }]
      }),
    ),
  }
}
