/** Law 6: what fails is parked with its key, is told, and goes on in order once it is mended. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ClaimSubmitted } from '@tongchou/contracts/events.generated.ts'
import { claimIdOf, newUuid } from '@tongchou/contracts/id.ts'
import { demoPolicies } from '../fixtures/demo-files.ts'
import { accountsOf, assertBooksHold, rowsOf } from './system/books.ts'
import type { As, Reply } from './system/http.ts'
import { isObject } from './system/http.ts'
import { inject } from './system/inject.ts'
import { startSystem } from './system/system.ts'
import {
  AT_HOSPITAL,
  CENTRE,
  enrolMany,
  HOSPITAL,
  loadReferences,
  personNumber,
  stay,
} from './system/world.ts'

/** A region of which no policy is known: no door takes its claims, the log may hold one. */
const NOWHERE = '990100'
const OPERATOR: As = { role: 'operator' }
const WAIT_MS = 20_000

const persons = Array.from({ length: 20 }, (_, n) => personNumber(n))
const system = await startSystem({ after })
await loadReferences(system)
await enrolMany(system, persons, 1_000_000)

const numberOf = (n: number) => personNumber(n).personNo
const idOf = (claimNo: string) => claimIdOf(HOSPITAL, claimNo)

async function submit(n: number, claimNo: string, on: string, waitS = 20): Promise<Reply> {
  const body = stay({ personNo: numberOf(n), claimNo, on })
  const headers = { prefer: `wait=${waitS}` }
  return system.call('clearing', '/v1/claims', { as: AT_HOSPITAL, body, headers })
}

function read(claimNo: string, as: As = AT_HOSPITAL): Promise<Reply> {
  return system.call('clearing', `/v1/claims/${idOf(claimNo)}`, { as })
}

/** A submission like another one of the person, of an insured region that has no policy. */
async function poison(like: string, claimNo: string): Promise<ClaimSubmitted> {
  const events = await system.stores.eventsOf('clearing', 'ClaimSubmitted')
  const { data } = events.find(event => event.data.claimNo === like) ?? assert.fail(like)
  const made = {
    ...data,
    claimId: idOf(claimNo),
    claimNo,
    insuredRegion: NOWHERE,
    fingerprint: claimNo.padEnd(64, '0'),
    contentDigest: claimNo.padEnd(64, '1'),
  }
  const stream = `claim-${made.claimId}`
  const event = { type: 'ClaimSubmitted', data: made } as const
  await inject(system, { service: 'clearing', stream, key: made.personId, event })
  return made
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + WAIT_MS
  while (!(await holds())) {
    assert.ok(performance.now() < end, `${what} does not happen`)
    await sleep(20)
  }
}

async function parkedOf(key: string): Promise<readonly unknown[]> {
  const path = `/v1/parked-messages?key=${key}`
  const { json, status, text } = await system.call('claims', path, { as: OPERATOR })
  assert.equal(status, 200, text)
  return rowsOf(json['messages']).map(({ group, stream }) => `${group} ${stream}`)
}

async function adjudicationOf(claimNo: string) {
  const events = await system.stores.eventsOf('claims', 'ClaimAdjudicated')
  const found = events.find(({ data }) => data.claimId === idOf(claimNo))
  return found?.data ?? assert.fail(`${claimNo} was not adjudicated`)
}

function waitsOf({ json }: Reply) {
  return rowsOf(json['waitsFor']).map(({ service, parked, reason }) => {
    return { service, parked, reason }
  })
}

describe('a key whose message fails', () => {
  let key = ''

  test('is parked with its later messages, and the claims say so', async () => {
    assert.equal((await submit(1, 'P-1', '2025-01-05')).json['state'], 'settled')
    ;({ personId: key } = await poison('P-1', 'P-POISON'))
    await until('parking', async () => (await parkedOf(key)).length === 1)
    const later = await submit(1, 'P-2', '2025-02-05', 1)
    assert.deepEqual([later.status, later.json['state']], [202, 'submitted'])
    assert.equal(later.header('location'), `/v1/claims/${idOf('P-2')}`)
    assert.deepEqual(await parkedOf(key), [
      `claims.adjudicate claim-${idOf('P-POISON')}`,
      `claims.adjudicate claim-${idOf('P-2')}`,
    ])
    const [first, behind] = [await read('P-POISON', CENTRE), await read('P-2', CENTRE)]
    assert.equal(first.status, 202)
    const [why] = waitsOf(first)
    assert.deepEqual([why?.service, why?.parked], ['claims', true])
    assert.match(String(why?.reason), /no pack in force: region 990100/)
    const reason = 'behind a parked message of the same key'
    assert.deepEqual(waitsOf(behind), [{ service: 'claims', parked: true, reason }])
    const toHospital = [{ service: 'claims', parked: true, reason: null }]
    assert.deepEqual(waitsOf(await read('P-2')), toHospital)
  })

  test('does not stop other persons, whatever their partition', async () => {
    for (let n = 2; n < 20; n++) {
      const reply = await submit(n, `OTHER-${n}`, '2025-03-05')
      assert.equal(reply.json['state'], 'settled', reply.text)
    }
    assert.deepEqual(waitsOf(await read('OTHER-2')), [])
  })

  test('is still parked after the services were started again', async () => {
    await system.stop()
    await system.start()
    const again = await submit(1, 'P-2', '2025-02-05', 1)
    assert.deepEqual([again.status, again.json['state']], [202, 'submitted'])
    assert.equal((await parkedOf(key)).length, 2)
  })

  test('stays parked when it is replayed before it is mended', async () => {
    const body = { group: 'claims.adjudicate', key }
    const path = '/v1/parked-messages/replay'
    const asked = await system.call('claims', path, { as: OPERATOR, body })
    assert.deepEqual([asked.status, asked.json['messages']], [202, 2])
    const replayed = async () => {
      const rows = await (await system.stores.of('claims')).progress.parked({ key })
      return rows.length === 2 && rows.every(({ replay }) => !replay)
    }
    await until('a replay in vain', replayed)
    assert.equal((await read('P-2')).json['state'], 'submitted')
  })

  test('goes on in its order once a policy is there, before newer messages', async () => {
    const { document } = demoPolicies().find(({ file }) => file === '610100-employee.json') ?? {}
    assert.ok(isObject(document as never))
    const pack = { ...(document as object), region: NOWHERE, name: '无处' }
    const published = await system.call('claims', '/v1/policies', { as: CENTRE, body: pack })
    assert.ok(published.status < 300, published.text)
    const body = { group: 'claims.adjudicate', key }
    await system.call('claims', '/v1/parked-messages/replay', { as: OPERATOR, body })
    assert.equal((await submit(1, 'P-3', '2025-03-05')).json['state'], 'settled')
    await system.stores.quiet()
    assert.deepEqual(await parkedOf(key), [])
    const adjudicated = await system.stores.eventsOf('claims', 'ClaimAdjudicated')
    const order = adjudicated.filter(({ data }) => data.personId === key)
    const expected = ['P-1', 'P-POISON', 'P-2', 'P-3'].map(idOf)
    assert.deepEqual(
      order.map(({ data }) => data.claimId),
      expected,
    )
    for (const claimNo of ['P-POISON', 'P-2']) {
      const { json, status } = await read(claimNo)
      assert.deepEqual([status, json['state'], json['waitsFor']], [200, 'settled', []])
    }
    assert.ok((await accountsOf(system, [numberOf(1)]))[numberOf(1)])
    await assertBooksHold(system)
  })

  test('is parked in clearing itself when the fault is there', async () => {
    await submit(5, 'J-1', '2025-04-05')
    const data = await adjudicationOf('J-1')
    const unknown = { ...data, claimId: idOf('J-NEVER-SUBMITTED') }
    const event = { type: 'ClaimAdjudicated', data: unknown } as const
    const stream = `account-${newUuid()}`
    await inject(system, { service: 'claims', stream, key: data.personId, event })
    const { progress } = await system.stores.of('clearing')
    await until('parking', async () => (await progress.parked({ key: data.personId })).length > 0)
    const [row] = await progress.parked({ key: data.personId })
    assert.equal(row?.group, 'clearing.join.adjudication')
    assert.equal(row?.reason, 'Error: refused: unknown-claim')
    assert.equal((await submit(5, 'J-2', '2025-04-20', 2)).json['state'], 'submitted')
    const waits = waitsOf(await read('J-2', CENTRE))
    const reason = 'behind a parked message of the same key'
    const own = waits.find(({ service }) => service === 'clearing')
    assert.deepEqual(own, { service: 'clearing', parked: true, reason })
  })

  test('is parked when its history contradicts itself, and others go on', async () => {
    await submit(6, 'H-1', '2025-04-05')
    const data = await adjudicationOf('H-1')
    const event = { type: 'ClaimAdjudicated', data } as const
    const stream = `account-${data.personId}`
    await inject(system, { service: 'claims', stream, key: data.personId, event })
    assert.equal((await submit(6, 'H-2', '2025-04-20', 1)).json['state'], 'submitted')
    for (let n = 7; n < 12; n++) {
      assert.equal((await submit(n, `H-OTHER-${n}`, '2025-04-20')).json['state'], 'settled')
    }
    const [why] = waitsOf(await read('H-2', CENTRE))
    assert.deepEqual([why?.service, why?.parked], ['claims', true])
  })
})
