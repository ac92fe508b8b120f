/**
 * Law 9: a reversal is legal in every state, at any moment, and leaves no trace in accounts and
 * books.
 */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { claimIdOf } from '@tongchou/contracts/id.ts'
import { accountsOf, assertBooksHold, balancesOf } from './system/books.ts'
import { repeat, tally } from './system/repeat.ts'
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
} from './system/world.ts'

const TIMES = Number(process.env['TONGCHOU_E2E_TIMES'] ?? 1000)
const PERSONS = Math.ceil(TIMES / 4)
const SIDE_BY_SIDE = 16
const ACCOUNT_FEN = 1_000_000

const persons = Array.from({ length: PERSONS }, (_, n) => personNumber(n))
const personNos = persons.map(({ personNo }) => personNo)
const system = await startSystem({ after }, { moreDoors: 1 })
await loadReferences(system)
await enrolMany(system, persons, ACCOUNT_FEN)

/** Submits at one door and reverses at the other, `waitS` seconds or none after. */
async function submitAndReverse(claim: ClaimBody, waitS: number): Promise<string> {
  const [one, other] = system.doors
  const headers = { prefer: `wait=${waitS}` }
  const call = { as: AT_HOSPITAL, body: claim, headers }
  const submitted = await system.patientAt(`${one}/v1/claims`, call)
  assert.ok(submitted.status < 300, submitted.text)
  const claimId = claimIdOf(claim.institutionCode, claim.claimNo)
  const reversal = { as: AT_HOSPITAL, body: { reason: 'typing error' } }
  const reversed = await system.patientAt(`${other}/v1/claims/${claimId}/reversal`, reversal)
  assert.equal(reversed.status, 200, reversed.text)
  return String(reversed.json['state'])
}

describe('reversal', () => {
  test(`${TIMES} times submitted and reversed at once: all as at the start`, async () => {
    const accounts = await accountsOf(system, personNos)
    const balances = await balancesOf(system)
    const states: string[] = []
    // One person's claims one after the other: a claim that later ones rest on is not reversed.
    await repeat(PERSONS, SIDE_BY_SIDE, async n => {
      for (let round = 0; round < 4; round++) {
        const { personNo } = persons[n] ?? personNumber(0)
        const claim = stay({ personNo, claimNo: `LAW9-${n}-${round}`, on: dayOf2025(round * 7) })
        states.push(await submitAndReverse(claim, round === 3 ? 30 : 0))
      }
    })
    await system.stores.quiet()
    const { withdrawn = 0, reversed = 0 } = tally(states)
    assert.equal(withdrawn + reversed, PERSONS * 4)
    assert.ok(reversed >= PERSONS, 'those that were waited for were settled')
    assert.ok(withdrawn > 0, 'some were withdrawn before they were settled')
    assert.deepEqual(await accountsOf(system, personNos), accounts)
    assert.deepEqual(await balancesOf(system), balances)
    await assertBooksHold(system)
  })

  test('what arrives late changes nothing: no claim was settled after its withdrawal', async () => {
    const ended = new Set<string>()
    for (const { type, stream } of await system.stores.events('clearing')) {
      if (ended.has(stream)) assert.fail(`${type} after the end of ${stream}`)
      if (type === 'ClaimWithdrawn' || type === 'ClaimReversed') ended.add(stream)
    }
    assert.equal(ended.size, PERSONS * 4)
  })

  test('the same reversal again is the first answer, another reason is refused', async () => {
    const claimId = claimIdOf(HOSPITAL, 'LAW9-0-0')
    const again = (reason: string) =>
      system.call('clearing', `/v1/claims/${claimId}/reversal`, {
        as: AT_HOSPITAL,
        body: { reason },
      })
    const { clearing } = await system.stores.heads()
    const [first, second] = [await again('typing error'), await again('typing error')]
    assert.equal(first.status, 200)
    assert.equal(second.text, first.text)
    const other = await again('another')
    assert.deepEqual([other.status, other.kind], [409, 'already-reversed'])
    assert.equal((await system.stores.heads()).clearing, clearing)
  })

  test('a claim that a later one rests on is refused, and names it', async () => {
    const { personNo } = persons[1] ?? personNumber(1)
    for (const [claimNo, on] of [
      ['LATER-1', '2025-06-01'],
      ['LATER-2', '2025-06-05'],
    ] as const) {
      const body = stay({ personNo, claimNo, on })
      const headers = { prefer: 'wait=0' }
      const reply = await system.call('clearing', '/v1/claims', { as: AT_HOSPITAL, body, headers })
      assert.ok(reply.status < 300, reply.text)
    }
    const path = (claimNo: string) => `/v1/claims/${claimIdOf(HOSPITAL, claimNo)}/reversal`
    const call = { as: AT_HOSPITAL, body: { reason: 'typing error' } }
    const refused = await system.call('clearing', path('LATER-1'), call)
    assert.deepEqual([refused.status, refused.kind], [409, 'later-claims-depend'])
    assert.deepEqual(refused.json['claims'], ['LATER-2'])
    assert.equal((await system.call('clearing', path('LATER-2'), call)).status, 200)
    assert.equal((await system.call('clearing', path('LATER-1'), call)).status, 200)
  })
})
