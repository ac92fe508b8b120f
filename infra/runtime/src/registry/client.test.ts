import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, before, describe, test } from 'node:test'
import { COMPATIBILITY, SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry'
import { compileSchema, encodeEvent } from '@tongchou/contracts/avro/codec.ts'
import { fingerprintOf } from '@tongchou/contracts/avro/fingerprint.ts'
import { RELEASED_SCHEMAS } from '@tongchou/contracts/events.generated.ts'
import type { ClaimId, PersonId } from '@tongchou/contracts/id.ts'
import { uuid } from '@tongchou/contracts/id.ts'
import { Fault } from '../service/fault.ts'
import { createLogger } from '../service/logger.ts'
import { createTestHttp } from '../testing/http.ts'
import { openSchemas, SchemaRefused, subjectOf } from './client.ts'
import { A, B, B_DEFAULT, schemaText } from './contract.ts'
import { addRegistry } from './http/app.ts'
import { MemoryRegistryLog } from './memory.ts'
import { ownSchemas } from './registrar.ts'
import { Registry } from './registry.ts'
import { createTestRegistry } from './testing.ts'
import { fromWire, toWire } from './wire.ts'

const CASE_CLOSED = {
  claimId: uuid<ClaimId>('00000000-0000-8000-8000-000000000001'),
  personId: uuid<PersonId>('00000000-0000-8000-8000-000000000002'),
  reason: 'withdrawn',
}

let registry: Awaited<ReturnType<typeof createTestRegistry>>
let host = ''
before(async () => {
  registry = await createTestRegistry()
  host = await registry.listen()
})
after(() => registry.close())

const withToken = (token: string) => openSchemas({ url: `${host}/`, token: async () => token })
const ours = () => withToken(registry.serviceToken)

async function config(subject: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${registry.readerToken}` }
  return (await fetch(`${host}/config/${subject}`, { headers })).json()
}

describe('the usual client for Node', () => {
  const stock = (password = registry.serviceToken) =>
    new SchemaRegistry({ host, auth: { username: 'token', password }, retry: { retries: 0 } })
  const avro = (...fields: readonly object[]) => ({
    type: SchemaType.AVRO as const,
    schema: schemaText(...fields),
  })

  test('registers, gets, asks for the latest, encodes and decodes', async () => {
    const one = stock()
    const compatibility = COMPATIBILITY.BACKWARD_TRANSITIVE
    const { id } = await one.register(avro(A), { subject: 'stock', compatibility })
    assert.deepEqual(await one.register(avro(A), { subject: 'stock', compatibility }), { id })
    const next = await one.register(avro(A, B_DEFAULT), { subject: 'stock', compatibility })
    assert.equal(next.id, id + 1)
    const other = stock(registry.readerToken)
    assert.equal(await other.getLatestSchemaId('stock'), next.id)
    assert.equal(await other.getRegistryId('stock', 1), id)
    assert.equal(await other.getRegistryIdBySchema('stock', avro(A)), id)
    const value = await one.encode(next.id, { a: 'x', b: 7 })
    assert.deepEqual({ ...(await other.decode(value)) }, { a: 'x', b: 7 })
    assert.deepEqual(await config('stock'), { compatibilityLevel: 'BACKWARD_TRANSITIVE' })
  })

  test('is told 409 of what may not follow, 404 of what is not there, 403 and 401', async () => {
    const compatibility = COMPATIBILITY.BACKWARD
    await stock().register(avro(A), { subject: 'told', compatibility })
    const rows: readonly (readonly [() => Promise<unknown>, number, RegExp])[] = [
      [() => stock().register(avro(A, B), { subject: 'told', compatibility }), 409, /incompatible/],
      [() => stock().getLatestSchemaId('none'), 404, /Subject 'none' not found/],
      [() => stock().getSchema(9999), 404, /Schema 9999 not found/],
      [() => stock(registry.readerToken).register(avro(B), { subject: 'new' }), 403, /auditor/],
      [() => stock('x').getSchema(1), 401, /token/],
    ]
    for (const [work, status, message] of rows) {
      await assert.rejects(work(), (error: Error & { status?: number }) => {
        assert.equal(error.status, status, error.message)
        assert.match(error.message, message)
        return true
      })
    }
  })
})

describe('our schemas in a registry', () => {
  test('get numbers by topic and record, the same at every start, and the level of the topic', async () => {
    const subject = subjectOf('clearing.claim.v1', 'n.E')
    assert.equal(subject, 'clearing.claim.v1-n.E')
    const id = await ours().register(subject, schemaText(A))
    assert.equal(await ours().register(subject, schemaText(A)), id)
    assert.deepEqual(await config(subject), { compatibilityLevel: 'BACKWARD_TRANSITIVE' })
    await ours().register('public.clearing.claim.v1-n.E', schemaText(A))
    assert.deepEqual(await config('public.clearing.claim.v1-n.E'), {
      compatibilityLevel: 'FULL_TRANSITIVE',
    })
  })

  test('all released ones are taken, and come back with their fingerprint', async () => {
    const schemas = ours()
    const reader = withToken(registry.readerToken)
    const ids = new Set<number>()
    for (const { schema } of RELEASED_SCHEMAS) {
      const name = `${schema.namespace}.${schema.name}`
      const id = await schemas.register(subjectOf('t', name), JSON.stringify(schema))
      ids.add(id)
      const known = await reader.schemaOf(id)
      assert.equal(known.name, name)
      assert.deepEqual(known.fingerprint, fingerprintOf(compileSchema(schema)))
      const again = fingerprintOf(compileSchema(JSON.parse(known.schemaText)))
      assert.deepEqual(again, known.fingerprint)
    }
    assert.equal(ids.size, RELEASED_SCHEMAS.length)
  })

  test('get the same numbers and levels by the way that needs no HTTP', async () => {
    const log = new MemoryRegistryLog()
    const shown = await createTestRegistry(log)
    const url = await shown.listen()
    const own = ownSchemas(log, url)
    const subjects = ['clearing.claim.v1-n.E', 'public.clearing.claim.v1-n.E']
    const remote = openSchemas({ url, token: async () => shown.serviceToken })
    for (const subject of subjects) {
      const id = await own.register(subject, schemaText(A))
      assert.equal(await remote.register(subject, schemaText(A)), id)
      assert.equal(await own.register(subject, schemaText(A)), id)
    }
    await shown.close()
  })

  test('leave a level that an operator set where it is', async () => {
    const log = new MemoryRegistryLog()
    const registry = new Registry(log)
    const subject = 'clearing.claim.v1-n.E'
    await registry.change({ type: 'set-level', subject, level: 'NONE' })
    await ownSchemas(log, 'http://localhost').register(subject, schemaText(A))
    assert.equal((await registry.state()).level(subject), 'NONE')
  })

  test('are found behind a path', async () => {
    const http = await createTestHttp()
    const logger = createLogger({ service: 'test', level: 'silent' })
    await addRegistry(http.app, { log: new MemoryRegistryLog(), logger, prefix: '/registry' })
    const url = `${await http.app.listen({ host: '127.0.0.1', port: 0 })}/registry`
    const grant = { role: 'service', subject: 's', ttlSeconds: 60 } as const
    const schemas = openSchemas({ url, token: () => http.issuer.issueToken(grant) })
    assert.equal((await schemas.schemaOf(await schemas.register('s', schemaText(A)))).name, 'n.E')
    await http.close()
  })

  test('are asked for once', async () => {
    const schemas = ours()
    const id = await schemas.register('once', schemaText(A))
    const [one, other] = await Promise.all([schemas.schemaOf(id), schemas.schemaOf(id)])
    assert.equal(one, other)
    assert.equal(await schemas.schemaOf(id), one)
  })

  test('bring an event over the wire and back, byte for byte', async () => {
    const schemas = ours()
    const stored = encodeEvent('CaseClosed', CASE_CLOSED)
    const found = RELEASED_SCHEMAS.find(({ name }) => name === 'CaseClosed')
    const id = await schemas.register('wire', JSON.stringify(found?.schema))
    const { fingerprint } = await schemas.schemaOf(id)
    const value = toWire(stored, id, 'fraud.case.v1')
    assert.deepEqual(
      fromWire(value, () => fingerprint, 'fraud.case.v1'),
      stored,
    )
  })
})

describe('a registry that says no is named by its setting, with what to do', () => {
  const refused = (work: Promise<unknown>, ...messages: readonly RegExp[]) =>
    assert.rejects(work, (error: unknown) => {
      assert.ok(error instanceof SchemaRefused, String(error))
      assert.match(error.message, new RegExp(`^TONGCHOU_SCHEMA_REGISTRY ${host}: `))
      for (const message of messages) assert.match(error.message, message)
      return true
    })

  test('a schema that may not follow', async () => {
    await ours().register('s', schemaText(A))
    await refused(ours().register('s', schemaText(A, B)), /subject s/, /may not follow/, /\.b/)
  })

  test('no schema', () =>
    refused(ours().register('bad', '{"type":"record","name":"E"}'), /subject bad/))

  test('a subject of another level', async () => {
    await ours().register('levelled', schemaText(A), 'NONE')
    await refused(ours().register('levelled', schemaText(A)), /another level/, /NONE/)
  })

  test('a token that may not register', () =>
    refused(withToken(registry.readerToken).register('new', schemaText(A)), /may not register/))

  test('no token', () => refused(withToken('x').schemaOf(1), /token is not taken/))

  test('a number that it does not know', () => refused(ours().schemaOf(9999), /no such schema/))
})

describe('a registry that does not answer is waited for by the caller', () => {
  const unavailable = (work: Promise<unknown>) =>
    assert.rejects(work, (error: unknown) => {
      assert.ok(error instanceof Fault, String(error))
      assert.equal(error.code, 'unavailable')
      assert.equal(error.retryable, true)
      assert.match(error.message, /TONGCHOU_SCHEMA_REGISTRY .*no answer/)
      return true
    })

  test('because nothing listens', () =>
    unavailable(openSchemas({ url: 'http://127.0.0.1:1', token: null }).schemaOf(1)))

  test('because it fails, and is asked again next time', async t => {
    let failing = true
    const server = createServer((_, reply) => {
      reply.statusCode = failing ? 503 : 200
      reply.setHeader('content-type', 'application/json')
      reply.end(JSON.stringify(failing ? { message: 'no' } : { schema: schemaText(A) }))
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    t.after(() => server.close())
    const address = server.address()
    assert.ok(typeof address === 'object' && address !== null)
    const schemas = openSchemas({ url: `http://127.0.0.1:${address.port}`, token: null })
    await unavailable(schemas.schemaOf(1))
    failing = false
    assert.equal((await schemas.schemaOf(1)).name, 'n.E')
  })

  test('because it is silent', async t => {
    const server = createServer(() => {})
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    t.after(() => server.closeAllConnections())
    t.after(() => server.close())
    const address = server.address()
    assert.ok(typeof address === 'object' && address !== null)
    const url = `http://127.0.0.1:${address.port}`
    await unavailable(openSchemas({ url, token: null, deadlineMs: 50 }).schemaOf(1))
  })
})
