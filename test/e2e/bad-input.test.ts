/** Whatever a caller sends: a clear problem, nothing stored, never a 500. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { PROBLEM_CONTENT_TYPE } from '@tongchou/contracts/http/problem.ts'
import type { ServiceName } from '@tongchou/contracts/services.ts'
import { buildEstate, OWNERS } from './system/estate.ts'
import type { As, Call, Reply } from './system/http.ts'
import { answerLines, NDJSON, ndjson } from './system/http.ts'
import { mutants } from './system/mutations.ts'
import { repeat } from './system/repeat.ts'
import type { Route } from './system/routes.ts'
import { members, routesOf } from './system/routes.ts'
import { pathOf, sampleOf } from './system/samples.ts'
import { startSystem } from './system/system.ts'
import { AT_HOSPITAL, personNumber, visit } from './system/world.ts'

const system = await startSystem({ after })
const { samples } = await buildEstate(system)
const routes = await routesOf(system)
const SIDE_BY_SIDE = 6

/** As the first of the owners whom the route is for. */
async function send(route: Route, path: string, call: Omit<Call, 'as'>): Promise<Reply> {
  let reply: Reply | undefined
  for (const as of OWNERS) {
    reply = await system.call(route.service, path, { ...call, method: route.method, as })
    if (reply.status !== 403) return reply
  }
  return reply ?? assert.fail()
}

function assertProblem(what: string, reply: Reply): void {
  assert.ok(reply.status < 500, `${what}: ${reply.text}`)
  if (reply.status < 400) return
  assert.equal(reply.header('content-type'), PROBLEM_CONTENT_TYPE, what)
  assert.ok(reply.kind, `${what}: ${reply.text}`)
  if (reply.kind !== 'malformed') return
  assert.equal(typeof reply.json['rule'], 'string', `${what}: ${reply.text}`)
  assert.equal(typeof reply.json['field'], 'string', `${what}: ${reply.text}`)
}

const HEAR_NOTHING: ReadonlySet<ServiceName> = new Set(['enrollment', 'providers', 'contributions'])

async function headOf(service: ServiceName): Promise<bigint> {
  return (await (await system.stores.of(service)).head()).position
}

async function heads() {
  await system.stores.quiet()
  return system.stores.heads()
}

const jsonRoutes = routes.filter(route => {
  return route.method !== 'GET' && route.method !== 'DELETE' && sampleOf(route, samples).body
})
const lineRoutes = routes.filter(route => sampleOf(route, samples).line)

describe('every route that takes JSON', () => {
  test('refuses what is no JSON, naming the rule, and stores nothing', async () => {
    const before = await heads()
    const good = JSON.stringify(visit({ personNo: 'X', claimNo: 'Y' }))
    const json = 'application/json'
    const bad: readonly (readonly [string, string | Uint8Array, string, number])[] = [
      ['an empty body', '', json, 400],
      ['cut JSON', good.slice(0, -7), json, 400],
      ['two bodies', `${good}${good}`, json, 400],
      ['a list', '[]', json, 400],
      ['null', 'null', json, 400],
      ['a number', '1', json, 400],
      ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22]), json, 400],
      ['a nest of 10,000', '['.repeat(10_000), json, 400],
      ['a prototype', '{"__proto__":{"role":"centre"}}', json, 400],
      ['text', good, 'text/plain', 415],
      ['a form', 'a=1', 'application/x-www-form-urlencoded', 415],
      ['XML', '<claim/>', 'application/xml', 415],
      ['JSON in GBK', good, 'application/json; charset=gbk', 415],
      ['lines', `${good}\n`, NDJSON, 400],
      ['3 MB', JSON.stringify({ a: 'x'.repeat(3_000_000) }), json, 413],
    ]
    for (const route of jsonRoutes) {
      const path = pathOf(route, samples.namesFor(route))
      for (const [what, body, type, status] of bad) {
        const reply = await send(route, path, { body, headers: { 'content-type': type } })
        assertProblem(`${route.name}: ${what}`, reply)
        assert.equal(reply.status, status, `${route.name}: ${what}: ${reply.text}`)
      }
    }
    assert.deepEqual(await heads(), before)
  })
})

/** What may stand in a path or a query by mistake or on purpose. */
const STRANGE = [
  '%00',
  'a%00b',
  '%ff',
  '%zz',
  '%',
  '..%2f..%2fetc',
  '%E4%B8%AD',
  '%F0%9F%98%80',
  '-1',
  '0',
  '1.5',
  '9007199254740993',
  '99999999999999999999999999',
  '1e9',
  'NaN',
  'null',
  "'",
  '"',
  '*',
  '1;drop',
  '2025-02-30',
  'x'.repeat(3000),
]

describe('every path and query', () => {
  test('bears strange values in every place, and never fails', async () => {
    for (const route of routes.filter(({ method }) => method === 'GET')) {
      const names = samples.namesFor(route)
      const paths = route.parameters.flatMap(({ name, place }) =>
        STRANGE.map(value => {
          if (place === 'query') {
            const own = pathOf(route, names)
            return `${own}${own.includes('?') ? '&' : '?'}${name}=${value}`
          }
          const marked = pathOf(route, { ...names, [name]: '\u2063' })
          return marked.replace(encodeURIComponent('\u2063'), value)
        }),
      )
      await repeat(paths.length, SIDE_BY_SIDE, async n => {
        const path = paths[n] ?? assert.fail()
        assertProblem(`${route.service} ${path.slice(0, 200)}`, await send(route, path, {}))
      })
    }
  })

  test('that nobody serves is a problem too', async () => {
    for (const path of ['/', '/v2', '/v1/claims/', '/v1//claims', '/v1/claims/%2e%2e/x']) {
      const reply = await system.call('clearing', path, { as: AT_HOSPITAL })
      assert.ok(reply.status === 404 || reply.status === 400, `${path}: ${reply.text}`)
      assertProblem(path, reply)
    }
    const put = await system.call('clearing', '/v1/claims', { as: AT_HOSPITAL, method: 'PUT' })
    assert.deepEqual([put.status, put.kind], [405, 'method-not-allowed'])
  })
})

describe('every import', () => {
  test('refuses other content types', async () => {
    for (const route of lineRoutes) {
      const { path, line } = sampleOf(route, samples)
      for (const type of ['application/json', 'text/plain', 'text/csv']) {
        const headers = { 'content-type': type }
        const reply = await send(route, path, { body: ndjson([line]), headers })
        assert.deepEqual([reply.status, reply.kind], [415, 'unsupported-media-type'], route.name)
      }
    }
  })

  test('answers a bad line in its place and takes the good ones around it', async () => {
    for (const route of lineRoutes) {
      const { path, line } = sampleOf(route, samples)
      const good = JSON.stringify(line)
      const bad = ['{"cut', 'null', '[]', '1', '\u0000', '{}', '"text"', `{"a":${'9'.repeat(40)}}`]
      const long = JSON.stringify({ a: 'x'.repeat(2_000_000) })
      const text = [good, ...bad, long, '', good, `${good}\r`, good].join('\n')
      const headers = { 'content-type': NDJSON }
      const { status, text: answer } = await send(route, path, { body: text, headers })
      assert.equal(status, 200, route.name)
      const lines = answerLines(answer)
      const told = lines.map(({ line: number, ok }) => `${number}${ok ? ' taken' : ''}`)
      const refused = [...bad, long].map((_, at) => String(at + 2))
      const expected = ['1 taken', ...refused, '12 taken', '13 taken', '14 taken']
      assert.deepEqual(told, expected, `${route.name}: ${answer}`)
      for (const { ok, problem, line: number } of lines) {
        if (!ok) assert.ok(Number(members(problem)['status']) < 500, `${route.name} ${number}`)
      }
    }
  })
})

describe('a claim', () => {
  const good = visit({ personNo: personNumber(77).personNo, claimNo: 'BAD-1', on: '2025-09-09' })
  const [line] = good.lines

  function submit(body: unknown, as: As | string = AT_HOSPITAL): Promise<Reply> {
    return system.call('clearing', '/v1/claims', { as, body })
  }

  const refused: readonly (readonly [string, unknown, number, string, string | undefined])[] = [
    ['a negative amount', { ...good, totalFen: -1 }, 400, 'malformed', 'totalFen'],
    ['a fraction of a fen', { ...good, totalFen: 22.45 }, 400, 'malformed', 'totalFen'],
    ['more than 2^53', { ...good, totalFen: 2 ** 53 }, 400, 'malformed', 'totalFen'],
    ['money as text', { ...good, totalFen: '2245' }, 400, 'malformed', 'totalFen'],
    ['no lines', { ...good, lines: [] }, 400, 'malformed', 'lines'],
    [
      'a quantity of 0',
      { ...good, lines: [{ ...line, quantity: 0 }] },
      400,
      'malformed',
      'lines[0].quantity',
    ],
    [
      'five decimals',
      { ...good, lines: [{ ...line, quantity: '0.00001' }] },
      400,
      'malformed',
      'lines[0].quantity',
    ],
    ['a control character', { ...good, claimNo: 'A\u0007' }, 400, 'malformed', 'claimNo'],
    ['other letters', { ...good, claimNo: '单据１' }, 400, 'malformed', 'claimNo'],
    ['no such day', { ...good, visitedOn: '2025-02-29' }, 400, 'malformed', 'visitedOn'],
    ['an unknown property', { ...good, sum: 1 }, 400, 'malformed', 'sum'],
    ['a wrong total', { ...good, totalFen: 2246 }, 422, 'total-mismatch', 'totalFen'],
    ['a day to come', { ...good, visitedOn: '2097-01-01' }, 422, 'date-in-the-future', 'visitedOn'],
    [
      'another institution',
      { ...good, institutionCode: 'H11010000002' },
      403,
      'other-institution',
      'institutionCode',
    ],
    ['nobody', { ...good, personNo: 'NOBODY' }, 422, 'unknown-person', 'personNo'],
  ]
  for (const [what, body, status, kind, field] of refused) {
    test(`with ${what} is refused: ${kind} at ${field}`, async () => {
      const before = await system.stores.heads()
      const reply = await submit(body)
      const { field: told } = reply.json
      assert.deepEqual([reply.status, reply.kind, told], [status, kind, field], reply.text)
      assert.equal((await system.stores.heads()).clearing, before.clearing)
    })
  }

  test('of a token that has run out or belongs elsewhere is refused', async () => {
    const grant = { role: 'hospital', institution: good.institutionCode, subject: 'h' } as const
    const late = await system.issuer.issueToken({ ...grant, ttlSeconds: -60 })
    assert.equal((await submit(good, late)).status, 401)
    const other = { role: 'hospital', institution: 'H11010000002' } as const
    assert.equal((await submit(good, other)).kind, 'other-institution')
  })

  test('is taken as it was meant once it is good, letters of all kinds in its names', async () => {
    const name = '𠮷野家 ❤ Ünïcödé العربية'
    const body = { ...good, lines: good.lines.map(each => ({ ...each, name })) }
    const reply = await submit(body)
    assert.equal(reply.status, 202, reply.text)
    const [stored] = (await system.stores.eventsOf('clearing', 'ClaimSubmitted')).slice(-1)
    assert.equal(stored?.data.lines[0]?.name, name)
  })
})

/** Last, because what is odd and yet good is taken. */
describe('every route', () => {
  test('bears one bad value in every place of a good body, and never fails', async () => {
    let refused = 0
    for (const route of jsonRoutes.toReversed()) {
      const { path, body } = sampleOf(route, samples)
      const all = [...mutants(body ?? {})]
      // These services hear nothing, so their stores move by what is taken here alone.
      const still = HEAR_NOTHING.has(route.service)
      await repeat(all.length, still ? 1 : SIDE_BY_SIDE, async n => {
        const { what, text } = all[n] ?? assert.fail()
        const before = still ? await headOf(route.service) : null
        const reply = await send(route, path, { body: text })
        assertProblem(`${route.name}: ${what}`, reply)
        if (reply.status < 400) return
        refused += 1
        if (still) assert.equal(await headOf(route.service), before, `${route.name}: ${what}`)
      })
    }
    assert.ok(refused > 1000, `${refused} refused`)
  })
  test('bears one bad value in every place of a line, and never fails', async () => {
    for (const route of lineRoutes) {
      const { path, line } = sampleOf(route, samples)
      const all = [...mutants(line ?? {})].filter(({ text }) => !text.includes('\n'))
      const headers = { 'content-type': NDJSON }
      const body = all.map(({ text }) => `${text}\n`).join('')
      const { status, text } = await send(route, path, { body, headers })
      assert.equal(status, 200, route.name)
      const lines = answerLines(text)
      assert.equal(lines.length, all.length, route.name)
      for (const [at, { problem }] of lines.entries()) {
        const told = members(problem)['status'] ?? 200
        assert.ok(Number(told) < 500, `${route.name}: ${all[at]?.what}: ${JSON.stringify(problem)}`)
      }
    }
  })
})
