import assert from 'node:assert/strict'
import { after, type TestContext, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { Type } from 'typebox'
import { requireRole } from '../auth/caller.ts'
import { startProxy } from '../event-store/postgres/testing-proxy.ts'
import { NDJSON_CONTENT_TYPE } from '../http/body-parsers.ts'
import { ndjsonBody } from '../http/ndjson.ts'
import { problemReply, unavailable } from '../http/problem.ts'
import type { Http } from '../http/server.ts'
import { openDatabase } from '../postgres/database.ts'
import { testDatabase } from '../postgres/testing.ts'
import type { CallOptions, TestHttp } from '../testing/http.ts'
import { createTestHttp } from '../testing/http.ts'
import { MemoryIdempotencyKeys } from './memory.ts'
import type { IdempotencyKeys } from './port.ts'
import { openPostgresIdempotencyKeys } from './postgres.ts'

type Order = { readonly orderNo: string; readonly amount: number }

const OrderJson = Type.Object({
  orderNo: Type.String(),
  amount: Type.Integer(),
  note: Type.Optional(Type.String({ default: 'none' })),
})
const NO_AMOUNT = { status: 422, title: 'An order has an amount' }

/** A door whose decider knows by the order's number what it was asked before. */
class Shop {
  readonly orders: Order[] = []
  /** Resolved before an order is decided. */
  hold: Promise<unknown> = Promise.resolve()
  away = false

  readonly routes = (app: Http): void => {
    const preHandler = requireRole('hospital')
    const schema = { body: OrderJson }
    app.post('/v1/orders', { preHandler, schema }, async ({ body }) => {
      await this.hold
      if (this.away) throw unavailable('later')
      if (body.amount === 0) throw problemReply('no-amount', NO_AMOUNT)
      const first = this.orders.find(({ orderNo }) => orderNo === body.orderNo)
      if (first === undefined) this.orders.push(body)
      return first ?? body
    })
    app.post('/v1/orders/:orderNo/cancellation', request => ({ done: request.url }))
    app.delete('/v1/orders/:orderNo', () => ({}))
    app.post('/v1/asked', { config: { changes: 'nothing' } }, () => ({}))
    app.post('/v1/lines', { config: { changes: 'lines' }, schema: { summary: 'l' } }, request => {
      ndjsonBody(request.body).resume()
      return {}
    })
    app.get('/v1/orders', () => ({ orders: this.orders }))
  }
}

async function openShop(t: TestContext, keys: IdempotencyKeys = new MemoryIdempotencyKeys()) {
  const shop = new Shop()
  const http = await createTestHttp({ routes: shop.routes, idempotencyKeys: keys })
  t.after(() => http.close())
  return { shop, http, order: orderAt(http) }
}

function orderAt(http: TestHttp) {
  return (body: object, key?: string, call: CallOptions = {}) =>
    http.call('POST', '/v1/orders', {
      body,
      headers: key === undefined ? {} : { 'idempotency-key': key },
      ...call,
    })
}

const ONE = { orderNo: '1', amount: 5 }
const TWO = { orderNo: '2', amount: 7 }

test('without the header requests are what they were', async t => {
  const keys = new MemoryIdempotencyKeys()
  const bind = t.mock.method(keys, 'bind')
  const { order, shop } = await openShop(t, keys)
  assert.equal((await order(ONE)).status, 200)
  assert.equal((await order(TWO)).status, 200)
  assert.equal(shop.orders.length, 2)
  assert.equal(bind.mock.callCount(), 0)
})

test('the same request under its key gets the first answer, in whatever layout', async t => {
  const { order, shop } = await openShop(t)
  const first = await order(ONE, 'k-1')
  assert.equal(first.status, 200)
  for (const body of [ONE, '{ "amount": 5,\n "orderNo": "1" }', { ...ONE, note: 'none' }]) {
    const again = await order(body as object, '"k-1"')
    assert.deepEqual([again.status, again.text], [200, first.text])
  }
  assert.equal(shop.orders.length, 1)
})

test('another request under the key is refused and stores nothing', async t => {
  const { order, shop } = await openShop(t)
  await order(ONE, 'k-1')
  const reply = await order(TWO, 'k-1')
  assert.deepEqual([reply.status, reply.kind], [422, 'idempotency-key-reused'])
  assert.equal(reply.get('field'), 'header.idempotency-key')
  assert.deepEqual(shop.orders, [{ ...ONE, note: 'none' }])
})

test('a key of another form is refused, naming the header and the rule', async t => {
  const { order, shop } = await openShop(t)
  for (const key of ['', 'a b', '"a', 'x'.repeat(129)]) {
    const reply = await order(ONE, key)
    assert.deepEqual([reply.status, reply.kind], [400, 'idempotency-key-invalid'], key)
    assert.equal(reply.get('field'), 'header.idempotency-key')
    assert.match(String(reply.get('rule')), /1 to 128 visible ASCII/)
  }
  assert.equal(shop.orders.length, 0)
})

test('a refused request leaves its key to the corrected one', async t => {
  const { order, shop } = await openShop(t)
  for (const bad of [{ ...ONE, amount: 0 }, { ...ONE, amount: 'x' }, '{"cut']) {
    const refused = await order(bad as object, 'k-1')
    assert.ok(refused.status >= 400 && refused.status < 500, refused.text)
  }
  const notAllowed = { as: { role: 'centre' }, headers: { 'idempotency-key': 'k-1' } } as const
  assert.equal((await order(ONE, 'k-1', notAllowed)).status, 403)
  assert.equal((await order(ONE, 'k-1')).status, 200)
  assert.equal((await order(TWO, 'k-1')).kind, 'idempotency-key-reused')
  assert.equal(shop.orders.length, 1)
})

test('a request that could not be answered keeps its key', async t => {
  const { order, shop } = await openShop(t)
  shop.away = true
  assert.equal((await order(ONE, 'k-1')).status, 503)
  shop.away = false
  assert.equal((await order(TWO, 'k-1')).kind, 'idempotency-key-reused')
  assert.equal((await order(ONE, 'k-1')).status, 200)
})

test('the keys of callers and of kinds of request have nothing to do with each other', async t => {
  const { http, order } = await openShop(t)
  const headers = { 'idempotency-key': 'k-1' }
  assert.equal((await order(ONE, 'k-1')).status, 200)
  const other = { as: { institution: 'H110002' }, headers }
  assert.equal((await order(TWO, 'k-1', other)).status, 200)
  assert.equal((await order(TWO, 'k-1', { as: { subject: 'h-2' }, headers })).status, 200)
  const cancel = (no: string) => http.call('POST', `/v1/orders/${no}/cancellation`, { headers })
  assert.equal((await cancel('1')).status, 200)
  assert.equal((await cancel('1')).status, 200)
  assert.equal((await cancel('2')).kind, 'idempotency-key-reused')
  assert.equal((await http.call('DELETE', '/v1/orders/1', { headers })).status, 200)
  assert.equal((await http.call('DELETE', '/v1/orders/2', { headers })).status, 422)
})

test('questions and streams of lines do not read the header', async t => {
  const { http } = await openShop(t)
  const headers = { 'idempotency-key': '" no key' }
  assert.equal((await http.call('POST', '/v1/asked', { body: {}, headers })).status, 200)
  assert.equal((await http.call('GET', '/v1/orders', { headers })).status, 200)
  const lines = { body: '{}\n', headers: { ...headers, 'content-type': NDJSON_CONTENT_TYPE } }
  assert.equal((await http.call('POST', '/v1/lines', lines)).status, 200)
})

test('OpenAPI tells the header on every command and says where it is not read', async t => {
  const { http } = await openShop(t)
  const { paths } = JSON.parse((await http.call('GET', '/openapi.json')).text)
  const told = (path: string, method: string) =>
    (paths[path][method].parameters ?? []).some(
      ({ name, in: place }: { name: string; in: string }) =>
        name === 'idempotency-key' && place === 'header',
    )
  assert.equal(told('/v1/orders', 'post'), true)
  assert.equal(told('/v1/orders/{orderNo}', 'delete'), true)
  assert.equal(told('/v1/orders', 'get'), false)
  assert.equal(told('/v1/asked', 'post'), false)
  assert.equal(told('/v1/lines', 'post'), false)
  assert.match(paths['/v1/lines'].post.description, /natural key decides/)
})

const database = openDatabase({ url: (await testDatabase({ after })).url })
after(() => database.close())
const keys = await openPostgresIdempotencyKeys({ database, schema: 'orders' })

test('of different requests at once under one key exactly one is taken', async t => {
  const one = await openShop(t, keys)
  const other = await openShop(t, await openPostgresIdempotencyKeys({ database, schema: 'orders' }))
  for (let round = 0; round < 20; round++) {
    const [before, beside] = [one.shop.orders.length, other.shop.orders.length]
    const replies = await Promise.all(
      Array.from({ length: 12 }, (_, n) => {
        // In odd rounds every third is refused by its decider: it must not keep the key.
        const body = { orderNo: `${round}-${n}`, amount: round % 2 === 0 ? 1 : n % 3 }
        return (n % 2 === 0 ? one : other).order(body, `race-${round}`)
      }),
    )
    const taken = replies.filter(({ status }) => status === 200)
    const grown = one.shop.orders.length - before + other.shop.orders.length - beside
    assert.equal(taken.length, grown)
    assert.ok(grown <= 1, `${grown} orders under one key`)
    if (round % 2 === 0) assert.equal(grown, 1, replies.map(({ text }) => text).join('\n'))
    if (grown === 1) continue
    const late = { orderNo: `${round}-late`, amount: 1 }
    assert.equal((await one.order(late, `race-${round}`)).status, 200, 'refusals bind nothing')
  }
})

test('a process that dies between bind and decision leaves the request to be sent again', async t => {
  const dying = await openShop(t, keys)
  const { promise, resolve } = Promise.withResolvers<void>()
  dying.shop.hold = promise
  const { pool } = database
  const bound = async () => (await pool.query('select 1 from orders.idempotency_key')).rowCount
  const before = await bound()
  const lost = dying.order(ONE, 'dying')
  while ((await bound()) === before) await turn()
  const next = await openShop(t, await openPostgresIdempotencyKeys({ database, schema: 'orders' }))
  assert.equal((await next.order(TWO, 'dying')).kind, 'idempotency-key-reused')
  assert.equal((await next.order(ONE, 'dying')).status, 200)
  assert.equal(next.shop.orders.length, 1)
  resolve()
  await lost
})

test('while the database is away a key is answered with 503, and nothing is stored', async t => {
  const { url } = await testDatabase(t)
  const proxy = await startProxy(t, url)
  const away = openDatabase({ url: proxy.url, unavailableMs: 300 })
  t.after(() => away.close())
  const behind = await openPostgresIdempotencyKeys({ database: away, schema: 'orders' })
  const { order, shop } = await openShop(t, behind)
  proxy.freeze()
  proxy.cutAll()
  const reply = await order(ONE, 'k-1')
  assert.deepEqual([reply.status, reply.kind], [503, 'unavailable'])
  assert.equal(reply.header('retry-after'), '1')
  assert.equal((await order(ONE)).status, 200, 'without the header nobody asks for it')
  proxy.thaw()
  let back = await order(ONE, 'k-1')
  for (let tries = 0; back.status === 503 && tries < 50; tries++) back = await order(ONE, 'k-1')
  assert.equal(back.status, 200, back.text)
  assert.equal(shop.orders.length, 1)
})
