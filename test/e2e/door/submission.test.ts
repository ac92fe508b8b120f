/** What hospitals send is kept sealed beside the store, given back to auditors, and erasable. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ClaimSubmitted } from '@tongchou/contracts/events.generated.ts'
import { claimIdOf } from '@tongchou/contracts/id.ts'
import { openDatabase } from '@tongchou/runtime/postgres/database.ts'
import type { As, Reply } from '../system/http.ts'
import { answerLines, NDJSON } from '../system/http.ts'
import { startSystem } from '../system/system.ts'
import {
  AT_HOSPITAL,
  AWAY,
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
const persons = Array.from({ length: 30 }, (_, n) => personNumber(n))
await enrolMany(system, persons, 500_000)
await system.stores.quiet()
const database = openDatabase({ url: system.databaseUrl })
after(() => database.close())

const AUDITOR: As = { role: 'auditor' }
const claimOf = (n: number, claimNo: string) =>
  visit({ ...personNumber(n), claimNo, on: '2025-06-06' })

function read(claimNo: string, as: As = AUDITOR): Promise<Reply> {
  const path = `/v1/claims/${claimIdOf(HOSPITAL, claimNo)}/submission`
  return system.call('clearing', path, { as })
}

async function submittedAs(claimNo: string): Promise<ClaimSubmitted> {
  const events = await system.stores.eventsOf('clearing', 'ClaimSubmitted')
  return events.find(({ data }) => data.claimNo === claimNo)?.data ?? assert.fail(claimNo)
}

async function attachments(): Promise<readonly Buffer[]> {
  const { rows } = await database.pool.query('select bytes from clearing.attachment order by pos')
  return rows.map(({ bytes }) => bytes)
}

describe('a submission', () => {
  const body = `{ ${JSON.stringify(claimOf(1, 'RAW-1')).slice(1, -1)}\r\n}`

  test('comes back byte for byte, and its event proves it', async () => {
    const sent = await system.call('clearing', '/v1/claims', { as: AT_HOSPITAL, body })
    assert.equal(sent.status, 202, sent.text)
    const reply = await read('RAW-1')
    assert.deepEqual([reply.status, reply.text], [200, body])
    const salt = Buffer.from(reply.header('submission-salt') ?? '', 'hex')
    const digest = createHash('sha256').update(salt).update(body).digest('hex')
    assert.equal((await submittedAs('RAW-1')).rawDigest, digest)
  })

  test('sent again in another layout stays the first one', async () => {
    const before = await attachments()
    const again = { as: AT_HOSPITAL, body: JSON.stringify(claimOf(1, 'RAW-1')) }
    assert.equal((await system.call('clearing', '/v1/claims', again)).status < 300, true)
    assert.equal((await read('RAW-1')).text, body)
    assert.equal((await attachments()).length, before.length)
  })

  test('that is refused, or only asked about, leaves nothing', async () => {
    const before = await attachments()
    const wrong = { ...claimOf(2, 'RAW-BAD'), totalFen: 1 }
    const refused = await system.call('clearing', '/v1/claims', { as: AT_HOSPITAL, body: wrong })
    assert.equal(refused.kind, 'total-mismatch')
    const reused = { ...claimOf(3, 'RAW-1') }
    const other = await system.call('clearing', '/v1/claims', { as: AT_HOSPITAL, body: reused })
    assert.equal(other.kind, 'claim-number-reused')
    const asked = { as: AT_HOSPITAL, body: claimOf(2, 'RAW-ASK') }
    assert.equal((await system.call('clearing', '/v1/claims:presettle', asked)).status, 200)
    assert.deepEqual(await attachments(), before)
    assert.deepEqual(
      [(await read('RAW-BAD')).status, (await read('RAW-BAD')).kind],
      [404, 'unknown-claim'],
    )
  })

  test('of a batch is the line that it came in', async () => {
    const lines = Array.from({ length: 700 }, (_, n) => {
      const text = JSON.stringify(stay({ ...personNumber(n % 30), claimNo: `LINE-${n}` }))
      return n % 7 === 0 ? '{"claimNo":"cut' : n % 2 === 0 ? `  ${text}\r` : text
    })
    const call = {
      as: AT_HOSPITAL,
      body: lines.map(line => `${line}\n`).join(''),
      headers: { 'content-type': NDJSON },
    }
    const before = (await attachments()).length
    const reply = await system.call('clearing', '/v1/claims:batch', call)
    const taken = answerLines(reply.text).filter(({ ok }) => ok)
    assert.equal(taken.length, 600)
    assert.equal((await attachments()).length, before + 600)
    for (const { line } of [taken[0], taken[299], taken[300], taken[599]].filter(
      one => one !== undefined,
    )) {
      const found = await read(`LINE-${line - 1}`)
      assert.deepEqual([found.status, found.text], [200, lines[line - 1]])
    }
    assert.equal((await system.call('clearing', '/v1/claims:batch', call)).text, reply.text)
    assert.equal((await attachments()).length, before + 600)
  })

  test('is nowhere in the open: not beside the store, not in it, not in its digest', async () => {
    const { personNo } = personNumber(1)
    for (const bytes of await attachments()) assert.equal(bytes.includes(personNo), false)
    const data = await database.pool.query('select data, meta from clearing.event')
    for (const row of data.rows) {
      assert.equal(row.data.includes(personNo) || row.meta.includes(personNo), false)
    }
    const bare = createHash('sha256').update(body).digest('hex')
    assert.notEqual((await submittedAs('RAW-1')).rawDigest, bare)
  })

  test('is for auditors of its regions and the centre alone', async () => {
    for (const as of [
      AUDITOR,
      CENTRE,
      { role: 'auditor', region: HOME },
      { role: 'auditor', region: AWAY },
    ] as const) {
      assert.equal((await read('RAW-1', as)).status, 200, JSON.stringify(as))
    }
    assert.equal((await read('RAW-1', { role: 'auditor', region: '420200' })).kind, 'other-region')
    for (const as of [
      AT_HOSPITAL,
      { role: 'agency', region: HOME },
      { role: 'reviewer', region: HOME },
      { role: 'operator' },
      { role: 'service' },
    ] as const) {
      assert.equal((await read('RAW-1', as)).kind, 'not-allowed', JSON.stringify(as))
    }
  })

  test('that was exchanged or damaged beside the store is not given out', async () => {
    await system.call('clearing', '/v1/claims', { as: AT_HOSPITAL, body: claimOf(4, 'DAMAGE-1') })
    await system.call('clearing', '/v1/claims', { as: AT_HOSPITAL, body: claimOf(4, 'DAMAGE-2') })
    const positionOf = (claimNo: string) => `(select e.pos from clearing.event e
      where e.stream = 'claim-${claimIdOf(HOSPITAL, claimNo)}' and e.version = 1)`
    const [one, two] = [positionOf('DAMAGE-1'), positionOf('DAMAGE-2')]
    await database.pool.query(`update clearing.attachment set
      bytes = (select t.bytes from clearing.attachment t where t.pos = ${two}) where pos = ${one}`)
    assert.equal((await read('DAMAGE-1')).kind, 'internal')
    assert.equal((await read('DAMAGE-2')).status, 200)
    await database.pool.query(`delete from clearing.attachment where pos = ${two}`)
    assert.deepEqual(
      [(await read('DAMAGE-2')).status, (await read('DAMAGE-2')).kind],
      [404, 'not-found'],
    )
  })

  test('opens nowhere once its person is erased, and claims go on', async () => {
    const { personNo } = personNumber(5)
    await system.call('clearing', '/v1/claims', { as: AT_HOSPITAL, body: claimOf(5, 'ERASE-1') })
    assert.equal((await read('ERASE-1')).status, 200)
    const path = `/v1/persons/${personNo}/personal-data?reason=person-asked`
    const as: As = { role: 'agency', region: HOME }
    const erased = await system.call('enrollment', path, { method: 'DELETE', as })
    assert.equal(erased.status, 200, erased.text)
    let reply = await read('ERASE-1')
    for (let tries = 0; reply.status === 200 && tries < 200; tries++) {
      await sleep(20)
      reply = await read('ERASE-1')
    }
    assert.deepEqual([reply.status, reply.kind], [410, 'personal-data-erased'])
    const keys = await database.pool.query(
      'select wrapped from clearing.person_key where destroyed_at is not null',
    )
    assert.deepEqual(keys.rows, [{ wrapped: null }])
    for (const [n, door] of system.doors.entries()) {
      const later = { ...personNumber(5), claimNo: `ERASE-${n + 2}`, on: `2025-07-0${n + 1}` }
      const call = { as: AT_HOSPITAL, body: visit(later), headers: { prefer: 'wait=30' } }
      const settled = await system.callAt(`${door}/v1/claims`, call)
      assert.equal(settled.json['state'], 'settled', settled.text)
      assert.equal((await read(later.claimNo)).kind, 'personal-data-erased')
    }
    assert.equal((await read('RAW-1')).status, 200)
  })

  test('is there after a new start', async () => {
    await system.stop()
    await system.start()
    assert.equal((await read('RAW-1')).text, body)
    assert.equal((await read('ERASE-1')).status, 410)
    const next = claimOf(1, 'RAW-2')
    assert.equal(
      (await system.call('clearing', '/v1/claims', { as: AT_HOSPITAL, body: next })).status,
      202,
    )
    assert.equal((await read('RAW-2')).text, JSON.stringify(next))
  })
})
