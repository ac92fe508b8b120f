/**
 * Laws 10 and 15: the same bill in other clothes is held; what is held reserves its benefit until
 * it is decided.
 */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { claimIdOf } from '@tongchou/contracts/id.ts'
import { accountsOf, assertBooksHold, balancesOf } from './system/books.ts'
import type { As, Reply } from './system/http.ts'
import { repeat, tally } from './system/repeat.ts'
import { startSystem } from './system/system.ts'
import type { ClaimBody } from './system/world.ts'
import {
  AT_HOSPITAL,
  AWAY,
  CENTRE,
  enrolMany,
  HOME,
  HOSPITAL,
  loadReferences,
  personNumber,
  SERVICE,
  stay,
} from './system/world.ts'

/** Above 50,000 yuan two reviewers have to agree. */
const LARGE = 3000
const SMALL = 100

const persons = Array.from({ length: 60 }, (_, n) => personNumber(n))
const system = await startSystem({ after })
await loadReferences(system)
await enrolMany(system, persons, 1_000_000)

const personNo = (n: number) => personNumber(n).personNo
const reviewer = (subject: string, region = AWAY): As => ({ role: 'reviewer', subject, region })

async function submit(body: ClaimBody): Promise<Reply> {
  const headers = { prefer: 'wait=30' }
  const reply = await system.call('clearing', '/v1/claims', { as: SERVICE, body, headers })
  assert.equal(reply.status, 200, reply.text)
  return reply
}

/** Settles a claim of each person, then has the same bills held under other numbers. */
async function held(ns: readonly number[], quantity: number) {
  const firsts = ns.map(n => stay({ personNo: personNo(n), claimNo: `FIRST-${n}` }, quantity))
  for (const { json } of await Promise.all(firsts.map(submit)))
    assert.equal(json['state'], 'settled')
  const before = await now(ns)
  const again = firsts.map((first, at) => {
    return { ...first, claimNo: `AGAIN-${ns[at]}`, lines: first.lines.toReversed() }
  })
  for (const { json } of await Promise.all(again.map(submit))) assert.equal(json['state'], 'held')
  return { claimIds: again.map(({ claimNo }) => claimIdOf(HOSPITAL, claimNo)), before }
}

async function heldOne(n: number, quantity: number) {
  const { claimIds, before } = await held([n], quantity)
  await system.stores.quiet()
  return { claimId: claimIds[0] ?? assert.fail(), before }
}

async function stateOf(claimId: string): Promise<unknown> {
  const path = `/v1/claims/${claimId}`
  const reply = await system.call('clearing', path, { as: CENTRE, headers: { prefer: 'wait=5' } })
  return reply.json['state']
}

function decide(claimId: string, what: 'release' | 'rejection', as: As): Promise<Reply> {
  const body = { note: 'looked at it' }
  return system.call('fraud', `/v1/cases/${claimId}/${what}`, { as, body })
}

async function now(ns: readonly number[]) {
  await system.stores.quiet()
  return { accounts: await accountsOf(system, ns.map(personNo)), books: await balancesOf(system) }
}

describe('a held claim', () => {
  test('reserves its benefit and moves no money; rejection gives it back', async () => {
    const { claimId, before } = await heldOne(1, SMALL)
    const reserved = await now([1])
    assert.notDeepEqual(reserved.accounts, before.accounts, 'the benefit is reserved')
    assert.deepEqual(reserved.books, before.books, 'no money moved')
    assert.equal((await decide(claimId, 'rejection', reviewer('r-1'))).status, 200)
    assert.deepEqual(await now([1]), before)
    assert.equal(await stateOf(claimId), 'rejected')
  })

  test('is given back by its withdrawal, and its case is closed', async () => {
    const { claimId, before } = await heldOne(2, SMALL)
    const call = { as: AT_HOSPITAL, body: { reason: 'sent twice' } }
    const reply = await system.call('clearing', `/v1/claims/${claimId}/reversal`, call)
    assert.equal(reply.json['state'], 'withdrawn', reply.text)
    assert.deepEqual(await now([2]), before)
    const late = await decide(claimId, 'release', reviewer('r-1'))
    assert.deepEqual([late.status, late.kind], [409, 'case-not-open'])
    assert.deepEqual(await now([2]), before)
  })

  test('is settled when one reviewer lets a small one pass: reserved is what is paid', async () => {
    const { claimId, before } = await heldOne(3, SMALL)
    const reserved = await now([3])
    assert.equal((await decide(claimId, 'release', reviewer('r-1'))).status, 200)
    const after = await now([3])
    assert.equal(await stateOf(claimId), 'settled')
    assert.deepEqual(after.accounts, reserved.accounts)
    assert.notDeepEqual(after.books, before.books)
  })

  test('above the threshold settles when two persons agree, once, whoever asks again', async () => {
    const { claimId } = await heldOne(4, LARGE)
    const reserved = await now([4])
    assert.equal((await decide(claimId, 'release', reviewer('r-1'))).status, 200)
    const again = await decide(claimId, 'release', reviewer('r-1'))
    assert.deepEqual([again.status, again.kind], [409, 'same-reviewer'])
    const foreign = await decide(claimId, 'release', reviewer('r-9', HOME))
    assert.deepEqual([foreign.status, foreign.kind], [403, 'other-region'])
    assert.deepEqual(await now([4]), reserved)
    assert.equal(await stateOf(claimId), 'held')
    const second = await decide(claimId, 'release', reviewer('r-2'))
    assert.equal(second.json['status'], 'released', second.text)
    const resent = await decide(claimId, 'release', reviewer('r-2'))
    assert.equal(resent.text, second.text)
    const after = await now([4])
    assert.equal(await stateOf(claimId), 'settled')
    assert.deepEqual(after.accounts, reserved.accounts)
    assert.notDeepEqual(after.books, reserved.books)
  })

  test('is settled once when reviewers agree at the same moment', async () => {
    const { claimIds } = await held([10, 11, 12, 13, 14, 15, 16, 17], LARGE)
    await system.stores.quiet()
    const names = ['r-1', 'r-2', 'r-3', 'r-1', 'r-2', 'r-3']
    const asked = claimIds.flatMap(id => names.map(name => decide(id, 'release', reviewer(name))))
    await Promise.all(asked)
    await system.stores.quiet()
    const clearing = Map.groupBy(await system.stores.events('clearing'), ({ stream }) => stream)
    const fraud = Map.groupBy(await system.stores.events('fraud'), ({ stream }) => stream)
    const typesIn = (events: readonly { readonly type: string }[] = []) =>
      tally(events.map(({ type }) => type))
    for (const claimId of claimIds) {
      assert.equal(typesIn(clearing.get(`claim-${claimId}`))['ClaimSettled'], 1)
      const { CaseReleased, ReleaseApproved } = typesIn(fraud.get(`case-${claimId}`))
      assert.deepEqual([CaseReleased, ReleaseApproved], [1, 1])
    }
    await assertBooksHold(system)
  })

  test('that is released and withdrawn at the same moment leaves nothing behind', async () => {
    const ns = Array.from({ length: 20 }, (_, n) => 20 + n)
    const { claimIds, before } = await held(ns, SMALL)
    await system.stores.quiet()
    await repeat(ns.length, 5, async n => {
      const claimId = claimIds[n] ?? assert.fail()
      const call = { as: AT_HOSPITAL, body: { reason: 'at once' } }
      const [reversal] = await Promise.all([
        system.patientAt(`${system.doors[0]}/v1/claims/${claimId}/reversal`, call),
        decide(claimId, 'release', reviewer('r-1')),
      ])
      assert.equal(reversal.status, 200, reversal.text)
    })
    assert.deepEqual(await now(ns), before)
    const states = tally((await Promise.all(claimIds.map(stateOf))).map(String))
    assert.equal((states['withdrawn'] ?? 0) + (states['reversed'] ?? 0), ns.length)
    await assertBooksHold(system)
  })
})

describe('the same bill in other clothes', () => {
  test('under another number, in another order or at another institution is held', async () => {
    const first = stay({ personNo: personNo(50), claimNo: 'BILL-1' })
    assert.equal((await submit(first)).json['state'], 'settled')
    for (const change of [
      { claimNo: 'BILL-2' },
      { claimNo: 'BILL-3', lines: first.lines.toReversed() },
      { claimNo: 'BILL-1', institutionCode: 'H11010000002' },
    ]) {
      const { json } = await submit({ ...first, ...change })
      assert.equal(json['state'], 'held')
      const [reason] = Array.isArray(json['reasons']) ? json['reasons'] : []
      assert.equal(reason.otherClaimId, claimIdOf(HOSPITAL, 'BILL-1'))
    }
    const other = stay({ personNo: personNo(50), claimNo: 'BILL-4', on: '2025-05-05' })
    assert.equal((await submit(other)).json['state'], 'settled')
  })

  test('under the new code of a renamed institution is the same claim', async () => {
    const [oldCode, newCode] = ['H31010000003', 'H31010099003']
    const claim = {
      ...stay({ personNo: personNo(51), claimNo: 'NAME-1' }),
      institutionCode: oldCode,
    }
    const first = await submit(claim)
    const path = `/v1/institutions/${oldCode}/renames`
    const renamed = await system.call('providers', path, { as: CENTRE, body: { newCode } })
    assert.ok(renamed.status < 300, renamed.text)
    await system.stores.quiet()
    const again = await submit({ ...claim, institutionCode: newCode })
    assert.equal(again.text, first.text)
    const byNewName: As = { role: 'hospital', institution: newCode }
    const changed = { ...claim, institutionCode: newCode, emergency: true }
    const reused = await system.call('clearing', '/v1/claims', { as: byNewName, body: changed })
    assert.deepEqual([reused.status, reused.kind], [409, 'claim-number-reused'])
    const read = await system.call('clearing', `/v1/claims/${first.json['claimId']}`, {
      as: byNewName,
    })
    assert.equal(read.status, 200, read.text)
  })
})
