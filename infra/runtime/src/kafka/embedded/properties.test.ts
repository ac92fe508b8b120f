import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bootstrapOf, type Cluster, formatArguments, propertiesOf } from './properties.ts'

function clusterOf(brokers: number): Cluster {
  const nodes = Array.from({ length: brokers }, (_, index) => ({
    id: index + 1,
    port: 19_100 + index * 10,
    controllerPort: 19_101 + index * 10,
    directoryId: `directory${index + 1}`,
  }))
  return { clusterId: 'cluster', nodes }
}

function settingsOf(brokers: number, at = 0): ReadonlyMap<string, string> {
  const cluster = clusterOf(brokers)
  const node = cluster.nodes[at] ?? assert.fail()
  const lines = propertiesOf(cluster, node, '/data').trimEnd().split('\n')
  return new Map(
    lines.map(line => {
      const at = line.indexOf('=')
      return [line.slice(0, at), line.slice(at + 1)]
    }),
  )
}

test('one broker replicates nothing and is its own quorum', () => {
  const settings = settingsOf(1)
  const replicas = [...settings].filter(([name]) => name.endsWith('replication.factor'))
  assert.deepEqual(new Set(replicas.map(([, value]) => value)), new Set(['1']))
  assert.equal(settings.get('min.insync.replicas'), '1')
  const expected = ['format', '--standalone', '-t', 'cluster', '-c', 'server.properties']
  assert.deepEqual(formatArguments(clusterOf(1), 'server.properties'), expected)
})

test('three brokers keep three copies, acknowledge with two, and vote together', () => {
  const settings = settingsOf(3, 1)
  assert.equal(settings.get('default.replication.factor'), '3')
  assert.equal(settings.get('min.insync.replicas'), '2')
  assert.equal(settings.get('node.id'), '2')
  const voters = formatArguments(clusterOf(3), 'x')[2]
  const each = [1, 2, 3].map(id => `${id}@127.0.0.1:${19_091 + id * 10}:directory${id}`)
  assert.equal(voters, each.join(','))
  assert.equal(bootstrapOf(clusterOf(3)), '127.0.0.1:19100,127.0.0.1:19110,127.0.0.1:19120')
})

test('topics come from the declaration only', () => {
  assert.equal(settingsOf(1).get('auto.create.topics.enable'), 'false')
})

test('clients with a door of their own are told another port; brokers keep theirs', () => {
  const [node] = clusterOf(1).nodes
  const clients = { port: 19_500, toldPort: 19_600 }
  const cluster = { clusterId: 'cluster', nodes: [{ ...(node ?? assert.fail()), clients }] }
  const properties = propertiesOf(cluster, cluster.nodes[0] ?? assert.fail(), '/data')
  assert.match(properties, /^listeners=PLAINTEXT:\S+:19100,\S+,CLIENTS:\S+:19500$/m)
  assert.match(properties, /^advertised.listeners=PLAINTEXT:\S+:19100,\S+,CLIENTS:\S+:19600$/m)
  assert.equal(bootstrapOf(cluster), '127.0.0.1:19600')
})
