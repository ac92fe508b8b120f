/** Law 3: what is sent again, at once or after a break, gets the first answer and happens once. */
import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { after, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { claimIdOf } from '@tongchou/contracts/id.ts'
import { Client } from 'undici'
import { answerLines, NDJSON, ndjson } from './system/http.ts'
import { repeat } from './system/repeat.ts'
import { startSystem } from './system/system.ts'
import type { ClaimBody } from './system/world.ts'
import {
  AT_HOSPITAL,
  dayOf2025,
  enrolMany,
  HOSPITAL,
  loadReferences,
  personNumber,
  stay,
  visit,
} from './system/world.ts'

const PERSONS = 150
const LINES = 600

const persons = Array.from({ length: PERSONS }, (_, n) => personNumber(n))
const system = await startSystem({ after }, { moreDoors: 1 })
await loadReferences(system)
await enrolMany(system, persons, 500_000)

/** Claims of all persons in turn, each person's on different days. */
function batchOf(name: string): readonly ClaimBody[] {
  return Array.from({ length: LINES }, (_, n) => {
    const { personNo } = persons[n % PERSONS] ?? personNumber(0)
    const day = Math.floor(n / PERSONS) * 9 + name.charCodeAt(0)
    return stay({ personNo, claimNo: `${name}-${n}`, on: dayOf2025(day) })
  })
}

async function sendBatch(door: string, claims: readonly ClaimBody[]): Promise<string> {
  const headers = { 'content-type': NDJSON }
  const call = { as: AT_HOSPITAL, body: ndjson(claims), headers }
  const reply = await system.callAt(`${door}/v1/claims:batch`, call)
  assert.equal(reply.status, 200, reply.text)
  return reply.text
}

/** Sends the beginning of a batch and cuts the connection in the middle of a line. */
async function breakOff(door: string, claims: readonly ClaimBody[]): Promise<void> {
  const client = new Client(door)
  const text = ndjson(claims)
  const token = await system.token(AT_HOSPITAL)
  async function* half() {
    for (let at = 0; at < text.length / 2; at += 65_536) yield text.slice(at, at + 65_536)
    // The rest never comes: what was sent has arrived when some of it is stored.
    const { clearing } = await system.stores.heads()
    while ((await system.stores.heads()).clearing === clearing) await sleep(5)
    void client.destroy()
    await new Promise(() => {})
  }
  const headers = { authorization: `Bearer ${token}`, 'content-type': NDJSON }
  const body = Readable.from(half())
  const reply = client.request({ path: '/v1/claims:batch', method: 'POST', headers, body })
  await assert.rejects(reply.then(sent => sent.body.text()))
}

/** Counts by claim, of claims whose number begins with `name`. */
async function eventsOf(type: 'ClaimSubmitted' | 'ClaimSettled', name: string) {
  const events = await system.stores.eventsOf('clearing', type)
  const numbers = events.map(({ data }) => data.claimNo).filter(no => no.startsWith(`${name}-`))
  return { events: numbers.length, claims: new Set(numbers).size }
}

async function assertOnce(name: string, claims: number): Promise<void> {
  for (const type of ['ClaimSubmitted', 'ClaimSettled'] as const) {
    assert.deepEqual(await eventsOf(type, name), { events: claims, claims }, type)
  }
}

describe('the same again', () => {
  test('100 equal requests at once over two connections: one claim, equal bodies', async () => {
    for (let round = 0; round < 5; round++) {
      const name = `EQUAL${round}`
      const body = stay({ ...personNumber(round), claimNo: `${name}-1`, on: '2025-12-01' })
      const clients = system.doors.map(door => new Client(door, { pipelining: 50 }))
      const token = await system.token(AT_HOSPITAL)
      const headers = {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        prefer: 'wait=60',
      }
      const replies = await Promise.all(
        Array.from({ length: 100 }, async (_, n) => {
          const client = clients[n % clients.length] ?? assert.fail()
          const sent = { path: '/v1/claims', method: 'POST', headers, body: JSON.stringify(body) }
          const reply = await client.request({ ...sent, method: 'POST' })
          return `${reply.statusCode} ${await reply.body.text()}`
        }),
      )
      await Promise.all(clients.map(client => client.close()))
      assert.equal(new Set(replies).size, 1)
      assert.match(replies[0] ?? '', /^200 .*"state":"settled"/)
      await assertOnce(name, 1)
    }
  })

  test('a batch over two connections at once: equal answers, every claim once', async () => {
    const claims = batchOf('BOTH')
    const [one = '', other = ''] = system.doors
    const [first, second] = await Promise.all([sendBatch(one, claims), sendBatch(other, claims)])
    assert.equal(second, first)
    assert.equal(answerLines(first).filter(({ ok }) => ok).length, LINES)
    await assertOnce('BOTH', LINES)
    assert.equal(await sendBatch(one, claims), first)
    await assertOnce('BOTH', LINES)
  })

  test('a batch broken off in the middle and sent again whole: every claim once', async () => {
    const claims = batchOf('CUT')
    const [one = '', other = ''] = system.doors
    await breakOff(one, claims)
    const { events } = await eventsOf('ClaimSubmitted', 'CUT')
    assert.ok(events > 0 && events < LINES, `${events} of ${LINES} claims stored`)
    const whole = await sendBatch(other, claims)
    assert.equal(answerLines(whole).filter(({ ok }) => ok).length, LINES)
    assert.equal(await sendBatch(one, claims), whole)
    await assertOnce('CUT', LINES)
  })

  test('what one door answers the other one knows, whichever of them it was settled by', async () => {
    const [one = '', other = ''] = system.doors
    await repeat(60, 6, async n => {
      const body = visit({ ...personNumber(n), claimNo: `KNOWN-${n}`, on: '2025-10-01' })
      const path = `/v1/claims/${claimIdOf(HOSPITAL, body.claimNo)}`
      const headers = { prefer: 'wait=20' }
      await system.callAt(`${one}/v1/claims`, { as: AT_HOSPITAL, body })
      const early = await system.callAt(`${other}${path}`, { as: AT_HOSPITAL })
      assert.ok(early.status < 300, early.text)
      const settled = await system.callAt(`${one}/v1/claims`, { as: AT_HOSPITAL, body, headers })
      assert.equal(settled.json['state'], 'settled')
      const late = await system.callAt(`${other}/v1/claims`, { as: AT_HOSPITAL, body, headers })
      assert.equal(late.text, settled.text)
    })
  })

  test('the same line twice in one batch, and single and batch mixed, are one claim', async () => {
    const claim = visit({ ...personNumber(7), claimNo: 'TWICE-1', on: '2025-11-11' })
    const [door = ''] = system.doors
    const single = system.call('clearing', '/v1/claims', {
      as: AT_HOSPITAL,
      body: claim,
      headers: { prefer: 'wait=60' },
    })
    const lines = answerLines(
      await sendBatch(
        door,
        Array.from({ length: 40 }, () => claim),
      ),
    )
    const bodies = lines.map(({ answer }) => JSON.stringify(answer))
    assert.deepEqual([...new Set(bodies)], [(await single).text])
    await assertOnce('TWICE', 1)
  })

  test('a claim is told in the same words after the services were started again', async () => {
    await system.stores.quiet()
    const paths = ['EQUAL0-1', 'BOTH-5', 'CUT-599'].map(claimNo => {
      return `/v1/claims/${claimIdOf(HOSPITAL, claimNo)}`
    })
    const read = async () => {
      const all = paths.map(path => system.call('clearing', path, { as: AT_HOSPITAL }))
      return (await Promise.all(all)).map(({ text }) => text)
    }
    const claims = batchOf('BOTH')
    const before = [...(await read()), await sendBatch(system.doors[0] ?? '', claims)]
    await system.stop()
    await system.start()
    assert.deepEqual([...(await read()), await sendBatch(system.doors[0] ?? '', claims)], before)
    await assertOnce('BOTH', LINES)
  })

  test('the number of a claim with another content is refused and changes nothing', async () => {
    const { clearing } = await system.stores.heads()
    await repeat(20, 10, async n => {
      const body = stay({ ...personNumber(1), claimNo: 'BOTH-1', on: '2025-10-10' }, n + 1)
      const reply = await system.call('clearing', '/v1/claims', { as: AT_HOSPITAL, body })
      assert.deepEqual([reply.status, reply.kind], [409, 'claim-number-reused'])
    })
    assert.equal((await system.stores.heads()).clearing, clearing)
  })
})
