/** Every route of every service asks for a token, and no token opens the data of others. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { buildEstate, OWNERS, STRANGERS } from './system/estate.ts'
import type { As, Call, Reply } from './system/http.ts'
import { answerLines, NDJSON, ndjson } from './system/http.ts'
import type { Route } from './system/routes.ts'
import { members, routesOf } from './system/routes.ts'
import { fitting, pathOf, sampleOf } from './system/samples.ts'
import { startSystem } from './system/system.ts'

/** What is told to everyone who has a token, and why. */
const OPEN: Readonly<Record<string, string>> = {
  'providers GET /v1/institutions': 'who is designated is public',
  'providers GET /v1/institutions/{code}': 'who is designated is public',
  'providers GET /v1/catalogues/{region}/items': 'catalogues are law',
  'claims GET /v1/policies': 'policies are law',
  'claims GET /v1/policies/{hash}': 'policies are law',
  'funds GET /v1/chart': 'the chart of accounts is law',
  'clearing GET /v1/windows': 'that a window was closed is public; its rows are not',
  'clearing GET /v1/events': 'nets of windows are public facts; claims go to their regions only',
  'providers GET /v1/events': 'who is designated is public',
  'claims GET /v1/events': 'policies are law',
}

/** What any hospital may ask of a person who comes to it. */
const AT_ANY_COUNTER = new Set([
  'clearing POST /v1/eligibility',
  'clearing GET /v1/persons/{personNo}/entitlement',
])

/** Each closing is a cut of its own. */
const EACH_ANEW = new Set(['clearing POST /v1/windows'])

const system = await startSystem({ after })
const estate = await buildEstate(system)
const routes = await routesOf(system)

function send(route: Route, as: Call['as'], path?: string): Promise<Reply> {
  const { path: own, body, line } = sampleOf(route, estate.samples)
  const { service, method } = route
  const prefer = 'wait=30'
  const call = { method, as, headers: { prefer } }
  if (line !== undefined) {
    const headers = { 'content-type': NDJSON, prefer }
    return system.call(service, path ?? own, { ...call, body: ndjson([line]), headers })
  }
  return system.call(service, path ?? own, body === undefined ? call : { ...call, body })
}

/** Status of the reply, or of its one line. */
function statusOf({ status, text, header }: Reply): number {
  if (status !== 200 || !header('content-type')?.startsWith(NDJSON)) return status
  const [line] = answerLines(text)
  return line?.ok === false ? Number(members(line['problem'])['status']) : status
}

async function tokens(): Promise<readonly (readonly [string, string | null])[]> {
  const grant = { role: 'centre', subject: 'tester', ttlSeconds: 600 } as const
  const expired = await system.issuer.issueToken({ ...grant, ttlSeconds: -3600 })
  const [head, body, signature = ''] = (await system.issuer.issueToken(grant)).split('.')
  const other = Buffer.from(JSON.stringify({ ...grant, role: 'operator' })).toString('base64url')
  return [
    ['no token', null],
    ['an expired token', expired],
    ['a token with another body', `${head}.${other}.${signature}`],
    ['a token without its signature', `${head}.${body}.`],
    ['no token at all', 'garbage'],
  ]
}

describe('every route', () => {
  test('is refused without a valid token', async () => {
    for (const [what, token] of await tokens()) {
      for (const route of routes) {
        const reply = await send(route, token)
        assert.deepEqual(
          [reply.status, reply.kind],
          [401, 'unauthenticated'],
          `${what}: ${route.name}`,
        )
      }
    }
  })

  for (const [who, as] of Object.entries(STRANGERS)) {
    test(`tells nothing to a foreign ${who}, and takes nothing`, async () => {
      await system.stores.quiet()
      const before = await system.stores.heads()
      for (const route of routes) {
        for (const path of pathsOf(route)) {
          const reply = await send(route, as, path)
          if (who === 'hospital' && AT_ANY_COUNTER.has(route.name)) assertNothingElse(reply)
          else assertClosed(route, path, reply)
        }
      }
      await system.stores.quiet()
      assert.deepEqual(await system.stores.heads(), before)
    })
  }

  test('is open to one whose data it is, and what is sent again changes nothing', async () => {
    const order = (route: Route) => ['GET', 'POST', 'PUT', 'DELETE'].indexOf(route.method)
    for (const route of routes.toSorted((a, b) => order(a) - order(b))) {
      const statuses: number[] = []
      for (const as of OWNERS) {
        const reply = await send(route, as)
        statuses.push(statusOf(reply))
        if (statuses.at(-1) !== reply.status || reply.status >= 300) continue
        if (route.method !== 'GET' && !EACH_ANEW.has(route.name))
          await assertAgain(route, as, reply)
        break
      }
      const good = route.method === 'GET' ? [200] : [200, 201, 202, 404, 409, 422]
      assert.ok(
        statuses.some(status => good.includes(status)),
        `${route.name}: ${statuses}`,
      )
    }
  })
})

async function assertAgain(route: Route, as: As, first: Reply): Promise<void> {
  await system.stores.quiet()
  const before = await system.stores.heads()
  const again = await send(route, as)
  assert.deepEqual([again.status, again.text], [first.status, first.text], route.name)
  await system.stores.quiet()
  assert.deepEqual(await system.stores.heads(), before, route.name)
}

/** The route as it is, and with each query parameter that names the estate. */
function pathsOf(route: Route): readonly string[] {
  const names = estate.samples.namesFor(route)
  const own = pathOf(route, names)
  const more = route.parameters.filter(({ place, required, name }) => {
    return place === 'query' && !required && names[name] !== undefined
  })
  const joint = own.includes('?') ? '&' : '?'
  return [
    own,
    ...more.map(({ name, schema }) => {
      const value = fitting(name, schema, names)
      return `${own}${joint}${name}=${encodeURIComponent(String(value))}`
    }),
  ]
}

function assertClosed(route: Route, path: string, reply: Reply): void {
  if (OPEN[route.name] !== undefined) {
    assert.ok(reply.status < 500, `${route.name}: ${reply.text}`)
    return
  }
  const status = statusOf(reply)
  if (status === 403) return
  assert.equal(route.method, 'GET', `${route.method} ${path} is taken: ${reply.text}`)
  assert.equal(status, 200, `${path}: ${reply.text}`)
  const mark = estate.marks.find(text => reply.text.includes(text))
  assert.equal(mark, undefined, `${route.name} ${path} tells ${mark}: ${reply.text}`)
}

/** Coverage and totals, but no claim of another institution and no name. */
function assertNothingElse({ status, text }: Reply): void {
  assert.equal(status, 200, text)
  const told = estate.secrets.find(secret => text.includes(secret))
  assert.equal(told, undefined, text)
}

test('roles that have no region or institution are refused as tokens', async () => {
  const strange: readonly As[] = [
    { role: 'hospital' },
    { role: 'agency' },
    { role: 'agency', region: 'all' },
    { role: 'king' as 'centre' },
  ]
  for (const as of strange) {
    const reply = await system.call('clearing', '/v1/claims', { as })
    assert.equal(reply.status, 401, JSON.stringify(as))
  }
})
