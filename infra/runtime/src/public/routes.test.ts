import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { encodeEvent } from '@tongchou/contracts/avro/codec.ts'
import type { EventData, EventType } from '@tongchou/contracts/events.generated.ts'
import { fen } from '@tongchou/contracts/money.ts'
import { PUBLIC_TOPICS } from '@tongchou/contracts/public-topics.ts'
import { idFor } from '@tongchou/contracts/testing/fixed.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import type { Grant } from '../auth/issuer.ts'
import { openMemoryStore } from '../event-store/memory.ts'
import { newEvent, put } from '../event-store/testing.ts'
import { createTestHttp } from '../testing/http.ts'
import { numbered, type Publisher, say } from './port.ts'
import { addPublicRoutes, asyncApiOptions } from './routes.ts'

const windowId = idFor('window')

function payment(regionCode: string, netFen: bigint): EventData['PaymentConfirmed'] {
  const paidOn = businessDate('2025-08-15')
  const more = { reference: 'r', payables: [], receivableFen: fen(0n) }
  return { windowId, windowNo: 1, regionCode, netFen: fen(netFen), paidOn, ...more }
}

/** Says each payment twice as a fact, and once as a row. */
const publisher: Publisher = {
  events: new Set(['PaymentConfirmed']),
  publicEvents: event => {
    if (event.type !== 'PaymentConfirmed') return []
    const { windowNo, regionCode, netFen, paidOn } = event.data
    const data = { windowId, windowNo, regionCode, netFen, paidOn }
    const place = { key: windowId, regions: [regionCode] }
    const fact = say(PUBLIC_TOPICS.window, 'PaymentConfirmed', { ...place, data })
    const row = say(PUBLIC_TOPICS.windowState, 'NetState', { ...place, data })
    return numbered(event, [fact, row, fact])
  },
}

const store = openMemoryStore()
async function happened<T extends EventType>(type: T, data: EventData[T]): Promise<void> {
  await put(store, `window-${idFor(`${await store.head().then(({ position }) => position)}`)}`, [
    newEvent({ type, data: encodeEvent(type, data) }),
  ])
}
await happened('PaymentConfirmed', payment('110100', 5n))
await happened('WindowClosed', { windowId, windowNo: 1, label: 'l', previousCut: 0n })
await happened('PaymentConfirmed', payment('310100', -5n))

const env = {
  TONGCHOU_KAFKA: 'k1.test:9092,k2.test:9092',
  TONGCHOU_KAFKA_SASL: 'scram-sha-256',
  TONGCHOU_SCHEMA_REGISTRY: 'http://localhost:8081',
}
const http = await createTestHttp({
  routes: app => addPublicRoutes(app, store, { publisher, env }),
})
const silent = await createTestHttp({
  routes: app => addPublicRoutes(app, store, { publisher: undefined, env: {} }),
})
after(async () => {
  await http.close()
  await silent.close()
})

const CENTRE: Partial<Grant> = { role: 'centre', subject: 'c-1' }

async function factsFor(as: Partial<Grant>, query = '') {
  const reply = await http.call('GET', `/v1/events${query}`, { as })
  assert.equal(reply.status, 200, reply.text)
  const { events, next } = JSON.parse(reply.text)
  const positions = (events as { position: number }[]).map(({ position }) => position)
  return { events, next, positions }
}

describe('GET /v1/events', () => {
  test('tells facts in order with their topic and type, and no rows of state', async () => {
    const { events, positions, next } = await factsFor(CENTRE)
    assert.deepEqual([positions, next], [[1, 1, 3, 3], 3])
    const { id: _, at: __, ...first } = events[0]
    assert.deepEqual(first, {
      position: 1,
      topic: 'public.clearing.window.v1',
      type: 'cn.tongchou.clearing.payment-confirmed.v1',
      subject: windowId,
      data: { windowId, windowNo: 1, regionCode: '110100', netFen: 5, paidOn: '2025-08-15' },
    })
  })

  test('goes on behind a position', async () => {
    assert.deepEqual((await factsFor(CENTRE, '?after=1')).positions, [3, 3])
    const { positions, next } = await factsFor(CENTRE, '?after=3')
    assert.deepEqual([positions, next], [[], 3])
  })

  test('keeps the facts of one position together, however small the page', async () => {
    const { positions, next } = await factsFor(CENTRE, '?limit=1')
    assert.deepEqual([positions, next], [[1, 1], 1])
    assert.deepEqual((await factsFor(CENTRE, '?limit=1&after=1')).positions, [3, 3])
    assert.deepEqual((await factsFor(CENTRE, '?limit=2')).positions, [1, 1])
  })

  test('tells a region its own facts, and where the next page begins all the same', async () => {
    const as: Partial<Grant> = { role: 'agency', subject: 'a-1', region: '110100' }
    const { positions, next } = await factsFor(as)
    assert.deepEqual([positions, next], [[1, 1], 3])
  })

  test('is not for hospitals', async () => {
    const reply = await http.call('GET', '/v1/events')
    assert.deepEqual([reply.status, reply.kind], [403, 'not-allowed'])
  })

  test('refuses a position and a limit that are none', async () => {
    for (const query of ['after=-1', 'after=x', 'limit=0', 'limit=1001']) {
      const reply = await http.call('GET', `/v1/events?${query}`, { as: CENTRE })
      assert.deepEqual([reply.status, reply.kind], [400, 'malformed'], query)
    }
  })

  test('is not there where nothing is published', async () => {
    assert.equal((await silent.call('GET', '/v1/events', { as: CENTRE })).status, 404)
  })
})

describe('the AsyncAPI document', () => {
  test('is there for everyone, at every service', async () => {
    for (const { app } of [http, silent]) {
      const reply = await app.inject({ method: 'GET', url: '/asyncapi.json' })
      assert.equal(reply.statusCode, 200)
      const { asyncapi, channels } = reply.json()
      assert.equal(asyncapi, '3.1.0')
      assert.deepEqual(Object.keys(channels), Object.keys(PUBLIC_TOPICS))
    }
  })

  test('names the brokers, the registry and the organisation of the environment', async () => {
    const { body } = await http.app.inject({ method: 'GET', url: '/asyncapi.json' })
    const { servers, id } = JSON.parse(body)
    assert.deepEqual(
      Object.values<{ host: string }>(servers).map(({ host }) => host),
      ['k1.test:9092', 'k2.test:9092'],
    )
    assert.equal(id, 'urn:tongchou:local:system:tongchou')
    const options = asyncApiOptions({
      ...{ TONGCHOU_KAFKA_TLS: 'on', TONGCHOU_ORGANISATION: 'centre-11' },
      ...{ TONGCHOU_KAFKA_SASL: 'scram-sha-512', TONGCHOU_SCHEMA_REGISTRY: 'https://r.test' },
    })
    assert.deepEqual(
      [options.tls, options.sasl, options.organisation, options.registryUrl],
      [true, 'scramSha512', 'centre-11', 'https://r.test'],
    )
  })

  test('is there as a page with every topic and field, without script or other hosts', async () => {
    const reply = await http.app.inject({ method: 'GET', url: '/asyncapi' })
    assert.equal(reply.statusCode, 200)
    assert.match(String(reply.headers['content-type']), /^text\/html/)
    assert.match(String(reply.headers['content-security-policy']), /default-src 'none'/)
    for (const { name } of Object.values(PUBLIC_TOPICS)) assert.ok(reply.body.includes(name), name)
    for (const shown of [
      'postings[].debitFen',
      'nets[].netFen',
      'ce_sequence',
      '<strong>Balances.',
    ]) {
      assert.ok(reply.body.includes(shown), shown)
    }
    assert.ok(!/<script|src=|https?:\/\/(?!localhost)/.test(withoutSchemas(reply.body)))
    assert.ok(!reply.body.includes('undefined') && !reply.body.includes('[object'))
  })
})

/** Code blocks may show addresses. */
function withoutSchemas(html: string): string {
  return html.replaceAll(/<pre>.*?<\/pre>/gs, '')
}
