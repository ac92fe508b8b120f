/** The database stops or is killed: 503 and when to come again; what was acknowledged is there. */
import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { after, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { EmbeddedPostgres } from '@tongchou/runtime/postgres/embedded.ts'
import { createDatabase, startEmbeddedPostgres } from '@tongchou/runtime/postgres/embedded.ts'
import { assertBooksHold } from '../system/books.ts'
import { buildEstate, OWNERS } from '../system/estate.ts'
import { temporaryFolder } from '../system/folder.ts'
import type { Reply } from '../system/http.ts'
import { answerLines, NDJSON, ndjson } from '../system/http.ts'
import { repeat } from '../system/repeat.ts'
import { routesOf } from '../system/routes.ts'
import { sampleOf } from '../system/samples.ts'
import { startSystem } from '../system/system.ts'
import { AT_HOSPITAL, dayOf2025, enrolMany, personNumber, stay } from '../system/world.ts'

const folder = temporaryFolder()
/** A durable server of the test's own, always on the same port. */
function startServer(): Promise<EmbeddedPostgres> {
  const settings = { shared_buffers: '128MB', wal_buffers: '-1', max_wal_size: '1GB' }
  const log = () => undefined
  return startEmbeddedPostgres({ dataDir: folder, log, settings, endWithParent: true })
}

let server = await startServer()
const url = await createDatabase(server.url, 'tongchou')
const system = await startSystem({ after }, { databaseUrl: url })
after(async () => {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})
const { samples } = await buildEstate(system)
const routes = await routesOf(system)
const persons = Array.from({ length: 100 }, (_, n) => personNumber(1000 + n))
await enrolMany(system, persons, 100_000)

const claimOf = (n: number) =>
  stay({
    ...personNumber(1000 + (n % 100)),
    claimNo: `DB-${n}`,
    on: dayOf2025(Math.floor(n / 100) * 5),
  })

/** What the hospital was told, by claim number. */
const acknowledged = new Map<string, string>()

async function submit(n: number): Promise<Reply> {
  const headers = { prefer: 'wait=30' }
  const call = { as: AT_HOSPITAL, body: claimOf(n), headers }
  const reply = await system.patientAt(`${system.doors[0]}/v1/claims`, call)
  assert.ok(reply.status === 200 || reply.status === 202, reply.text)
  acknowledged.set(claimOf(n).claimNo, reply.text)
  return reply
}

/** Every acknowledged claim stands once, is settled, and answers in the same words. */
async function assertAllThere(): Promise<void> {
  await system.stores.quiet()
  const submitted = await system.stores.eventsOf('clearing', 'ClaimSubmitted')
  const settled = await system.stores.eventsOf('clearing', 'ClaimSettled')
  for (const [what, events] of [
    ['submitted', submitted],
    ['settled', settled],
  ] as const) {
    const numbers = events.map(({ data }) => data.claimNo).filter(no => no.startsWith('DB-'))
    assert.equal(new Set(numbers).size, numbers.length, `${what} twice`)
    assert.deepEqual(new Set(numbers), new Set(acknowledged.keys()), what)
  }
  for (const [claimNo, text] of acknowledged) {
    const { status, json } = JSON.parse(text).state === 'settled' ? await again(claimNo, text) : OK
    assert.equal(status, 200, JSON.stringify(json))
  }
  await assertBooksHold(system)
}

const OK = { status: 200, json: {} }

async function again(claimNo: string, text: string) {
  const body = claimOf(Number(claimNo.slice(3)))
  const reply = await system.call('clearing', '/v1/claims', { as: AT_HOSPITAL, body })
  assert.equal(reply.text, text)
  return reply
}

async function untilReady(): Promise<void> {
  const end = performance.now() + 30_000
  for (;;) {
    const states = await Promise.all(
      system.hosted.map(({ name }) => system.call(name, '/health/ready', { as: null })),
    )
    const waiting = states.find(({ status }) => status !== 200)
    if (waiting === undefined) return
    assert.ok(performance.now() < end, waiting.text)
    await sleep(100)
  }
}

/** Readiness is looked at once a second. */
async function untilReadinessSays(what: RegExp): Promise<void> {
  const end = performance.now() + 5_000
  for (;;) {
    const { status, text } = await system.call('clearing', '/health/ready', { as: null })
    if (status === 503 && what.test(text)) return
    assert.ok(performance.now() < end, text)
    await sleep(100)
  }
}

describe('while the database is stopped', () => {
  test('every route answers 503 and says when to come again, or needs no database', async () => {
    await repeat(100, 8, async n => void (await submit(n)))
    await system.stores.quiet()
    const before = await system.stores.heads()
    await server.stop()
    const replies = await Promise.all(
      routes.map(async route => {
        const { path: address, body, line } = sampleOf(route, samples)
        const headers = { prefer: 'wait=1', ...(line && { 'content-type': NDJSON }) }
        const sent = line === undefined ? body : ndjson([line])
        const call = {
          method: route.method,
          headers,
          ...(sent === undefined ? {} : { body: sent }),
        }
        for (const as of OWNERS) {
          const reply = await system.call(route.service, address, { ...call, as })
          if (reply.status !== 403) return { route, reply }
        }
        return assert.fail(route.name)
      }),
    )
    let unavailable = 0
    for (const { route, reply } of replies) {
      const [line] = reply.header('content-type')?.startsWith(NDJSON) ? answerLines(reply.text) : []
      const { status = reply.status } = (line?.['problem'] ?? {}) as { status?: number }
      assert.ok(status < 500 || status === 503, `${route.name}: ${reply.text}`)
      if (reply.status !== 503) continue
      unavailable += 1
      assert.equal(reply.kind, 'unavailable')
      assert.ok(Number(reply.header('retry-after')) > 0, `${route.name}: no Retry-After`)
    }
    assert.ok(unavailable > 20, `${unavailable} of ${replies.length} routes need the database`)
    await untilReadinessSays(/"name":"database","ready":false/)
    server = await startServer()
    await untilReady()
    await system.stores.quiet()
    const after = await system.stores.heads()
    for (const service of ['enrollment', 'providers', 'contributions', 'fraud'] as const) {
      assert.equal(after[service], before[service], `${service} stored something it refused`)
    }
  })

  test('claims are waited for: those sent meanwhile and those before are there once', async () => {
    const during = repeat(100, 8, async n => void (await submit(100 + n)))
    await sleep(200)
    await server.stop()
    await sleep(1500)
    server = await startServer()
    await during
    await untilReady()
    await assertAllThere()
  })
})

test('the database is killed under load, and starts again: all that was acknowledged is there', async () => {
  const load = repeat(400, 8, async n => void (await submit(200 + n)))
  for (let kills = 0; kills < 3; kills++) {
    await sleep(400)
    const { pid } = server
    process.kill(pid, 'SIGKILL')
    while (server.pid === pid) await sleep(50)
  }
  await load
  await untilReady()
  await assertAllThere()
  assert.equal(acknowledged.size, 600)
})
