/**
 * Laws 8, 12 and 14 under several replicas and clocks that jump: a person's events follow from each
 * other, no fund is a stream of its own, and time decides no order.
 */
import assert from 'node:assert/strict'
import { after, afterEach, describe, mock, test } from 'node:test'
import { type AccountEvent, isAccountEvent } from '@tongchou/claims/account/events.ts'
import { type AccountState, initialState } from '@tongchou/claims/account/state.ts'
import { followAccount } from '@tongchou/claims/explanation/recompute.ts'
import { PackShelf } from '@tongchou/claims/pack/shelf.ts'
import { assertBooksHold } from './system/books.ts'
import { answerLines, NDJSON, ndjson } from './system/http.ts'
import { repeat } from './system/repeat.ts'
import { startSystem } from './system/system.ts'
import type { ClaimBody } from './system/world.ts'
import {
  AT_HOSPITAL,
  CENTRE,
  dayOf2025,
  enrolMany,
  loadReferences,
  personNumber,
  stay,
  visit,
} from './system/world.ts'

const PERSONS = 30
const persons = Array.from({ length: PERSONS }, (_, n) => personNumber(n))
const system = await startSystem({ after }, { moreDoors: 1, moreWorkers: 1 })
await loadReferences(system)
await enrolMany(system, persons, 3_000_000)

const personNo = (n: number) => personNumber(n % PERSONS).personNo

async function submit(body: ClaimBody, n: number): Promise<void> {
  const headers = { prefer: 'wait=30' }
  const door = system.doors[n % system.doors.length]
  const reply = await system.patientAt(`${door}/v1/claims`, { as: AT_HOSPITAL, body, headers })
  assert.equal(reply.json['state'], 'settled', reply.text)
}

/** Every event of every account, computed again from the ones before it. */
async function assertAccountsFollow(): Promise<number> {
  const shelf = new PackShelf()
  const states = new Map<string, AccountState>()
  let followed = 0
  for (const event of await system.stores.events('claims')) {
    if (event.type === 'PackPublished') shelf.apply(event.data)
    if (!isAccountEvent(event)) continue
    const before = states.get(event.stream) ?? initialState
    const { state, difference } = followAccount(before, event as AccountEvent, shelf.planOf)
    assert.equal(difference, null, `${event.stream} at ${event.version}`)
    states.set(event.stream, state)
    followed += 1
  }
  return followed
}

async function streamsOf(service: 'claims' | 'funds'): Promise<ReadonlySet<string>> {
  return new Set((await system.stores.events(service)).map(({ stream }) => stream))
}

describe('many claims of one person at once', () => {
  test('at two doors and two workers: each rests on the one before it', async () => {
    await repeat(PERSONS * 8, 24, async n => {
      const on = dayOf2025(Math.floor(n / PERSONS) * 6)
      const claim = { personNo: personNo(n), claimNo: `ORDER-${n}`, on }
      await submit(n % 2 === 0 ? stay(claim) : visit(claim), n)
    })
    await system.stores.quiet()
    const followed = await assertAccountsFollow()
    assert.equal(followed, PERSONS * 9, 'a credit and eight claims of each person')
    await assertBooksHold(system)
  })

  test('of two years stand in one stream of the person, each year with its own totals', async () => {
    await submit(stay({ personNo: personNo(1), claimNo: 'YEAR-2026', on: '2026-01-05' }), 0)
    const accounts = [...(await streamsOf('claims'))].filter(name => name.startsWith('account-'))
    assert.equal(accounts.length, PERSONS)
    const events = await system.stores.eventsOf('claims', 'ClaimAdjudicated')
    const [first] = events.filter(({ data }) => data.year === 2026)
    assert.equal(first?.data.before['paidIn'] ?? 0n, 0n)
    await assertAccountsFollow()
  })
})

describe('a batch in the books', () => {
  test('is one posting for each partition and month, whatever funds it moves', async () => {
    await system.stores.quiet()
    const { funds } = await system.stores.heads()
    const claims = Array.from({ length: 600 }, (_, n) => {
      const on = dayOf2025(60 + Math.floor(n / PERSONS))
      return visit({ personNo: personNo(n), claimNo: `BATCH-${n}`, on }, 2)
    })
    const call = { as: AT_HOSPITAL, body: ndjson(claims), headers: { 'content-type': NDJSON } }
    const reply = await system.callAt(`${system.doors[0]}/v1/claims:batch`, call)
    assert.equal(answerLines(reply.text).filter(({ ok }) => ok).length, 600)
    await system.stores.quiet()
    const posted = await system.stores.eventsOf('funds', 'JournalPosted', funds)
    assert.ok(posted.length < 200, `${posted.length} postings for 600 claims`)
    for (const name of await streamsOf('funds')) {
      assert.match(name, /^journal-[0-7]-\d{4}-\d\d$|^balance/, 'no stream is a fund')
    }
    await assertBooksHold(system)
  })
})

describe('a clock that jumps', () => {
  afterEach(() => mock.timers.reset())

  test('back and forth changes neither membership in windows nor the order of a person', async () => {
    const real = Date.now()
    const days = [0, -3, 40, -40, 1]
    for (const [index, day] of days.entries()) {
      mock.timers.reset()
      mock.timers.enable({ apis: ['Date'], now: real + day * 86_400_000 })
      for (let n = 0; n < 6; n++) {
        const on = dayOf2025(300 + index * 6)
        await submit(stay({ personNo: personNo(n), claimNo: `CLOCK-${index}-${n}`, on }), n)
      }
      if (index === 1 || index === 3) await closeWindow(`clock ${index}`)
    }
    await closeWindow('clock, the last one')
    mock.timers.reset()
    await system.stores.quiet()
    await assertAccountsFollow()
    await assertBooksHold(system)
    const events = await system.stores.events('clearing')
    const closed = events.filter(event => event.type === 'WindowClosed')
    const netted = events.filter(event => event.type === 'WindowNetted')
    for (const { data, position } of closed) {
      const row = netted.find(event => event.data.windowNo === data.windowNo)
      const own = events.filter(event => {
        const moves = event.type === 'ClaimSettled' && event.data.obligation !== null
        return moves && event.position > data.previousCut && event.position < position
      })
      const claims = row?.data.pairs.reduce((sum, pair) => sum + pair.claims, 0)
      assert.equal(claims, own.length, `window ${data.windowNo}`)
    }
    assert.equal(closed.length, 3)
    const instants = events.map(({ at }) => at)
    assert.notDeepEqual(instants, instants.toSorted(), 'the clock did jump')
  })

  test('five minutes ahead is not the future, six are', async () => {
    const midnight = Date.UTC(2026, 5, 30, 16)
    for (const [minutes, status] of [
      [4, 200],
      [6, 422],
    ] as const) {
      mock.timers.reset()
      mock.timers.enable({ apis: ['Date'], now: midnight - minutes * 60_000 })
      const claimNo = `FUTURE-${minutes}`
      const body = visit({ personNo: personNo(3), claimNo, on: '2026-07-01' })
      const headers = { prefer: 'wait=30' }
      const token = await system.issuer.issueToken({
        role: 'hospital',
        institution: body.institutionCode,
        subject: 'clock',
        ttlSeconds: 600,
      })
      const call = { as: token, body, headers }
      const reply = await system.call('clearing', '/v1/claims', call)
      assert.equal(reply.status, status, reply.text)
    }
  })
})

async function closeWindow(label: string): Promise<void> {
  const headers = { prefer: 'wait=30' }
  const reply = await system.call('clearing', '/v1/windows', {
    as: CENTRE,
    body: { label },
    headers,
  })
  assert.equal(reply.status, 201, reply.text)
}
