/** Law 11: a window is a cut in the store; closing under load loses nothing and doubles nothing. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { foldBetween } from '@tongchou/clearing/consume/clearing-window.ts'
import { nettedWindow } from '@tongchou/clearing/window/netting.ts'
import type { ClaimSettled } from '@tongchou/contracts/events.generated.ts'
import { claimIdOf } from '@tongchou/contracts/id.ts'
import type { Recorded } from '@tongchou/runtime/service/recorded.ts'
import { assertBooksHold, rowsOf } from './system/books.ts'
import type { As, JsonObject } from './system/http.ts'
import { answerLines, NDJSON, ndjson } from './system/http.ts'
import { repeat } from './system/repeat.ts'
import { startSystem } from './system/system.ts'
import {
  CENTRE,
  dayOf2025,
  enrolMany,
  loadReferences,
  personNumber,
  SERVICE,
  stay,
  visit,
} from './system/world.ts'

const SECONDS = Number(process.env['TONGCHOU_E2E_SECONDS'] ?? 8)
const REGIONS = ['610100', '110100', '310100', '420200'] as const
const PERSONS = 1200
const BATCH = 150

const persons = Array.from({ length: PERSONS }, (_, n) =>
  personNumber(n, { regionCode: REGIONS[n % REGIONS.length] }),
)
const system = await startSystem({ after }, { moreDoors: 1 })
await loadReferences(system)
await enrolMany(system, persons, 300_000)

type Load = { submitted: number; reversed: number }

/** Batches at both doors until told; every seventh claim is reversed a little later. */
async function load(until: AbortSignal): Promise<Load> {
  const done: Load = { submitted: 0, reversed: 0 }
  async function lane(door: string, from: number): Promise<void> {
    for (let round = 0; !until.aborted; round++) {
      const claims = Array.from({ length: BATCH }, (_, n) => claimOf(from + n, round))
      const headers = { 'content-type': NDJSON, prefer: `wait=${round % 2 === 0 ? 0 : 20}` }
      const call = { as: SERVICE, body: ndjson(claims), headers }
      const lines = answerLines((await system.callAt(`${door}/v1/claims:batch`, call)).text)
      assert.deepEqual(
        lines.filter(({ ok }) => !ok),
        [],
      )
      done.submitted += lines.length
      const some = claims.filter((_, n) => n % 7 === 0)
      await repeat(some.length, some.length, async n => {
        const { institutionCode, claimNo } = some[n] ?? assert.fail()
        const path = `/v1/claims/${claimIdOf(institutionCode, claimNo)}/reversal`
        const body = { reason: 'load' }
        const reply = await system.patientAt(`${door}${path}`, { as: SERVICE, body })
        assert.equal(reply.status, 200, reply.text)
        done.reversed += 1
      })
    }
  }
  const lanes = [0, 1, 2, 3].map(n => lane(system.doors[n % 2] ?? '', n * (PERSONS / 4)))
  await Promise.all(lanes)
  return done
}

function claimOf(n: number, round: number) {
  const { personNo } = persons[n] ?? assert.fail()
  const claimNo = `W-${n}-${round}`
  const on = dayOf2025(round * 2)
  const claim = round % 2 === 0 ? visit({ personNo, claimNo, on }) : stay({ personNo, claimNo, on })
  const region = REGIONS[(n + (round % 3)) % REGIONS.length]
  return { ...claim, institutionCode: `H${region}00001` }
}

async function close(door: string, label: string): Promise<number> {
  const reply = await system.patientAt(`${door}/v1/windows`, { as: CENTRE, body: { label } })
  assert.ok(reply.status === 201 || reply.status === 202, reply.text)
  return Number(reply.json['windowNo'])
}

/** Closes at one door every 200 ms, at the other whenever the last one is closed, until told. */
async function closeWindows(until: AbortSignal): Promise<number[]> {
  const numbers: number[] = []
  async function closer(door: string, everyMs: number): Promise<void> {
    while (!until.aborted) {
      numbers.push(await close(door, `under load ${numbers.length}`))
      await sleep(everyMs)
    }
  }
  const [one = '', other = ''] = system.doors
  await Promise.all([closer(one, 200), closer(other, 450)])
  return numbers
}

type Moved = Recorded<'ClaimSettled'> | Recorded<'ClaimReversed'>

function isMove(event: Recorded): event is Moved {
  return event.type === 'ClaimSettled' || event.type === 'ClaimReversed'
}

function obligationOf({ data }: Moved): ClaimSettled['obligation'] {
  return data.obligation
}

function amounts(rows: readonly JsonObject[]): number {
  return rows.reduce((sum, { amountFen }) => sum + Number(amountFen), 0)
}

/** All claims behind a statement, of both sides, page by page. */
async function drillDown(path: string, as: As): Promise<readonly JsonObject[]> {
  const claims: JsonObject[] = []
  for (const side of ['insured', 'treating']) {
    for (let after = 0, more = true; more; ) {
      const query = `?side=${side}&limit=20&after=${after}`
      const { json, status, text } = await system.call('clearing', `${path}/claims${query}`, { as })
      assert.equal(status, 200, text)
      claims.push(...rowsOf(json['claims']))
      more = json['done'] === false
      after = Number(json['next'])
    }
  }
  return claims
}

/** What a window's rows must come to, added up here from the events between its cuts. */
function expectedNets(moves: readonly Moved[]): Map<string, bigint> {
  const nets = new Map<string, bigint>()
  const add = (region: string, fen: bigint) => nets.set(region, (nets.get(region) ?? 0n) + fen)
  for (const { type, data } of moves) {
    const { obligation } = data
    if (obligation === null) continue
    const owed = type === 'ClaimSettled' ? obligation.owedFen : -obligation.owedFen
    add(obligation.debtor, -owed)
    add(obligation.creditor, owed)
  }
  return nets
}

describe('windows closed under load', () => {
  let numbers: number[] = []

  test('closings at two doors while claims are settled and reversed', async () => {
    const until = AbortSignal.timeout(SECONDS * 1000)
    const [done, closed] = await Promise.all([load(until), closeWindows(until)])
    assert.ok(done.submitted > 500 && done.reversed > 50, JSON.stringify(done))
    await system.stores.quiet()
    numbers = [...closed, await close(system.doors[0] ?? '', 'the last one')]
    await system.stores.quiet()
    assert.ok(numbers.length > SECONDS, `${numbers.length} windows`)
    const dense = numbers.map((_, index) => index + 1)
    assert.deepEqual(
      numbers.toSorted((a, b) => a - b),
      dense,
    )
  })

  test('each settlement and each reversal is in exactly one window', async () => {
    const events = await system.stores.events('clearing')
    const moves = events.filter(isMove)
    const netted = new Map(
      events.flatMap(event =>
        event.type === 'WindowNetted' ? [[event.data.windowNo, event]] : [],
      ),
    ) as Map<number, Recorded<'WindowNetted'>>
    const closed = events.filter(event => event.type === 'WindowClosed')
    assert.equal(closed.length, numbers.length)
    assert.equal(netted.size, numbers.length)
    const store = await system.stores.of('clearing')
    let cut = 0n
    let inWindows = 0
    for (const { data, position } of closed) {
      assert.equal(data.previousCut, cut, 'the windows leave no gap and do not overlap')
      const row = netted.get(data.windowNo)?.data ?? assert.fail(`${data.windowNo} is not netted`)
      assert.deepEqual([row.fromPosition, row.cutPosition], [cut, position])
      const own = moves.filter(move => move.position > data.previousCut && move.position < position)
      inWindows += own.length
      const between = own.filter(move => obligationOf(move) !== null)
      const claims = row.pairs.reduce((sum, pair) => sum + pair.claims, 0)
      assert.equal(claims, between.length, `claims of window ${data.windowNo}`)
      const nets = new Map(row.nets.map(({ regionCode, netFen }) => [regionCode, BigInt(netFen)]))
      assert.deepEqual(new Map([...nets].sort()), new Map([...expectedNets(own)].sort()))
      assert.equal(
        [...nets.values()].reduce((sum, net) => sum + net, 0n),
        0n,
      )
      const again = nettedWindow(data, position, await foldBetween(store, cut, position))
      assert.equal(again.digest, row.digest, 'a rerun gives the same digest')
      cut = position
    }
    assert.equal(inWindows, moves.length)
  })

  test('statements and the claims behind them sum to the nets', async () => {
    const listed = new Set<string>()
    for (const windowNo of numbers) {
      const reply = await system.call('clearing', `/v1/windows/${windowNo}`, { as: CENTRE })
      for (const { regionCode, netFen } of rowsOf(reply.json['nets'])) {
        const as = { role: 'agency', region: String(regionCode) } as const
        const path = `/v1/windows/${windowNo}/statements/${regionCode}`
        const statement = await system.call('clearing', path, { as })
        assert.equal(amounts(rowsOf(statement.json['lines'])), netFen)
        const claims = await drillDown(path, as)
        assert.equal(amounts(claims), netFen, `claims of ${regionCode} in window ${windowNo}`)
        for (const { claimId, position } of claims) listed.add(`${claimId} ${position}`)
      }
    }
    const events = await system.stores.events('clearing')
    const owed = events.filter(event => isMove(event) && obligationOf(event) !== null)
    assert.equal(listed.size, owed.length)
  })

  test('the books hold, and every window is open with the centre for its nets', async () => {
    await assertBooksHold(system)
  })
})
