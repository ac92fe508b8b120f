import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { AvroSchemaParser } from '@asyncapi/avro-schema-parser'
import { Parser } from '@asyncapi/parser'
import avsc from 'avsc'
import { PUBLIC_TOPICS } from '../public-topics.ts'
import { type AsyncApiOptions, asyncApiDocument } from './asyncapi.ts'
import { headersOf } from './cloud-event.ts'
import { publicSchemaOf } from './codec.ts'
import { topicSpecOf } from './topic-spec.ts'

const OPTIONS: AsyncApiOptions = {
  version: '0.1.0',
  brokers: ['kafka-1.test:9092', 'kafka-2.test:9092'],
  tls: false,
  sasl: 'none',
  registryUrl: 'http://registry.test:8081',
  organisation: 'centre',
}

/** What the parser finds, worse than a hint. */
async function findingsOf(document: object): Promise<readonly string[]> {
  const parser = new Parser()
  parser.registerSchemaParser(AvroSchemaParser())
  const { document: parsed, diagnostics } = await parser.parse(JSON.stringify(document))
  const found = diagnostics
    .filter(({ severity }) => severity < 2)
    .map(({ path, message }) => `${path.join('.')}: ${message}`)
  return parsed === undefined ? [...found, 'no document'] : found
}

describe('the AsyncAPI document', () => {
  test('is valid, with its Avro schemas', async () => {
    assert.deepEqual(await findingsOf(asyncApiDocument(OPTIONS)), [])
  })

  test('is valid where clients sign in over TLS', async () => {
    const document = asyncApiDocument({ ...OPTIONS, tls: true, sasl: 'scramSha512' })
    assert.deepEqual(await findingsOf(document), [])
    assert.equal(document.servers['broker-2']?.protocol, 'kafka-secure')
  })

  test('is refused by the parser when an operation is none', async () => {
    const document = structuredClone(asyncApiDocument(OPTIONS))
    Object.assign(document.operations['publish-claim'] ?? {}, { action: 'shout' })
    assert.match((await findingsOf(document)).join(), /operations\.publish-claim\.action/)
  })

  test('has schemas that any Avro library reads, each by itself', async () => {
    const { messages } = asyncApiDocument(OPTIONS).components
    for (const { name, payload } of Object.values(messages)) {
      const schema = JSON.parse(JSON.stringify(payload.schema))
      const { branchName } = avsc.Type.forSchema(schema, { noAnonymousTypes: true })
      assert.equal(branchName, publicSchemaOf(name).fullName)
    }
  })

  test('has every topic with its messages, partitions and settings', () => {
    const { channels, operations } = asyncApiDocument(OPTIONS)
    for (const [id, topic] of Object.entries(PUBLIC_TOPICS)) {
      const channel = channels[id]
      const { partitions, config } = topicSpecOf(topic)
      assert.equal(channel?.address, topic.name)
      assert.deepEqual(Object.keys(channel.messages), topic.events)
      assert.equal(channel.bindings.kafka.partitions, partitions)
      const settings = channel.bindings.kafka.topicConfiguration
      assert.equal(settings['retention.ms'], Number(config['retention.ms']))
      assert.deepEqual(settings['cleanup.policy'], [config['cleanup.policy']])
      assert.equal(operations[`publish-${id}`]?.messages.length, topic.events.length)
    }
  })

  test('inlines the schemas as they are registered', () => {
    const { messages } = asyncApiDocument(OPTIONS).components
    for (const topic of Object.values(PUBLIC_TOPICS)) {
      for (const type of topic.events) {
        const { schema, fullName } = publicSchemaOf(type)
        assert.deepEqual(messages[type]?.payload.schema, schema)
        assert.equal(messages[type]?.['x-registry-subject'], `${topic.name}-${fullName}`)
      }
    }
  })

  test('tells the headers that are sent, and their fixed values', () => {
    const { headers } = asyncApiDocument(OPTIONS).components.messages['ClaimSettled'] ?? {}
    const sent = headersOf({
      ...{ id: '6f0c1c0e-5f5a-5c55-9d0e-0a4f8f5f1b11', organisation: 'centre', key: 'k' },
      ...{ service: 'clearing', type: 'cn.tongchou.clearing.claim-settled.v1', subject: 's' },
      ...{ time: '2025-07-01T00:00:00.000Z', sequence: 7n, traceparent: '00-a-b-01' },
      schemaUrl: 'http://registry.test:8081/schemas/ids/1',
    })
    assert.deepEqual(Object.keys(sent), Object.keys(headers?.properties ?? {}))
    for (const [name, told] of Object.entries(headers?.properties ?? {})) {
      const text = String(sent[name])
      if ('const' in told) assert.equal(text, told.const, name)
      if ('pattern' in told) assert.match(text, new RegExp(String(told.pattern)))
    }
    assert.equal(String(sent['ce_source']), 'urn:tongchou:centre:system:clearing')
    assert.equal(String(sent['ce_sequence']), '00000000000000000007')
  })

  test('leaves out traceparent alone where nothing was traced', () => {
    const { headers } = asyncApiDocument(OPTIONS).components.messages['NetState'] ?? {}
    const names = Object.keys(headers?.properties ?? {})
    assert.deepEqual(
      names.filter(name => !headers?.required.some(required => required === name)),
      ['traceparent'],
    )
  })
})
