/**
 * A special disease from its approval to its expiry, and a claim that is verified for its size:
 * over HTTP, from enrolment to the shares.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, describe, test } from 'node:test'
import { claimIdOf } from '@tongchou/contracts/id.ts'
import type { As, JsonObject } from '../system/http.ts'
import { isObject } from '../system/http.ts'
import { startSystem } from '../system/system.ts'
import {
  AT_HOSPITAL,
  AWAY,
  CENTRE,
  enrolMany,
  HOSPITAL,
  loadReferences,
  personNumber,
  visit,
} from '../system/world.ts'

const RESIDENT = { regionCode: AWAY, scheme: 'resident', status: 'adult' }
const [ill, well] = [personNumber(1, RESIDENT), personNumber(2, RESIDENT)] as const
const LARGE_FEN = 10_000_000

const system = await startSystem(
  { after },
  { env: { TONGCHOU_FRAUD_LARGE_CLAIM_FEN: String(LARGE_FEN) } },
)
await loadReferences(system)
await enrolMany(system, [ill, well])

const AGENCY: As = { role: 'agency', region: AWAY }

function packOf(name: string): JsonObject {
  const file = new URL(`../../../contracts/policies/packs/${name}.json`, import.meta.url)
  return JSON.parse(readFileSync(file, 'utf8'))
}

function publish(pack: JsonObject, effectiveFrom: string) {
  const body = { pack, regionCode: AWAY, effectiveFrom }
  return system.call('claims', '/v1/policies', { as: CENTRE, body })
}

/** Care of 26,940 yuan, of which basic insurance has paid nothing. */
async function chronic({ personNo }: typeof ill, claimNo: string, on: string, quantity = 1200) {
  const attributes = { disease: 'M01', basicHandedOver: 'true', basicPaidFen: '0' }
  const bill = visit({ personNo, claimNo, on }, quantity)
  const body = { ...bill, kind: 'chronic', useAccount: false, attributes }
  const headers = { prefer: 'wait=20' }
  return await system.call('clearing', '/v1/claims', { as: AT_HOSPITAL, body, headers })
}

async function paidFor(...of: Parameters<typeof chronic>): Promise<unknown> {
  const reply = await chronic(...of)
  assert.equal(reply.json['state'], 'settled', reply.text)
  const { shares } = reply.json
  assert.ok(isObject(shares), reply.text)
  return shares['catastrophicFen']
}

describe('a special disease under P03', () => {
  test('is paid from its approval to its expiry alone', async () => {
    const early = await publish(packOf('P03-resident'), '2025-01-01')
    assert.deepEqual([early.status, early.kind], [422, 'demands-broken'], early.text)
    const published = await publish(packOf('P03-resident'), '2025-02-01')
    assert.equal(published.status, 200, published.text)
    const path = `/v1/persons/${ill.personNo}/diseases`
    const days = { approvedOn: '2025-03-01', validFrom: '2025-03-01', validTo: '2025-03-31' }
    const entry = { registrationNo: 'R1', disease: 'M01', approvedBy: 'CENTRE-1', ...days }
    const registered = await system.call('enrollment', path, { as: AGENCY, body: entry })
    assert.equal(registered.status, 200, registered.text)
    assert.equal(await paidFor(ill, 'BEFORE', '2025-02-28'), 0)
    assert.ok(Number(await paidFor(ill, 'FIRST', '2025-03-01')) > 0)
    assert.ok(Number(await paidFor(ill, 'LAST', '2025-03-31')) > 0)
    assert.equal(await paidFor(ill, 'AFTER', '2025-04-01'), 0)
    assert.equal(await paidFor(well, 'NEVER', '2025-03-01'), 0)
  })
})

describe('a claim from the configured total on', () => {
  test('is held, and settled once two reviewers have released it', async () => {
    const reply = await chronic(well, 'LARGE', '2025-03-15', 5000)
    assert.equal(reply.json['state'], 'held', reply.text)
    assert.match(reply.text, /large-claim/)
    await system.stores.quiet()
    const path = `/v1/cases/${claimIdOf(HOSPITAL, 'LARGE')}/release`
    for (const subject of ['r-1', 'r-2']) {
      const as: As = { role: 'reviewer', subject, region: AWAY }
      const released = await system.call('fraud', path, { as, body: {} })
      assert.equal(released.status, 200, released.text)
    }
    await system.stores.quiet()
    const claim = `/v1/claims/${claimIdOf(HOSPITAL, 'LARGE')}`
    const settled = await system.call('clearing', claim, { as: AT_HOSPITAL })
    assert.equal(settled.json['state'], 'settled', settled.text)
  })
})
