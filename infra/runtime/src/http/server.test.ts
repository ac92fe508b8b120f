import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import { CodeJson, DateJson, FenJson, Shape } from '@tongchou/contracts/http/scalars.ts'
import { Text } from '@tongchou/contracts/http/text.ts'
import { Type } from 'typebox'
import { requireRole } from '../auth/caller.ts'
import { Fault } from '../service/fault.ts'
import type { CallOptions, TestHttp, TestReply } from '../testing/http.ts'
import { createTestHttp, TEST_PUBLIC_URL } from '../testing/http.ts'
import { ndjsonBody } from './ndjson.ts'
import { problemReply, sendProblem } from './problem.ts'
import type { Http } from './server.ts'

const BODY_LIMIT = 20_000

const Bill = Shape({
  billNo: CodeJson,
  totalFen: FenJson,
  on: DateJson,
  note: Type.Optional(Text(10)),
  lines: Type.Array(Type.Object({ quantity: Type.Integer({ minimum: 1 }) }), { maxItems: 3 }),
})
const GOOD = { billNo: 'B-1', totalFen: 100, on: '2025-03-01', lines: [{ quantity: 1 }] }

let stored = 0

function routes(app: Http): void {
  app.post('/v1/bills', { schema: { body: Bill } }, request => {
    stored += 1
    return { totalFen: request.body.totalFen, raw: request.rawBody?.length, by: request.caller }
  })
  app.get('/v1/bills/:id', {
    schema: { querystring: Shape({ limit: Type.Optional(Type.Integer({ maximum: 100 })) }) },
    handler: request => ({ limit: request.query.limit ?? null }),
  })
  app.get('/v1/agency', { preHandler: requireRole('agency', 'centre') }, () => ({}))
  app.post('/v1/bills::batch', async request => {
    let bytes = 0
    for await (const chunk of request.body as AsyncIterable<Buffer>) bytes += chunk.length
    return { bytes }
  })
  app.post('/v1/bills::lines', request => ({ lines: ndjsonBody(request.body).readable }))
  app.get('/v1/refused', (_, reply) =>
    sendProblem(
      reply,
      problemReply(
        'not-covered',
        { status: 422, title: 'Not covered' },
        {
          detail: 'the person was not covered on 2025-03-01',
          extensions: { limitFen: 9_007_199_254_740_993n, status: 'ended', on: '2025-03-01' },
        },
      ),
    ),
  )
  app.get('/v1/fault', () => {
    throw new Fault('overloaded', 'queue full of 张三')
  })
  app.get('/v1/corrupt', () => {
    throw new Fault('hole', 'position 7 is missing')
  })
  app.post('/v1/bug', request => {
    throw new TypeError(`cannot read ${JSON.stringify(request.body)} of 110101199003074514 张三`)
  })
  app.get('/v1/teapot', () => {
    throw Object.assign(new Error('upstream said 418'), { statusCode: 418 })
  })
}

let http: TestHttp
before(async () => {
  http = await createTestHttp({ routes, bodyLimitBytes: BODY_LIMIT })
})
after(() => http.close())

const post = (body: NonNullable<CallOptions['body']>, headers = {}) =>
  http.call('POST', '/v1/bills', { body, headers })

async function refused(body: NonNullable<CallOptions['body']>, headers = {}) {
  const before = stored
  const reply = await post(body, headers)
  assert.equal(stored, before, 'nothing is stored')
  assert.equal(reply.header('content-type'), 'application/problem+json')
  assert.equal(reply.get('status'), reply.status)
  return { status: reply.status, kind: reply.kind, ...fieldAndRule(reply) }
}

function fieldAndRule(reply: TestReply) {
  const [field, rule] = [reply.get('field'), reply.get('rule')]
  return { ...(field === undefined ? {} : { field }), ...(rule === undefined ? {} : { rule }) }
}

test('a body that breaks no rule of its schema is taken', async () => {
  const reply = await post(GOOD)
  assert.equal(reply.status, 200)
  assert.equal(reply.header('content-type'), 'application/json; charset=utf-8')
  assert.equal(reply.get('raw'), JSON.stringify(GOOD).length)
})

const rows: readonly [string, object, string, string][] = [
  ['a missing field', { ...GOOD, on: undefined }, 'on', 'required'],
  ['a field nobody knows', { ...GOOD, paid: true }, 'paid', 'additionalProperties'],
  [
    'an unknown field in an object that does not say so',
    { ...GOOD, lines: [{ quantity: 1, x: 1 }] },
    'lines[0].x',
    'additionalProperties',
  ],
  ['a number as text', { ...GOOD, totalFen: '100' }, 'totalFen', 'type: integer'],
  ['a boolean for a number', { ...GOOD, totalFen: true }, 'totalFen', 'type: integer'],
  ['a null', { ...GOOD, totalFen: null }, 'totalFen', 'type: integer'],
  ['a list for an object', { ...GOOD, lines: [[]] }, 'lines[0]', 'type: object'],
  ['an object for a list', { ...GOOD, lines: {} }, 'lines', 'type: array'],
  ['a negative amount', { ...GOOD, totalFen: -1 }, 'totalFen', 'minimum: 0'],
  ['one line too many', { ...GOOD, lines: Array(4).fill({ quantity: 1 }) }, 'lines', 'maxItems: 3'],
  [
    'a zero in a line',
    { ...GOOD, lines: [{ quantity: 1 }, { quantity: 0 }] },
    'lines[1].quantity',
    'minimum: 1',
  ],
  ['a day that is in no calendar', { ...GOOD, on: '2025-02-30' }, 'on', 'format: business-date'],
  ['a text too long', { ...GOOD, note: '一二三四五六七八九十甲' }, 'note', 'maxLength: 10'],
  ['an empty text', { ...GOOD, note: '' }, 'note', 'minLength: 1'],
  ['a body that is a list', [], '', 'type: object'],
]
for (const [name, body, field, rule] of rows) {
  test(`a body is refused for ${name}`, async () => {
    assert.deepEqual(await refused(body), { status: 400, kind: 'malformed', field, rule })
  })
}

test('every control, direction mark and lone surrogate in a text is refused', async () => {
  const bad = ['\u0000', '\n', '\u001f', '\u007f', '\u0085', '\u2028', '\u202e', '\u2066', '\u200f']
  for (const char of [...bad.map(one => JSON.stringify(one).slice(1, -1)), '\\ud800', '\\udc00']) {
    const { kind, field } = await refused(`{"note":"a${char}b",${JSON.stringify(GOOD).slice(1)}`)
    assert.deepEqual([kind, field], ['malformed', 'note'], char)
  }
  assert.equal((await post({ ...GOOD, note: '张三𠮷 é😀' })).status, 200)
  assert.equal((await post({ ...GOOD, note: '𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷' })).status, 200)
})

test('numbers that are not plain safe integers are refused by their field', async () => {
  for (const number of ['1e3', '1.0', '-0', '9007199254740992', '9007199254740993']) {
    const text = JSON.stringify(GOOD).replace('100', number)
    const { status, field } = await refused(text)
    assert.deepEqual([status, field], [400, 'totalFen'], number)
  }
  const largest = JSON.stringify(GOOD).replace('100', '9007199254740991')
  assert.equal((await post(largest)).get('totalFen'), 9007199254740991)
})

test('a body that is no JSON, empty, absent or not UTF-8 is malformed', async () => {
  for (const body of ['{', '', Buffer.from([0x22, 0xff, 0x22])]) {
    assert.equal((await refused(body)).kind, 'malformed')
  }
  const absent = await http.call('POST', '/v1/bills')
  assert.equal(absent.status, 400)
  assert.equal(absent.kind, 'malformed')
})

test('a body that nests without end is malformed', async () => {
  const deep = '['.repeat(BODY_LIMIT / 2) + ']'.repeat(BODY_LIMIT / 2)
  assert.deepEqual(await refused(deep), {
    status: 400,
    kind: 'malformed',
    field: '',
    rule: 'depth: 64',
  })
})

test('a body is too large above the limit and is taken up to it', async () => {
  const text = JSON.stringify(GOOD)
  assert.equal((await post(text + ' '.repeat(BODY_LIMIT - text.length))).status, 200)
  const { status, kind } = await refused(text + ' '.repeat(BODY_LIMIT - text.length + 1))
  assert.deepEqual([status, kind], [413, 'too-large'])
})

test('a body that is not JSON in UTF-8 is of an unsupported type', async () => {
  for (const type of [
    'text/plain',
    'application/xml',
    'application/json; charset=gbk',
    'application/json;charset="utf-16"',
    'multipart/form-data; boundary=x',
    'nonsense',
  ]) {
    const { status, kind } = await refused(JSON.stringify(GOOD), { 'content-type': type })
    assert.deepEqual([status, kind], [415, 'unsupported-media-type'], type)
  }
  for (const type of ['application/json', 'Application/JSON; Charset=UTF-8']) {
    assert.equal((await post(JSON.stringify(GOOD), { 'content-type': type })).status, 200, type)
  }
})

test('an ndjson body is handed to the route as it comes', async () => {
  const headers = { 'content-type': 'application/x-ndjson' }
  const reply = await http.call('POST', '/v1/bills:batch', { body: '{"a":1.5}\n{\n', headers })
  assert.equal(reply.get('bytes'), 12)
})

test('an address that nobody serves is not found, with or without a token', async () => {
  for (const headers of [{}, { authorization: '' }]) {
    const reply = await http.call('POST', '/v1/nothing', { body: {}, headers })
    assert.deepEqual([reply.status, reply.kind], [404, 'not-found'])
    assert.equal(reply.get('instance'), '/v1/nothing')
  }
})

test('an address that takes another method says which', async () => {
  const reply = await http.call('DELETE', '/v1/bills')
  assert.deepEqual([reply.status, reply.kind], [405, 'method-not-allowed'])
  assert.equal(reply.header('allow'), 'POST')
  const one = await http.call('PUT', '/v1/bills/7?x=1', { body: {} })
  assert.deepEqual([one.status, one.header('allow')], [405, 'GET, HEAD'])
  assert.equal((await http.call('GET', '/v1/bills:batch')).header('allow'), 'POST')
})

test('an address that is no URL is malformed', async () => {
  const reply = await http.call('GET', '/v1/bills/%E0%A4%A')
  assert.deepEqual([reply.status, reply.kind], [400, 'malformed'])
  const long = await http.call('GET', `/v1/bills/${'7'.repeat(500)}`)
  assert.equal(long.status, 404)
})

test('an address has its query typed, bounded and closed', async () => {
  assert.equal((await http.call('GET', '/v1/bills/7?limit=5')).get('limit'), 5)
  const rows = [
    ['limit=x', 'query.limit', 'type: integer'],
    ['limit=101', 'query.limit', 'maximum: 100'],
    ['limit=1&limit=2', 'query.limit', 'type: integer'],
    ['offset=1', 'query.offset', 'additionalProperties'],
  ]
  for (const [query, field, rule] of rows) {
    const reply = await http.call('GET', `/v1/bills/7?${query}`)
    assert.equal(reply.status, 400)
    assert.deepEqual(fieldAndRule(reply), { field, rule }, query)
  }
})

test('a NUL in an address is malformed wherever it stands', async () => {
  for (const [address, field] of [
    ['/v1/bills/7%00', 'path.id'],
    ['/v1/bills/7?limit=%00', 'query.limit'],
    ['/v1/bills/7?a=1&a=%00', 'query.a'],
    ['/v1/bills/7?a%00=1', 'query.a?'],
  ] as const) {
    const reply = await http.call('GET', address)
    assert.equal(reply.status, 400, address)
    assert.deepEqual(fieldAndRule(reply), { field, rule: 'no NUL' })
  }
})

test('a problem carries its kind, the path without query, and exact figures', async () => {
  const reply = await http.call('GET', '/v1/refused?person=110101199003074514')
  assert.equal(reply.status, 422)
  assert.equal(
    reply.text,
    `{"type":"${TEST_PUBLIC_URL}/problems/not-covered","title":"Not covered","status":422,` +
      '"detail":"the person was not covered on 2025-03-01","instance":"/v1/refused",' +
      '"limitFen":9007199254740993,"on":"2025-03-01"}',
  )
})

test('a request without a valid token is 401, says why, and its body is not looked at', async () => {
  const expired = await http.issuer.issueToken({
    role: 'hospital',
    institution: 'H1',
    subject: 'h',
    ttlSeconds: -60,
  })
  const rows = [
    ['', 'missing', 'Bearer realm="tongchou"'],
    ['Bearer x', 'malformed-token', 'Bearer realm="tongchou", error="invalid_token", '],
    [`Bearer ${expired}`, 'expired', 'Bearer realm="tongchou", error="invalid_token", '],
  ] as const
  for (const [authorization, reason, challenge] of rows) {
    for (const body of [GOOD, '{']) {
      const before = stored
      const reply = await post(body, { authorization })
      assert.deepEqual([reply.status, reply.kind], [401, 'unauthenticated'])
      assert.equal(reply.get('reason'), reason)
      assert.ok(reply.header('www-authenticate')?.startsWith(challenge))
      assert.equal(stored, before)
    }
  }
})

test('a role that may not is 403', async () => {
  const reply = await http.call('GET', '/v1/agency')
  assert.deepEqual([reply.status, reply.kind], [403, 'not-allowed'])
  const agency = { role: 'agency', region: '110100' } as const
  assert.equal((await http.call('GET', '/v1/agency', { as: agency })).status, 200)
})

test('a fault that passes is 503 with Retry-After', async () => {
  const reply = await http.call('GET', '/v1/fault')
  assert.deepEqual([reply.status, reply.kind], [503, 'unavailable'])
  assert.equal(reply.header('retry-after'), '1')
  assert.equal(reply.text.includes('queue'), false)
})

test('a fault or bug of ours is 500 with an id that the log has, and nothing else', async () => {
  for (const [method, url] of [
    ['GET', '/v1/corrupt'],
    ['POST', '/v1/bug'],
    ['GET', '/v1/teapot'],
  ] as const) {
    const from = http.logs.length
    const reply = await http.call(method, url, method === 'POST' ? { body: { a: 'secret' } } : {})
    assert.equal(reply.status, 500)
    assert.deepEqual(Object.keys(reply.json), ['type', 'title', 'status', 'instance', 'errorId'])
    const lines = http.logs.slice(from)
    assert.equal(lines.length, 1)
    assert.ok(lines[0]?.includes(String(reply.get('errorId'))))
  }
})

test('a failed request leaves no body, number or name in the log', async () => {
  const from = http.logs.length
  await http.call('POST', '/v1/bug', { body: { idNo: '110101199003074514', name: '张三' } })
  await http.call('GET', '/v1/fault')
  const text = http.logs.slice(from).join('')
  assert.match(text, /"event":"http.failed".*"errorName":"TypeError"/)
  for (const part of ['110101', '张', 'idNo', 'secret']) assert.equal(text.includes(part), false)
})

test('bytes that are no HTTP get a problem and the end of the connection', async () => {
  await http.app.listen({ port: 0, host: '127.0.0.1' })
  const address = http.app.server.address()
  assert.ok(typeof address === 'object' && address !== null)
  const exchange = (bytes: string) =>
    new Promise<string>((resolve, reject) => {
      let text = ''
      const socket = connect(address.port, '127.0.0.1', () => socket.write(bytes))
      socket.on('data', data => {
        text += data.toString()
      })
      socket.on('error', reject)
      socket.on('close', () => resolve(text))
    })
  assert.match(
    await exchange('GET / HTTP/1.1\r\nbad header\r\n\r\n'),
    /^HTTP\/1.1 400 .*problems\/malformed/s,
  )
  const huge = `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`
  assert.match(await exchange(huge), /^HTTP\/1.1 431 .*problems\/too-large/s)
  const short =
    'POST /v1/bills HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 1\r\n\r\n{}'
  assert.match(await exchange(short), /^HTTP\/1.1 4/)
})

test('a route that takes lines refuses a JSON body', async () => {
  const headers = { 'content-type': 'application/x-ndjson' }
  const lines = await http.call('POST', '/v1/bills:lines', { body: '{}\n', headers })
  assert.equal(lines.status, 200, lines.text)
  const json = await http.call('POST', '/v1/bills:lines', { body: GOOD })
  assert.deepEqual([json.status, json.kind], [415, 'unsupported-media-type'])
})
