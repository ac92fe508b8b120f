/** Law 2: what a producer has acknowledged is never taken for absent by the door. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { JsonObject } from './system/http.ts'
import { repeat, tally } from './system/repeat.ts'
import { startSystem } from './system/system.ts'
import type { Person } from './system/world.ts'
import {
  AT_HOSPITAL,
  AWAY,
  CENTRE,
  HOSPITAL,
  loadReferences,
  personNumber,
  visit,
} from './system/world.ts'

const TIMES = Number(process.env['TONGCHOU_E2E_TIMES'] ?? 1000)
const SIDE_BY_SIDE = 8
const AGENCY = { role: 'agency', region: '610100' } as const

const system = await startSystem({ after }, { moreDoors: 1 })
await loadReferences(system)

describe('absence is not a fact', () => {
  async function enrol(person: Person): Promise<void> {
    const reply = await system.call('enrollment', '/v1/persons', { as: AGENCY, body: person })
    assert.equal(reply.status, 201, reply.text)
  }

  /** At one of two replicas of the door, in turn. */
  function submit(n: number, body: JsonObject) {
    const url = `${system.doors[n % system.doors.length]}/v1/claims`
    return system.patientAt(url, { as: AT_HOSPITAL, body })
  }

  test(`${TIMES} times enrolled, then submitted at once, never wrongly refused`, async () => {
    const outcomes: string[] = []
    await repeat(TIMES, SIDE_BY_SIDE, async n => {
      const person = personNumber(n)
      await enrol(person)
      const { status, kind } = await submit(n, visit({ ...person, claimNo: `LAW2-${n}` }))
      outcomes.push(kind ?? String(status))
    })
    const counts = tally(outcomes)
    assert.equal((counts['202'] ?? 0) + (counts['200'] ?? 0), TIMES, JSON.stringify(counts))
  })

  test('an institution, an item and a policy count as soon as they are acknowledged', async () => {
    await enrol(personNumber(900_001))
    for (let n = 0; n < 20; n++) {
      const code = `H110100${90_000 + n}`
      const item = { itemCode: `NEW-${n}`, name: '新药', unitPriceFen: 100 }
      const designation = {
        institutionCode: code,
        name: '新医院',
        regionCode: AWAY,
        level: 'tier2',
        type: 'hospital',
        network: ['intra', 'cross'],
        agreementFrom: '2024-01-01',
        agreementTo: '2026-12-31',
        doctors: [],
      }
      const row = { kind: 'drug', class: '甲', firstShareBp: 0, validFrom: '2024-01-01' }
      const ndjson = { 'content-type': 'application/x-ndjson' }
      const made = await system.call('providers', '/v1/institutions', {
        as: CENTRE,
        body: designation,
      })
      assert.ok(made.status < 300, made.text)
      const listed = await system.call('providers', `/v1/catalogues/${AWAY}/items:import`, {
        as: CENTRE,
        body: `${JSON.stringify({ ...item, ...row })}\n`,
        headers: ndjson,
      })
      assert.match(listed.text, /"ok":true/)
      const on = `2025-04-${String(n + 1).padStart(2, '0')}`
      const claim = visit({ ...personNumber(900_001), claimNo: `NEW-${n}`, on })
      const lines = [{ ...item, quantity: 1, amountFen: 100, on }]
      const body = { ...claim, institutionCode: code, lines, totalFen: 100 }
      const as = { role: 'hospital', institution: code } as const
      const reply = await system.call('clearing', '/v1/claims', { as, body })
      assert.equal(reply.status, 202, reply.text)
    }
  })

  test('who is really unknown is refused, and nothing is stored', async () => {
    await system.stores.quiet()
    const before = await system.stores.heads()
    const claim = visit({ ...personNumber(999_999), claimNo: 'NOBODY' })
    const nobody = await submit(0, claim)
    assert.deepEqual([nobody.status, nobody.kind], [422, 'unknown-person'])
    const nowhere = { ...claim, institutionCode: 'H99999999999' }
    const service = { as: { role: 'service' }, body: nowhere } as const
    const unknown = await system.call('clearing', '/v1/claims', service)
    assert.deepEqual([unknown.status, unknown.kind], [422, 'unknown-institution'])
    await system.stores.quiet()
    assert.equal((await system.stores.heads()).clearing, before.clearing)
    assert.notEqual(HOSPITAL, nowhere.institutionCode)
  })
})
