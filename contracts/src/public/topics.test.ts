import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { PUBLIC_SCHEMAS } from '../public-events.generated.ts'
import { cloudEventTypeOf, PUBLIC_TOPICS, type PublicTopic } from '../public-topics.ts'
import { SERVICES } from '../services.ts'
import { TOPICS } from '../topics.ts'
import { topicSpecOf } from './topic-spec.ts'

const topics: readonly PublicTopic[] = Object.values(PUBLIC_TOPICS)

type Node = { readonly [name: string]: unknown }

/** Every record field and enum of a schema, wherever it stands. */
function* nodesOf(schema: unknown): Generator<Node> {
  if (Array.isArray(schema)) for (const one of schema) yield* nodesOf(one)
  else if (typeof schema === 'object' && schema !== null) {
    yield schema as Node
    for (const inner of Object.values(schema)) yield* nodesOf(inner)
  }
}

/** Whatever names a person, tells of one, or is text that people type. */
const FORBIDDEN = new RegExp(
  [
    ...['person', 'patient', 'insuredNo', 'idNumber', 'sex', 'gender', 'born', 'birth', '^age'],
    ...['diagnos', 'disease', 'icd', '^lines?$', 'item', 'doctor', 'reviewer', 'actor', 'payer'],
    ...['note$', 'reason', 'reference', 'wage', 'salary', 'phone', 'mobile', 'address', 'card'],
    ...['claimNo', 'billNo', 'creditNo', 'receiptNo', 'fingerprint', 'digest$', '^status$'],
    ...['filing'],
  ].join('|'),
  'i',
)
/** Made by a machine: the signed note of a checkpoint, the digest over the rows of a window. */
const ALLOWED = new Set(['CheckpointSigned.note', 'WindowNetted.digest', 'WindowState.digest'])

describe('public schemas', () => {
  test('have no field that names a person or tells of one', () => {
    const found = PUBLIC_SCHEMAS.flatMap(({ name, schema }) =>
      [...nodesOf(schema)]
        .filter(node => 'type' in node && FORBIDDEN.test(String(node['name'])))
        .map(node => `${name}.${node['name']}`),
    )
    assert.deepEqual(
      found.filter(field => !ALLOWED.has(field)),
      [],
    )
  })

  test('document every record and field, and have money in long', () => {
    for (const { name, schema } of PUBLIC_SCHEMAS) {
      assert.ok(schema.doc.length > 10, name)
      for (const { fields } of [...nodesOf(schema)].filter(node => 'fields' in node)) {
        for (const field of fields as readonly Node[]) {
          assert.ok(String(field['doc'] ?? '').length > 5, `${name}.${field['name']} has no doc`)
          const isMoney = String(field['name']).endsWith('Fen')
          if (isMoney) assert.deepEqual(field['type'], { type: 'long', brand: 'Fen' }, name)
        }
      }
    }
  })

  test('have a default for every enum, and null as the default of what may be missing', () => {
    for (const { name, schema } of PUBLIC_SCHEMAS) {
      for (const node of nodesOf(schema)) {
        if (node['type'] === 'enum') assert.equal(node['default'], 'unknown', name)
        if (Array.isArray(node['type'])) {
          assert.equal(node['type'][0], 'null', name)
          assert.equal(node['default'], null, name)
        }
      }
    }
  })

  test('are each on one topic, that of their service', () => {
    for (const { name, service } of PUBLIC_SCHEMAS) {
      const on = topics.filter(topic => topic.events.includes(name))
      assert.deepEqual(
        on.map(topic => topic.service),
        [service],
        name,
      )
    }
  })
})

describe('public topics', () => {
  test('are named public.<service>.<noun>.v<major>', () => {
    const services = [...SERVICES, 'system'].join('|')
    for (const { name, service } of topics) {
      assert.match(name, new RegExp(`^public\\.(${services})\\.[a-z-]+\\.v1$`))
      assert.equal(name.split('.')[1], service)
    }
  })

  test('have a CloudEvents type with one version, of its own for each kind of record', () => {
    const types = topics.flatMap(topic => topic.events.map(type => cloudEventTypeOf(topic, type)))
    for (const type of types) assert.match(type, /^cn\.tongchou\.[a-z]+\.[a-z-]+\.v1$/)
    assert.equal(new Set(types).size, types.length)
    assert.ok(types.includes('cn.tongchou.funds.journal-entry-posted.v1'))
  })

  test('are compacted when they are state, else kept as long as they say', () => {
    for (const topic of topics) {
      const { config, partitions } = topicSpecOf(topic)
      assert.equal(config['cleanup.policy'], topic.kind === 'state' ? 'compact' : 'delete')
      assert.equal(partitions, topic.partitions)
    }
    assert.equal(topicSpecOf(PUBLIC_TOPICS.claim).config['retention.ms'], String(400 * 86_400_000))
    assert.equal(topicSpecOf(PUBLIC_TOPICS.journal).config['retention.ms'], '-1')
  })
})

test('internal topics are kept whole and for ever; broadcast ones have one partition', () => {
  for (const topic of Object.values(TOPICS)) {
    const { config, partitions, name } = topicSpecOf(topic)
    assert.equal(config['cleanup.policy'], 'delete', name)
    assert.equal(config['retention.ms'], '-1', name)
    assert.equal(partitions, topic.keyedBy === 'broadcast' ? 1 : 8, name)
  }
})
