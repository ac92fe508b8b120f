/**
 * Laws 1 and 13: a claim carries its facts and names its pack, so what is published or changed
 * later changes nothing that was adjudicated, and every explanation equals its event for ever.
 */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, describe, test } from 'node:test'
import { claimIdOf, personIdOf } from '@tongchou/contracts/id.ts'
import { demoPolicies } from '../fixtures/demo-files.ts'
import type { JsonObject, Reply } from './system/http.ts'
import { isObject } from './system/http.ts'
import { startSystem } from './system/system.ts'
import {
  AT_HOSPITAL,
  AWAY,
  CENTRE,
  enrolMany,
  HOME,
  HOSPITAL,
  importAll,
  loadReferences,
  personKeyOf,
  personNumber,
  stay,
} from './system/world.ts'

const persons = Array.from({ length: 8 }, (_, n) => personNumber(n))
const system = await startSystem({ after })
await loadReferences(system)
await enrolMany(system, persons, 1_000_000)

/** The policy in force from a day, whose pooled fund pays everything. */
function generous(effectiveFrom: string): JsonObject {
  const file = demoPolicies().find(policy => policy.file === '610100-employee.json')
  const policy: JsonObject = JSON.parse(JSON.stringify(file?.document))
  const { inpatient } = policy
  assert.ok(isObject(inpatient))
  const rates = JSON.stringify(inpatient['fundBp']).replaceAll(/[0-9]{3,}/g, '10000')
  const fundBp: JsonObject = JSON.parse(rates)
  return {
    ...policy,
    name: `西安市 ${effectiveFrom}`,
    effectiveFrom,
    inpatient: { ...inpatient, fundBp },
  }
}

async function publish(pack: JsonObject): Promise<string> {
  const reply = await system.call('claims', '/v1/policies', { as: CENTRE, body: pack })
  assert.ok(reply.status < 300, reply.text)
  return String(reply.json['packHash'])
}

async function settle(n: number, claimNo: string, on: string): Promise<JsonObject> {
  const body = stay({ personNo: personNumber(n).personNo, claimNo, on })
  const headers = { prefer: 'wait=20' }
  const reply = await system.call('clearing', '/v1/claims', { as: AT_HOSPITAL, body, headers })
  const { shares } = reply.json
  assert.ok(isObject(shares), reply.text)
  return shares
}

function explanationOf(claimNo: string): Promise<Reply> {
  const path = `/v1/claims/${claimIdOf(HOSPITAL, claimNo)}/explanation`
  return system.call('clearing', path, { as: AT_HOSPITAL })
}

async function hashOf(claimNo: string): Promise<string> {
  const events = await system.stores.eventsOf('claims', 'ClaimAdjudicated')
  const event = events.find(({ data }) => data.claimId === claimIdOf(HOSPITAL, claimNo))
  return event?.hash.toString('hex') ?? assert.fail(claimNo)
}

describe('a pack published later', () => {
  let oldPack = ''
  let newPack = ''
  let explained = ''
  let oldEvent = ''

  test('changes nothing before its activation', async () => {
    const before = await settle(1, 'PACK-1', '2025-06-30')
    oldPack = String(before['packHash'])
    const first = await explanationOf('PACK-1')
    assert.equal(first.status, 200, first.text)
    explained = first.text
    oldEvent = await hashOf('PACK-1')
    newPack = await publish(generous('2025-07-01'))
    assert.notEqual(newPack, oldPack)
    assert.deepEqual(await settle(2, 'PACK-2', '2025-06-30'), before)
    assert.equal((await explanationOf('PACK-1')).text, explained)
  })

  test('is in force from that day on, and is named by what it adjudicated', async () => {
    const shares = await settle(3, 'PACK-3', '2025-07-01')
    assert.equal(shares['packHash'], newPack)
    const old = await settle(4, 'PACK-4', '2025-06-29')
    assert.equal(old['packHash'], oldPack)
    assert.ok(Number(shares['pooledFen']) > Number(old['pooledFen']))
  })

  test('that begins after today is in force for no claim yet', async () => {
    const next = await publish(generous('2099-01-01'))
    const shares = await settle(5, 'PACK-5', '2025-07-02')
    assert.equal(shares['packHash'], newPack)
    assert.notEqual(next, newPack)
  })

  test('published again is nothing new', async () => {
    const { claims } = await system.stores.heads()
    assert.equal(await publish(generous('2025-07-01')), newPack)
    assert.equal((await system.stores.heads()).claims, claims)
  })

  test('leaves the old one to be read, in the very bytes that its hash names', async () => {
    for (const hash of [oldPack, newPack]) {
      const reply = await system.call('claims', `/v1/policies/${hash}`, { as: CENTRE })
      assert.equal(createHash('sha256').update(reply.text).digest('hex'), hash)
    }
  })

  test('does not touch the event or its explanation, also after a new start', async () => {
    await system.stop()
    await system.start()
    assert.equal((await explanationOf('PACK-1')).text, explained)
    assert.equal(await hashOf('PACK-1'), oldEvent)
    const { packHash } = JSON.parse(explained)
    assert.equal(packHash, oldPack)
  })
})

describe('a pre-settlement', () => {
  test('tells what it rests on, and the settlement which of it has changed', async () => {
    const claim = (claimNo: string) =>
      stay({ personNo: personNumber(7).personNo, claimNo, on: '2025-08-08' })
    const call = { as: AT_HOSPITAL, body: claim('QUOTED-1') }
    const told = await system.call('clearing', '/v1/claims:presettle', call)
    assert.equal(told.status, 200, told.text)
    const { presettlement, validTo, lines } = told.json
    assert.deepEqual([validTo, Array.isArray(lines)], ['2025-12-31', true])
    await publish(generous('2025-08-01'))
    await settle(7, 'QUOTED-1', '2025-08-08')
    const path = `/v1/claims/${claimIdOf(HOSPITAL, 'QUOTED-1')}/explanation`
    const query = `?presettlement=${String(presettlement)}`
    const { json, text } = await system.call('clearing', path + query, { as: AT_HOSPITAL })
    assert.ok(Array.isArray(json['changes']), text)
    assert.deepEqual(
      json['changes'].filter(isObject).map(({ name }) => name),
      ['packHash'],
    )
    const { shares, lines: settled } = json
    assert.ok(isObject(shares) && Array.isArray(settled))
    const cash = settled.filter(isObject).map(({ cashFen }) => Number(cashFen))
    assert.equal(
      cash.reduce((a, b) => a + b, 0),
      shares['cashFen'],
    )
  })
})

describe('facts that change later', () => {
  test('do not change a claim: its explanation rests on what it carried', async () => {
    const person = personNumber(6)
    const before = await settle(6, 'FACTS-1', '2025-05-05')
    const { text } = await explanationOf('FACTS-1')
    const hash = await hashOf('FACTS-1')
    const as = { role: 'agency', region: HOME } as const
    const path = `/v1/persons/${person.personNo}/status-changes`
    const retired = { on: '2025-01-01', status: 'retired' }
    const changed = await system.call('enrollment', path, { as, body: retired })
    assert.ok(changed.status < 300, changed.text)
    const filing = {
      filingNo: 'F-LATE-1',
      personNo: person.personNo,
      kind: 'longTermResidence',
      treatmentRegion: AWAY,
      filedOn: '2025-01-01',
      validFrom: '2025-01-01',
    }
    await importAll(system, 'enrollment', '/v1/filings:import', [filing])
    await system.stores.quiet()
    assert.equal((await explanationOf('FACTS-1')).text, text)
    assert.equal(await hashOf('FACTS-1'), hash)
    const after = await settle(6, 'FACTS-2', '2025-05-15')
    assert.deepEqual([before['filing'], before['status']], ['unfiled', 'active'])
    assert.deepEqual([after['filing'], after['status']], ['longTerm', 'retired'])
  })

  test('and nobody is asked: the events of a claim hold what decided it', async () => {
    const key = personKeyOf(system)
    const personId = personIdOf(key, personNumber(6).personNo)
    const events = await system.stores.eventsOf('clearing', 'ClaimSubmitted')
    const own = events.filter(({ data }) => data.personId === personId)
    assert.deepEqual(
      own.map(({ data }) => [data.status, data.filings.length, data.lines.length]),
      [
        ['active', 0, 2],
        ['retired', 1, 2],
      ],
    )
  })
})
