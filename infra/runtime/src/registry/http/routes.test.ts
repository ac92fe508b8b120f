import assert from 'node:assert/strict'
import { after, beforeEach, describe, test } from 'node:test'
import type { Http } from '../../http/server.ts'
import { Fault } from '../../service/fault.ts'
import { createLogger } from '../../service/logger.ts'
import { createTestHttp } from '../../testing/http.ts'
import { A, B, B_DEFAULT, schemaText } from '../contract.ts'
import { MemoryRegistryLog } from '../memory.ts'
import { createTestRegistry } from '../testing.ts'
import { CONTENT_TYPE } from './answers.ts'
import { addRegistry } from './app.ts'

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
type Registry = Awaited<ReturnType<typeof createTestRegistry>>

const open: Registry[] = []
let registry: Registry
beforeEach(async () => {
  registry = await createTestRegistry()
  open.push(registry)
})
after(async () => {
  for (const one of open) await one.close()
})

type Sent = { readonly body?: unknown; readonly authorization?: string; readonly type?: string }

async function call(method: Method, url: string, sent: Sent = {}) {
  const { body, authorization = `Bearer ${registry.serviceToken}`, type = CONTENT_TYPE } = sent
  const reply = await registry.app.inject({
    method,
    url,
    headers: { authorization, ...(method === 'GET' ? {} : { 'content-type': type }) },
    ...(body === undefined
      ? {}
      : { payload: typeof body === 'string' ? body : `${JSON.stringify(body)}` }),
  })
  return { status: reply.statusCode, headers: reply.headers, text: reply.body, json: reply.json() }
}

const get = async (url: string) => (await call('GET', url)).json
const post = (url: string, body: unknown) => call('POST', url, { body })
const register = (subject: string, ...fields: readonly object[]) =>
  post(`/subjects/${subject}/versions`, { schema: schemaText(...fields) })

describe('a registry', () => {
  test('registers, finds and shows', async () => {
    const subject = 'clearing.claim.v1-tongchou.clearing.ClaimSettled'
    assert.deepEqual((await register(subject, A)).json, { id: 1 })
    assert.deepEqual((await register(subject, A)).json, { id: 1 })
    assert.deepEqual((await register(subject, A, B_DEFAULT)).json, { id: 2 })
    assert.deepEqual((await register('other/:2', A)).status, 404)
    assert.deepEqual((await register('other%2F%3A2', A)).json, { id: 1 })
    assert.deepEqual(await get('/subjects'), [subject, 'other/:2'])
    assert.deepEqual(await get('/subjects?subjectPrefix=o&limit=-1'), ['other/:2'])
    assert.deepEqual(await get('/subjects?offset=1&limit=1'), ['other/:2'])
    assert.deepEqual(await get(`/subjects/${subject}/versions`), [1, 2])
    const second = await get(`/subjects/${subject}/versions/2`)
    assert.deepEqual(await get(`/subjects/${subject}/versions/latest`), second)
    assert.deepEqual(await get(`/subjects/${subject}/versions/-1`), second)
    assert.deepEqual(Object.keys(second), ['subject', 'version', 'id', 'schema'])
    assert.deepEqual(await get(`/subjects/${subject}/versions/2/schema`), JSON.parse(second.schema))
    assert.deepEqual(await get(`/subjects/${subject}/versions/2/referencedby`), [])
    assert.deepEqual(await get('/schemas/ids/2'), { schema: second.schema })
    assert.deepEqual(await get('/schemas/ids/2/schema'), JSON.parse(second.schema))
    assert.deepEqual(await get('/schemas/ids/1/subjects'), [subject, 'other/:2'])
    assert.deepEqual(await get('/schemas/ids/1/versions'), [
      { subject, version: 1 },
      { subject: 'other/:2', version: 1 },
    ])
    assert.deepEqual(await get('/schemas/types'), ['AVRO'])
    const found = await post(`/subjects/${subject}`, { schema: ` ${schemaText(A, B_DEFAULT)}` })
    assert.deepEqual(found.json, second)
    assert.equal(found.headers['content-type'], CONTENT_TYPE)
  })

  test('deletes softly, then for good', async () => {
    await register('s', A)
    await register('s', A, B_DEFAULT)
    assert.deepEqual((await call('DELETE', '/subjects/s/versions/latest')).json, 2)
    assert.deepEqual(await get('/subjects/s/versions'), [1])
    assert.deepEqual(await get('/subjects/s/versions?deleted=true'), [1, 2])
    assert.deepEqual(await get('/subjects/s/versions?deleted=True'), [1, 2])
    assert.equal((await get('/subjects/s/versions/2?deleted=true')).id, 2)
    assert.ok((await get('/schemas/ids/2')).schema)
    assert.deepEqual(await get('/schemas/ids/2/versions'), [])
    assert.deepEqual((await call('DELETE', '/subjects/s/versions/2?permanent=true')).json, 2)
    assert.deepEqual((await call('DELETE', '/subjects/s')).json, [1])
    assert.deepEqual(await get('/subjects'), [])
    assert.deepEqual(await get('/subjects?deleted=true'), ['s'])
    assert.deepEqual((await call('DELETE', '/subjects/s?permanent=true')).json, [1])
    assert.deepEqual(await get('/subjects?deleted=true'), [])
  })

  test('says what may follow, and why not', async () => {
    await register('s', A)
    await register('s', A, B_DEFAULT)
    const ask = async (path: string, ...fields: readonly object[]) =>
      (await post(`/compatibility/subjects/${path}`, { schema: schemaText(...fields) })).json
    assert.deepEqual(await ask('s/versions/latest', A), { is_compatible: true })
    assert.deepEqual(await ask('s/versions/1', A, B), { is_compatible: false })
    assert.deepEqual(await ask('s/versions/2', A, B), { is_compatible: true })
    assert.deepEqual(await ask('s/versions', A, B), { is_compatible: false })
    assert.deepEqual(await ask('new/versions/latest', A), { is_compatible: true })
    assert.deepEqual(await ask('new/versions', A), { is_compatible: true })
    const { is_compatible, messages } = await ask('s/versions/1?verbose=true', A, B)
    assert.equal(is_compatible, false)
    assert.match(messages.join(), /READER_FIELD_MISSING_DEFAULT_VALUE at \.b.*version 1/)
    assert.deepEqual(await ask('s/versions?verbose=true', A), { is_compatible: true, messages: [] })
    assert.equal((await get('/subjects/s/versions')).length, 2)
  })

  test('keeps levels and modes, of its own and of subjects', async () => {
    assert.deepEqual(await get('/config'), { compatibilityLevel: 'BACKWARD_TRANSITIVE' })
    const set = await call('PUT', '/config/s', { body: { compatibility: 'full' } })
    assert.deepEqual(set.json, { compatibility: 'FULL' })
    assert.deepEqual(await get('/config/s'), { compatibilityLevel: 'FULL' })
    await call('PUT', '/config', { body: { compatibility: 'NONE' } })
    assert.deepEqual(await get('/config/t?defaultToGlobal=true'), { compatibilityLevel: 'NONE' })
    assert.deepEqual((await call('DELETE', '/config/s')).json, { compatibilityLevel: 'NONE' })
    const reset = await call('DELETE', '/config')
    assert.deepEqual(reset.json, { compatibilityLevel: 'BACKWARD_TRANSITIVE' })
    assert.deepEqual(await get('/config/public.x?defaultToGlobal=true'), {
      compatibilityLevel: 'FULL_TRANSITIVE',
    })
    assert.deepEqual(await get('/mode'), { mode: 'READWRITE' })
    await call('PUT', '/mode', { body: { mode: 'READONLY' } })
    assert.deepEqual(await get('/mode/s?defaultToGlobal=true'), { mode: 'READONLY' })
    await call('PUT', '/mode/s', { body: { mode: 'IMPORT' } })
    assert.deepEqual(await get('/mode/s'), { mode: 'IMPORT' })
    const body = { schema: schemaText(A), id: 77, version: 3 }
    assert.deepEqual((await post('/subjects/s/versions', body)).json, { id: 77 })
    assert.deepEqual(await get('/subjects/s/versions'), [3])
    assert.deepEqual((await call('DELETE', '/mode/s')).json, { mode: 'READONLY' })
  })

  test('takes the bodies that stock clients send', async () => {
    const body = {
      schema: schemaText(A),
      schemaType: 'AVRO',
      references: [],
      metadata: null,
      ruleSet: null,
      id: -1,
      version: -1,
      more: { of: 'tomorrow' },
    }
    for (const type of [CONTENT_TYPE, 'application/vnd.schemaregistry+json', 'application/json']) {
      const url = '/subjects/s/versions?normalize=true'
      assert.deepEqual((await call('POST', url, { body, type })).json, { id: 1 }, type)
    }
  })
})

const E = { schema: schemaText(A) }

/** One request that breaks one rule, what stands before it, and the code. */
type Row = readonly [
  status: number,
  code: number,
  name: string,
  method: Method,
  url: string,
  sent?: Sent,
  before?: () => Promise<unknown>,
]

const gone = async () => {
  await register('s', A)
  await register('s', A, B_DEFAULT)
  await call('DELETE', '/subjects/s')
}
const two = () => register('s', A)
const set = (url: string, body: object) => async () => {
  await register('s', A)
  await call('PUT', url, { body })
}
const reader = () => `Bearer ${registry.readerToken}`

const rows: readonly Row[] = [
  [404, 40401, 'versions of an unknown subject', 'GET', '/subjects/s/versions'],
  [404, 40401, 'a version of an unknown subject', 'GET', '/subjects/s/versions/1'],
  [404, 40401, 'a look-up under an unknown subject', 'POST', '/subjects/s', { body: E }],
  [404, 40401, 'an unknown subject deleted', 'DELETE', '/subjects/s'],
  [
    404,
    40401,
    'a number of an unknown subject',
    'POST',
    '/compatibility/subjects/s/versions/1',
    { body: E },
  ],
  [404, 40401, 'a subject that was deleted', 'GET', '/subjects/s/versions', {}, gone],
  [404, 40402, 'an unknown version', 'GET', '/subjects/s/versions/2', {}, two],
  [
    404,
    40402,
    'an unknown version compared',
    'POST',
    '/compatibility/subjects/s/versions/2',
    { body: E },
    two,
  ],
  [404, 40403, 'an unknown id', 'GET', '/schemas/ids/9'],
  [404, 40403, 'the subjects of an unknown id', 'GET', '/schemas/ids/9/subjects'],
  [404, 40403, 'the versions of an unknown id', 'GET', '/schemas/ids/9/versions'],
  [
    404,
    40403,
    'a schema that is not of the subject',
    'POST',
    '/subjects/s',
    { body: { schema: schemaText(B) } },
    two,
  ],
  [404, 40404, 'a subject deleted twice', 'DELETE', '/subjects/s', {}, gone],
  [404, 40405, 'a subject removed at once', 'DELETE', '/subjects/s?permanent=true', {}, two],
  [404, 40406, 'a version deleted twice', 'DELETE', '/subjects/s/versions/1', {}, gone],
  [
    404,
    40407,
    'a version removed at once',
    'DELETE',
    '/subjects/s/versions/1?permanent=true',
    {},
    two,
  ],
  [404, 40408, 'a level that was not set', 'GET', '/config/s'],
  [404, 40408, 'a level taken back that was not set', 'DELETE', '/config/s'],
  [404, 40409, 'a mode that was not set', 'GET', '/mode/s'],
  [404, 40409, 'a mode taken back that was not set', 'DELETE', '/mode/s'],
  [
    409,
    409,
    'what cannot read old bytes',
    'POST',
    '/subjects/s/versions',
    { body: { schema: schemaText(A, B) } },
    two,
  ],
  [422, 42201, 'no Avro', 'POST', '/subjects/s/versions', { body: { schema: '{"type":"text"}' } }],
  [422, 42201, 'no schema', 'POST', '/subjects/s/versions', { body: {} }],
  [422, 42201, 'an empty schema', 'POST', '/subjects/s/versions', { body: { schema: ' ' } }],
  [
    422,
    42201,
    'JSON Schema',
    'POST',
    '/subjects/s/versions',
    { body: { schema: '"int"', schemaType: 'JSON' } },
  ],
  [
    422,
    42201,
    'Protobuf',
    'POST',
    '/subjects/s',
    { body: { schema: '"int"', schemaType: 'PROTOBUF' } },
  ],
  [
    422,
    42201,
    'references',
    'POST',
    '/subjects/s/versions',
    { body: { ...E, references: [{ name: 'n' }] } },
  ],
  [
    422,
    42201,
    'rules',
    'POST',
    '/subjects/s/versions',
    { body: { ...E, ruleSet: { domainRules: [] } } },
  ],
  [422, 42202, 'version 0', 'GET', '/subjects/s/versions/0'],
  [422, 42202, 'a version that is no number', 'GET', '/subjects/s/versions/last'],
  [422, 42202, 'a version beyond 2^31', 'GET', '/subjects/s/versions/2147483648'],
  [422, 42203, 'an unknown level', 'PUT', '/config', { body: { compatibility: 'SIDEWAYS' } }],
  [422, 42203, 'no level', 'PUT', '/config/s', { body: {} }],
  [422, 42204, 'an unknown mode', 'PUT', '/mode', { body: { mode: 'FORWARD' } }],
  [422, 42204, 'no mode', 'PUT', '/mode/s', { body: {} }],
  [
    422,
    42205,
    'an id that is not imported',
    'POST',
    '/subjects/s/versions',
    { body: { ...E, id: 7 } },
  ],
  [
    422,
    42205,
    'a change where nothing may change',
    'POST',
    '/subjects/s/versions',
    { body: { schema: schemaText(A, B_DEFAULT) } },
    set('/mode/s', { mode: 'READONLY' }),
  ],
  [422, 42205, 'an import over what is there', 'PUT', '/mode/s', { body: { mode: 'IMPORT' } }, two],
  [422, 42208, 'a subject with a line break', 'POST', '/subjects/a%0Ab/versions', { body: E }],
  [422, 42208, 'a blank subject', 'GET', '/subjects/%20/versions'],
  [400, 400, 'a body that is no JSON', 'POST', '/subjects/s/versions', { body: '{' }],
  [400, 400, 'a body that is a list', 'POST', '/subjects/s/versions', { body: [] }],
  [400, 400, 'a schema that is no text', 'POST', '/subjects/s/versions', { body: { schema: {} } }],
  [400, 400, 'a query that is no flag', 'GET', '/subjects?deleted=perhaps'],
  [400, 400, 'an id that is no number', 'GET', '/schemas/ids/x'],
  [
    413,
    413,
    'a body beyond the limit',
    'POST',
    '/subjects/s/versions',
    { body: ' '.repeat(70_000) },
  ],
  [
    415,
    415,
    'a body of another type',
    'POST',
    '/subjects/s/versions',
    { body: 'x', type: 'text/plain' },
  ],
  [401, 40101, 'nobody', 'GET', '/subjects', { authorization: '' }],
  [401, 40101, 'a password that is no token', 'GET', '/subjects', { authorization: 'Basic dTpw' }],
]

describe('a registry refuses', () => {
  for (const [status, code, name, method, url, sent, before] of rows) {
    test(`${code}: ${name}`, async () => {
      await before?.()
      const { text } = await call('GET', '/subjects?deleted=true')
      const reply = await call(method, url, sent)
      assert.deepEqual([reply.status, reply.json.error_code], [status, code], reply.text)
      assert.deepEqual(Object.keys(reply.json), ['error_code', 'message'])
      assert.match(reply.json.message, /\w/)
      assert.equal(reply.headers['content-type'], CONTENT_TYPE)
      assert.equal((await call('GET', '/subjects?deleted=true')).text, text, 'nothing is stored')
    })
  }

  const writes: readonly (readonly [Method, string, unknown?])[] = [
    ['POST', '/subjects/s/versions', E],
    ['DELETE', '/subjects/s'],
    ['DELETE', '/subjects/s/versions/1'],
    ['PUT', '/config', { compatibility: 'NONE' }],
    ['DELETE', '/config'],
    ['PUT', '/config/s', { compatibility: 'NONE' }],
    ['DELETE', '/config/s'],
    ['PUT', '/mode', { mode: 'READONLY' }],
    ['PUT', '/mode/s', { mode: 'READONLY' }],
    ['DELETE', '/mode/s'],
  ]
  for (const [method, url, body] of writes) {
    test(`40301: ${method} ${url} by who only reads`, async () => {
      const reply = await call(method, url, { body, authorization: reader() })
      assert.deepEqual([reply.status, reply.json.error_code], [403, 40301], reply.text)
    })
  }

  test('50001: everything while the database does not answer', async () => {
    const fail = async () => {
      throw new Fault('unavailable', 'the database does not answer')
    }
    registry = await createTestRegistry({ after: fail, append: fail })
    open.push(registry)
    const reply = await call('GET', '/subjects')
    assert.deepEqual([reply.status, reply.json.error_code], [503, 50001])
    assert.equal(reply.headers['retry-after'], '1')
  })
})

test('every role reads, with its token as a password too', async () => {
  await register('s', A)
  const basic = Buffer.from(`token:${registry.readerToken}`).toString('base64')
  for (const authorization of [reader(), `Basic ${basic}`]) {
    assert.deepEqual((await call('GET', '/subjects', { authorization })).json, ['s'])
    const lookup = await call('POST', '/subjects/s', { body: E, authorization })
    assert.equal(lookup.json.id, 1)
    const url = '/compatibility/subjects/s/versions/latest'
    assert.equal((await call('POST', url, { body: E, authorization })).status, 200)
  }
})

test('another door shows it under a prefix, and keeps its own problems', async () => {
  const routes = (app: Http) => void app.get('/v1/other', () => ({}))
  const http = await createTestHttp({ routes })
  const logger = createLogger({ service: 'test', level: 'silent' })
  await addRegistry(http.app, { log: new MemoryRegistryLog(), logger, prefix: '/registry' })
  const as = { role: 'service', subject: 's' } as const
  const sent = await http.call('POST', '/registry/subjects/s/versions', { as, body: E })
  assert.deepEqual(sent.json, { id: 1 })
  const mine = await http.call('GET', '/registry/subjects/t/versions', { as })
  assert.deepEqual([mine.get('error_code'), mine.kind], [40401, undefined])
  assert.equal((await http.call('GET', '/subjects', { as })).kind, 'not-found')
  const token = await http.issuer.issueToken({ ...as, ttlSeconds: 60 })
  const basic = `Basic ${Buffer.from(`:${token}`).toString('base64')}`
  const asked = (url: string) => http.call('GET', url, { headers: { authorization: basic } })
  assert.equal((await asked('/registry/subjects/s/versions/1')).status, 200)
  assert.equal((await asked('/v1/other')).status, 401)
  await http.close()
})

test('its OpenAPI document names its routes', async () => {
  const { json } = await call('GET', '/openapi.json')
  assert.ok(json.paths['/subjects/{subject}/versions'].post)
  assert.ok(json.paths['/compatibility/subjects/{subject}/versions/{version}'])
})
