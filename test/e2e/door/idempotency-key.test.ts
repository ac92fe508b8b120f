/** `Idempotency-Key` beside the natural key, over HTTP at two doors on one PostgreSQL. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { claimIdOf } from '@tongchou/contracts/id.ts'
import type { Reply } from '../system/http.ts'
import { answerLines, NDJSON, ndjson } from '../system/http.ts'
import { repeat } from '../system/repeat.ts'
import { routesOf } from '../system/routes.ts'
import { startSystem } from '../system/system.ts'
import {
  AT_HOSPITAL,
  CENTRE,
  enrolMany,
  HOME,
  HOSPITAL,
  loadReferences,
  personNumber,
  stay,
  visit,
} from '../system/world.ts'

const system = await startSystem({ after }, { moreDoors: 1 })
await loadReferences(system)
const persons = Array.from({ length: 40 }, (_, n) => personNumber(n))
await enrolMany(system, persons, 500_000)
await system.stores.quiet()

const claimOf = (n: number, claimNo: string) =>
  visit({ ...personNumber(n), claimNo, on: '2025-05-05' })

function submit(body: object, key: string, door = 0): Promise<Reply> {
  const headers = { 'idempotency-key': key, prefer: 'wait=30' }
  return system.callAt(`${system.doors[door]}/v1/claims`, { as: AT_HOSPITAL, body, headers })
}

async function submitted(name: string): Promise<readonly string[]> {
  const events = await system.stores.eventsOf('clearing', 'ClaimSubmitted')
  return events.map(({ data }) => data.claimNo).filter(no => no.startsWith(`${name}-`))
}

describe('a claim under an Idempotency-Key', () => {
  test('is answered the same at every door, and happens once', async () => {
    const body = claimOf(1, 'SAME-1')
    const first = await submit(body, 'same')
    assert.deepEqual([first.status, first.json['state']], [200, 'settled'])
    for (const [key, door] of [
      ['same', 0],
      ['"same"', 1],
    ] as const) {
      const again = await submit(body, key, door)
      assert.equal(again.text, first.text)
    }
    assert.deepEqual(await submitted('SAME'), ['SAME-1'])
  })

  test('is refused at every door when another one stands under it; nothing is stored', async () => {
    await submit(claimOf(2, 'FIRST-1'), 'first')
    const { clearing } = await system.stores.heads()
    for (const door of [0, 1]) {
      const reply = await submit(claimOf(2, 'FIRST-2'), 'first', door)
      assert.deepEqual([reply.status, reply.kind], [422, 'idempotency-key-reused'])
    }
    assert.equal((await system.stores.heads()).clearing, clearing)
  })

  test('that is refused leaves the key to its correction', async () => {
    const wrong = { ...claimOf(3, 'RIGHT-1'), totalFen: 1 }
    const refused = await submit(wrong, 'right')
    assert.deepEqual([refused.status, refused.kind], [422, 'total-mismatch'])
    assert.equal((await submit(claimOf(3, 'RIGHT-1'), 'right', 1)).status, 200)
    assert.equal((await submit(wrong, 'right')).kind, 'idempotency-key-reused')
    assert.deepEqual(await submitted('RIGHT'), ['RIGHT-1'])
  })

  test('of which many are sent at once at two doors is one: the others are refused', async () => {
    await repeat(12, 3, async round => {
      const replies = await Promise.all(
        Array.from({ length: 16 }, (_, n) =>
          submit(claimOf(10 + round, `RACE${round}-${n % 8}`), `race-${round}`, n % 2),
        ),
      )
      const stored = await submitted(`RACE${round}`)
      assert.equal(stored.length, 1, stored.join())
      for (const { status, json, kind } of replies) {
        if (status === 200) assert.equal(json['claimNo'], stored[0])
        else assert.equal(kind, 'idempotency-key-reused')
      }
      assert.ok(replies.some(({ status }) => status === 200))
    })
  })

  test('of another form is refused, naming the header and the rule', async () => {
    const reply = await submit(claimOf(4, 'FORM-1'), 'two words')
    assert.deepEqual([reply.status, reply.kind], [400, 'idempotency-key-invalid'])
    assert.equal(reply.json['field'], 'header.idempotency-key')
    assert.match(String(reply.json['rule']), /visible ASCII/)
    assert.deepEqual(await submitted('FORM'), [])
  })

  test('keeps its number as well: the natural key decides beside it', async () => {
    await submit(claimOf(5, 'NATURAL-1'), 'natural-1')
    const other = await submit(stay({ ...personNumber(5), claimNo: 'NATURAL-1' }), 'natural-2')
    assert.deepEqual([other.status, other.kind], [409, 'claim-number-reused'])
    const same = await submit(claimOf(5, 'NATURAL-1'), 'natural-3')
    assert.equal(same.status, 200)
    assert.deepEqual(await submitted('NATURAL'), ['NATURAL-1'])
  })
})

test('lines of a batch are told apart by their own numbers, whatever key comes with it', async () => {
  const claims = [claimOf(6, 'LINE-1'), claimOf(7, 'LINE-2')]
  const headers = { 'content-type': NDJSON, 'idempotency-key': 'same' }
  for (const body of [ndjson(claims), ndjson(claims.toReversed())]) {
    const reply = await system.call('clearing', '/v1/claims:batch', {
      as: AT_HOSPITAL,
      body,
      headers,
    })
    assert.equal(answerLines(reply.text).filter(({ ok }) => ok).length, 2)
  }
})

test('a reversal and what agencies ask for heed the key too', async () => {
  await submit(claimOf(8, 'BACK-1'), 'back')
  await system.stores.quiet()
  const path = `/v1/claims/${claimIdOf(HOSPITAL, 'BACK-1')}/reversal`
  const headers = { 'idempotency-key': 'back' }
  const reverse = (reason: string) =>
    system.call('clearing', path, { as: AT_HOSPITAL, body: { reason }, headers })
  assert.equal((await reverse('wrong person')).status, 200)
  assert.equal((await reverse('wrong person')).status, 200)
  assert.equal((await reverse('wrong sum')).kind, 'idempotency-key-reused')
  const enrol = (n: number) =>
    system.call('enrollment', '/v1/persons', { as: CENTRE, body: personNumber(n), headers })
  assert.equal((await enrol(900)).status, 201)
  assert.equal((await enrol(900)).status, 201)
  assert.equal((await enrol(901)).kind, 'idempotency-key-reused')
  const { personNo } = personNumber(900)
  const erase = (reason: string) =>
    system.call('enrollment', `/v1/persons/${personNo}/personal-data?reason=${reason}`, {
      method: 'DELETE',
      as: { role: 'agency', region: HOME },
      headers,
    })
  assert.equal((await erase('person-asked')).status, 200)
  assert.equal((await erase('court-order')).kind, 'idempotency-key-reused')
})

test('every command of every service tells the header, no other route does', async () => {
  // They store nothing: a what-if is kept in memory, one at a time, and begins only once.
  const questions = new Set([
    'clearing POST /v1/claims:presettle',
    'clearing POST /v1/eligibility',
    'claims POST /v1/accounts/{personId}/adjudications/{claimId}/explanation',
    'claims POST /v1/quotes',
    'claims POST /v1/what-ifs',
    'claims POST /v1/what-ifs/{whatIfId}/stopping',
  ])
  let commands = 0
  for (const { name, service, method, path } of await routesOf(system)) {
    const { json } = await system.call(service, '/openapi.json', { as: null })
    const told = Object(json['paths'])[path][method.toLowerCase()]
    const parameters: readonly { readonly name: string }[] = told.parameters ?? []
    const has = parameters.some(parameter => parameter.name === 'idempotency-key')
    const lines = / natural key decides/.test(told.description ?? '')
    assert.equal(has, method !== 'GET' && !lines && !questions.has(name), name)
    assert.equal(lines, /:(import|batch)$/.test(path), name)
    if (has) commands += 1
  }
  assert.ok(commands > 20, `${commands} commands`)
})
