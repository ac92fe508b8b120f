/**
 * Law 1 for facts beyond the usual ones: a claim carries what its policy asks for, and the door
 * refuses what it does not, so that no claim waits in the account for a word that nobody will say.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, describe, test } from 'node:test'
import { claimIdOf } from '@tongchou/contracts/id.ts'
import type { JsonObject } from '../system/http.ts'
import { isObject } from '../system/http.ts'
import { startSystem } from '../system/system.ts'
import {
  AT_HOSPITAL,
  CENTRE,
  enrolMany,
  HOSPITAL,
  loadReferences,
  personNumber,
  stay,
} from '../system/world.ts'

const REGION = '371500'
const RESIDENT = { regionCode: REGION, scheme: 'resident', status: 'adult' }
const [paid, unpaid] = [
  personNumber(1, { ...RESIDENT, premiumPaidOn: '2024-12-01' }),
  personNumber(2, RESIDENT),
] as const

const system = await startSystem({ after })
await loadReferences(system)
await enrolMany(system, [paid, unpaid])
const file = new URL('../../../contracts/policies/packs/P04.json', import.meta.url)
const pack: JsonObject = JSON.parse(readFileSync(file, 'utf8'))
const published = await system.call('claims', '/v1/policies', {
  as: CENTRE,
  body: { pack, regionCode: REGION },
})
assert.ok(published.status < 300, published.text)

/** An emergency far from home, which P04 pays without a filing. */
function claim(person: typeof paid, claimNo: string, attributes?: JsonObject): JsonObject {
  const { personNo } = person
  const body = { ...stay({ personNo, claimNo }), emergency: true, useAccount: false }
  return attributes === undefined ? body : { ...body, attributes }
}

function post(path: string, body: JsonObject) {
  return system.call('clearing', path, { as: AT_HOSPITAL, body, headers: { prefer: 'wait=20' } })
}

async function entitlement(person: typeof paid, query: string) {
  const path = `/v1/persons/${person.personNo}/entitlement?${query}`
  return await system.call('clearing', path, { as: CENTRE })
}

/** Of a stay at a county hospital or above. */
function stayOf(json: JsonObject): JsonObject {
  const { benefits } = json
  assert.ok(Array.isArray(benefits))
  const found = benefits.filter(isObject).find(({ kind, levels }) => {
    return kind === 'inpatient' && Array.isArray(levels) && levels.includes('tier3')
  })
  return found ?? assert.fail('no stay')
}

describe('entitlement under a policy with a waiting period', () => {
  test('knows what enrolment knows, and takes what the hospital would say', async () => {
    const known = await entitlement(paid, 'on=2025-03-01')
    assert.equal(known.status, 200, known.text)
    assert.equal(stayOf(known.json)['cannotCompute'], null, known.text)
    assert.match(known.text, /"premiumPaidOn":"2024-12-01"/)
    const open = await entitlement(unpaid, 'on=2025-03-01')
    assert.notEqual(stayOf(open.json)['cannotCompute'], null, open.text)
    const stated = await entitlement(unpaid, 'on=2025-03-01&attributes=premiumPaidOn:2024-12-01')
    assert.deepEqual(stayOf(stated.json), stayOf(known.json))
  })

  test('refuses what the policy does not ask for, and what enrolment knows otherwise', async () => {
    const rows = [
      ['premium:yes', 422, 'attribute-not-asked'],
      ['premiumPaidOn:yesterday', 422, 'attribute-malformed'],
      ['premiumPaidOn:2024-01-01', 422, 'attribute-contradicts'],
      ['premiumPaidOn', 400, 'malformed'],
    ] as const
    for (const [attributes, status, kind] of rows) {
      const reply = await entitlement(paid, `on=2025-03-01&attributes=${attributes}`)
      assert.deepEqual([reply.status, reply.kind], [status, kind], reply.text)
    }
  })
})

describe('a stay under a policy with a waiting period', () => {
  test('is settled on the day of the premium that enrolment knows', async () => {
    const reply = await post('/v1/claims', claim(paid, 'KNOWN'))
    assert.equal(reply.json['state'], 'settled', reply.text)
    const { shares } = reply.json
    assert.ok(isObject(shares) && Number(shares['pooledFen']) > 0, reply.text)
    const path = `/v1/claims/${claimIdOf(HOSPITAL, 'KNOWN')}/explanation`
    const explained = await system.call('clearing', path, { as: AT_HOSPITAL })
    assert.match(explained.text, /2024-12-01/)
  })

  test('is refused where nobody says the day, and settled where the hospital does', async () => {
    const refused = await post('/v1/claims', claim(unpaid, 'STATED'))
    assert.deepEqual([refused.status, refused.kind], [422, 'no-policy'], refused.text)
    const stated = claim(unpaid, 'STATED', { premiumPaidOn: '2024-12-01' })
    const quoted = await post('/v1/claims:presettle', stated)
    assert.equal(quoted.status, 200, quoted.text)
    assert.match(quoted.text, /"attributes.premiumPaidOn"/)
    const settled = await post('/v1/claims', stated)
    assert.equal(settled.json['state'], 'settled', settled.text)
    assert.deepEqual(settled.json['shares'], quoted.json['shares'])
  })

  test('under the same number with another attribute is another claim', async () => {
    const other = claim(unpaid, 'STATED', { premiumPaidOn: '2024-11-01' })
    const reply = await post('/v1/claims', other)
    assert.deepEqual([reply.status, reply.kind], [409, 'claim-number-reused'], reply.text)
  })

  test('is refused by field and rule for what the policy does not know', async () => {
    const rows = [
      [{ premium: 'yes' }, 'attribute-not-asked', 'attributes.premium'],
      [{ premiumPaidOn: 'yesterday' }, 'attribute-malformed', 'attributes.premiumPaidOn'],
      [{ premiumPaidOn: '2024-01-01' }, 'attribute-contradicts', 'attributes.premiumPaidOn'],
    ] as const
    const before = (await system.stores.events('clearing')).length
    for (const [attributes, kind, field] of rows) {
      const reply = await post('/v1/claims', claim(paid, 'WRONG', attributes))
      assert.deepEqual([reply.status, reply.kind, reply.json['field']], [422, kind, field])
      assert.equal(typeof reply.json['rule'], 'string')
    }
    const malformed = await post('/v1/claims', claim(paid, 'WRONG', { 'insured.years': '1' }))
    assert.equal(malformed.status, 400, malformed.text)
    assert.equal((await system.stores.events('clearing')).length, before)
  })
})
