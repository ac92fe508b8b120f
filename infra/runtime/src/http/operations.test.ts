import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { text as textOf } from 'node:stream/consumers'
import { test } from 'node:test'
import { FenJson, Shape } from '@tongchou/contracts/http/scalars.ts'
import { METRICS } from '@tongchou/contracts/telemetry-metrics.ts'
import { Type } from 'typebox'
import { createTestHttp } from '../testing/http.ts'
import { closeHttp } from './server.ts'

const NO_TOKEN = { headers: { authorization: '' } }

test('readiness names each part, its state and since when', async () => {
  const clock = { ms: Date.parse('2025-03-01T00:00:00.000Z') }
  const http = await createTestHttp({ nowMs: () => clock.ms })
  let ready = true
  http.health.register({ name: 'store', check: () => ({ ready }) })
  http.health.register({ name: 'log', check: () => ({ ready: true, detail: 'lag 3' }) })
  clock.ms += 1_000
  const up = await http.call('GET', '/health/ready', NO_TOKEN)
  const since = '2025-03-01T00:00:00.000Z'
  assert.equal(up.status, 200)
  assert.deepEqual(up.json, {
    ready: true,
    parts: [
      { name: 'store', ready: true, since },
      { name: 'log', ready: true, detail: 'lag 3', since },
    ],
  })
  ready = false
  const down = await http.call('GET', '/health/ready', NO_TOKEN)
  assert.equal(down.status, 503)
  assert.deepEqual(
    JSON.stringify(down.get('parts')).includes(
      '{"name":"store","ready":false,"since":"2025-03-01T00:00:01.000Z"}',
    ),
    true,
  )
  assert.equal((await http.call('GET', '/health/live', NO_TOKEN)).status, 200)
  await http.close()
})

test('readiness ends with the first step of a shutdown and with a check that throws', async () => {
  const http = await createTestHttp()
  const remove = http.health.register({
    name: 'broken',
    check: () => {
      throw new Error('password hunter2')
    },
  })
  const broken = await http.call('GET', '/health/ready')
  assert.deepEqual([broken.status, broken.text.includes('hunter2')], [503, false])
  remove()
  assert.equal((await http.call('GET', '/health/ready')).status, 200)
  http.health.stopping()
  http.health.stopping()
  assert.equal((await http.call('GET', '/health/ready')).status, 503)
  await http.close()
})

/** Prometheus text format 0.0.4, as far as we use it. */
const LABEL = '[a-zA-Z_][a-zA-Z0-9_]*="([^"\\\\\\n]|\\\\.)*"'
const VALUE = '(-?[0-9.e+-]+|[+-]Inf|NaN)'
const SAMPLE = new RegExp(`^[a-zA-Z_:][a-zA-Z0-9_:]*(\\{${LABEL}(,${LABEL})*\\})? ${VALUE}$`)

test('GET /metrics is text that parses, with requests by route and service', async () => {
  const http = await createTestHttp({
    routes: app => app.get('/v1/bills/:id', { config: { public: true } }, () => ({})),
  })
  for (const id of ['1', '2']) await http.call('GET', `/v1/bills/${id}`)
  await http.call('GET', '/v1/nothing"\\')
  const { text, header } = await http.call('GET', '/metrics', NO_TOKEN)
  assert.equal(header('content-type'), 'text/plain; version=0.0.4; charset=utf-8')
  for (const line of text.split('\n')) {
    assert.ok(line === '' || /^# (HELP|TYPE) \S+ \S/.test(line) || SAMPLE.test(line), line)
  }
  const labels = 'service="test",route="/v1/bills/:id",method="GET",status="200"'
  assert.ok(text.includes(`http_server_request_duration_seconds_count{${labels}} 2`), text)
  assert.ok(text.includes('route="none",method="GET",status="404"'))
  await http.close()
})

test('services share one registry; gauges are observed when asked', async () => {
  const http = await createTestHttp()
  const [a, b] = ['clearing', 'claims'].map(name => http.registry.forService(name))
  a?.counter('appendConflicts', {})()
  b?.counter('appendConflicts', {})(3)
  a?.histogram('appendEvents', {})(7)
  const drop = a?.gauge('parkedKeys', () => [{ value: 2, labels: { group: 'g', topic: 't' } }])
  const text = await http.registry.text()
  assert.match(text, /append_conflicts_total\{service="clearing"\} 1\n/)
  assert.match(text, /append_conflicts_total\{service="claims"\} 3\n/)
  assert.match(text, /append_batch_events_bucket\{service="clearing",le="10"\} 1\n/)
  assert.match(text, /parked_keys\{service="clearing",group="g",topic="t"\} 2\n/)
  assert.match(text, /process_resident_memory_bytes\{service="process"\} \d+/)
  drop?.()
  assert.doesNotMatch(await http.registry.text(), /parked_keys\{/)
  await http.close()
})

test('GET /metrics has no two metrics of one name, and units stand last', () => {
  const names = Object.values(METRICS).map(({ name }) => name)
  assert.equal(new Set(names).size, names.length)
  for (const { kind, name } of Object.values(METRICS)) {
    assert.equal(kind === 'counter', name.endsWith('_total') && name !== 'pg_pool_total', name)
  }
})

test('GET /openapi.json shows closed schemas and hides the operator\u2019s routes', async () => {
  const body = Type.Object({ fen: FenJson, inner: Shape({ a: Type.String() }) })
  const http = await createTestHttp({
    routes: app => app.post('/v1/bills', { schema: { body, summary: 'a bill' } }, () => ({})),
  })
  const reply = await http.call('GET', '/openapi.json', NO_TOKEN)
  assert.equal(reply.status, 200)
  assert.equal(reply.get('openapi'), '3.1.0')
  assert.deepEqual(Object.keys(Object(reply.get('paths'))), ['/v1/bills'])
  assert.equal(reply.text.match(/"additionalProperties":false/g)?.length, 2)
  await http.close()
})

test('a process under pressure refuses requests and still answers its operator', async () => {
  const http = await createTestHttp({
    loopDelayMsMax: 1,
    routes: app => app.get('/v1/bills', () => ({})),
  })
  await http.app.ready()
  const end = Date.now() + 5_000
  let reply = await http.call('GET', '/v1/bills')
  while (reply.status === 200 && Date.now() < end) {
    const until = Date.now() + 50
    while (Date.now() < until);
    await new Promise(resolve => setImmediate(resolve))
    reply = await http.call('GET', '/v1/bills')
  }
  assert.deepEqual([reply.status, reply.kind], [503, 'unavailable'])
  assert.equal(reply.header('retry-after'), '1')
  assert.equal((await http.call('GET', '/health/live', NO_TOKEN)).status, 200)
  await http.close()
})

test('the close lets a request under way finish, and cuts it after the deadline', async () => {
  for (const [deadlineMs, outcome] of [
    [5_000, 200],
    [20, 'cut'],
  ] as const) {
    const started = Promise.withResolvers<void>()
    const finish = Promise.withResolvers<void>()
    const http = await createTestHttp({
      routes: app =>
        app.get('/slow', { config: { public: true } }, async () => {
          started.resolve()
          await finish.promise
          return {}
        }),
    })
    const url = await http.app.listen({ port: 0, host: '127.0.0.1' })
    const reply = fetch(`${url}/slow`).then(
      ({ status }) => status,
      () => 'cut',
    )
    await started.promise
    const closed = closeHttp(http.app, deadlineMs)
    if (outcome === 200) finish.resolve()
    assert.equal(await reply, outcome)
    finish.resolve()
    await closed
    await http.close()
  }
})

test('a request on an open connection during the close is sent elsewhere', async () => {
  const started = Promise.withResolvers<void>()
  const finish = Promise.withResolvers<void>()
  const http = await createTestHttp({
    routes: app => {
      app.get('/slow', { config: { public: true } }, async () => {
        started.resolve()
        await finish.promise
        return {}
      })
      app.addHook('onSend', (request, _reply, _payload, done) => {
        if (request.url === '/fast') finish.resolve()
        done()
      })
      app.get('/fast', { config: { public: true } }, () => ({}))
    },
  })
  const url = new URL(await http.app.listen({ port: 0, host: '127.0.0.1' }))
  const socket = connect(Number(url.port), url.hostname)
  const received = textOf(socket)
  socket.write('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n')
  await started.promise
  const closed = closeHttp(http.app, 5_000)
  socket.write('GET /fast HTTP/1.1\r\nHost: x\r\n\r\n')
  const [first, second] = (await received).split(/(?=HTTP\/1\.1 503)/)
  assert.match(first ?? '', /^HTTP\/1\.1 200 /)
  for (const line of ['retry-after: 1\r\n', 'connection: close\r\n'])
    assert.ok(second?.includes(line))
  assert.match(second ?? '', /problems\/unavailable/)
  await closed
  await http.close()
})
