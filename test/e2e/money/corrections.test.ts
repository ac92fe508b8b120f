/**
 * What was wrong is put right from the bill to the books and the account: a payment undone, a bill
 * withdrawn, a back payment after a finding.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { personIdOf } from '@tongchou/contracts/id.ts'
import { assertBooksHold, balancesOf } from '../system/books.ts'
import { isObject, type JsonObject } from '../system/http.ts'
import { startSystem } from '../system/system.ts'
import { CENTRE, personKeyOf, SERVICE } from '../system/world.ts'

const P01 = new URL('../../../contracts/policies/packs/P01.json', import.meta.url)
const REGION = '420200'
const BILL = {
  ...{ personNo: 'CORRECTED1', regionCode: REGION, scheme: 'employee', period: '2024' },
  ...{ status: 'active', age: 33, averageWageFen: 6_000_000, wageFen: 3_000_000 },
  ...{ dueOn: '2024-06-30', employerNo: 'UNIT-1' },
}

const system = await startSystem({ after })
const pack = JSON.parse(readFileSync(P01, 'utf8'))
const policy = { pack, regionCode: REGION, effectiveFrom: '2020-01-01' }
const published = await system.call('claims', '/v1/policies', { as: CENTRE, body: policy })
assert.equal(published.status, 200, published.text)

async function post(path: string, body: JsonObject): Promise<JsonObject> {
  const reply = await system.call('contributions', path, { as: CENTRE, body })
  assert.ok(reply.status < 300, reply.text)
  return reply.json
}

/** Every account of the region's books that is not 0. */
async function books(): Promise<Readonly<Record<string, number>>> {
  await system.stores.quiet()
  const all = Object.entries(await balancesOf(system))
  return Object.fromEntries(all.filter(([name, fen]) => name.startsWith(REGION) && fen !== 0))
}

async function accountFen(): Promise<unknown> {
  const path = `/v1/accounts/${personIdOf(personKeyOf(system), BILL.personNo)}?year=2025`
  return (await system.call('claims', path, { as: SERVICE })).json['account']
}

test('undone, withdrawn, billed anew and billed more: books and account follow to the fen', async () => {
  const bill = `/v1/bills/${(await post('/v1/bills', BILL))['billId']}`
  const before = await books()
  const paid = { receiptNo: 'B1', amountFen: 297_000, paidOn: '2024-06-30' }
  await post(`${bill}/payments`, paid)
  await system.stores.quiet()
  assert.equal(await accountFen(), 18_000)

  const undo = { receiptNo: 'B1', reason: 'another person paid' }
  await post(`${bill}/payments:undo`, undo)
  await post(`${bill}/payments:undo`, undo)
  assert.deepEqual(await books(), before)
  assert.equal(await accountFen(), 0)

  await post(`${bill}/withdrawals`, { withdrawalNo: 'W1', reason: 'wage of another person' })
  const right = await post('/v1/bills', { ...BILL, wageFen: 4_000_000 })
  const rightFen = Number(right['totalFen'])
  await post(`${bill}/payments`, { ...paid, receiptNo: 'B2', amountFen: rightFen })

  const finding = { findingNo: 'A-1', foundOn: '2024-09-01', wageFen: 6_000_000 }
  const found = await post(`${bill}/supplements`, finding)
  const [more] = found['supplements'] as JsonObject[]
  assert.ok(isObject(more))
  const late = `/v1/arrears?regionCode=${REGION}&on=2024-09-02`
  const { json } = await system.call('contributions', late, { as: CENTRE })
  assert.equal((json['arrears'] as JsonObject[])[0]?.['openFen'], more['totalFen'])
  const moreFen = Number(more['totalFen'])
  const back = { supplementNo: 1, receiptNo: 'B3', amountFen: moreFen, paidOn: '2024-09-02' }
  await post(`${bill}/payments`, back)

  const moved = Object.entries(await books())
  const bank = moved.filter(([name]) => name.includes(' 1003 '))
  assert.ok(bank.length >= 3, JSON.stringify(moved))
  const inBank = bank.reduce((sum, [, fen]) => sum + fen, 0)
  assert.equal(inBank, rightFen + moreFen)
  assert.equal(await accountFen(), 30_000, 'half a percent of the base of 6,000,000')
  const owed = rightFen + moreFen
  const all = { dueFen: owed, receivedFen: owed, receivableFen: 0 }
  const read = async (path: string) =>
    (await system.call('contributions', path, { as: CENTRE })).json
  const rate = await read(`/v1/collection-rate?regionCode=${REGION}&on=2024-09-02`)
  assert.deepEqual(rate, {
    regionCode: REGION,
    on: '2024-09-02',
    ...all,
    rateBp: 10_000,
    reached: true,
  })
  const dayBefore = await read(`/v1/collection-rate?regionCode=${REGION}&on=2024-09-01`)
  assert.deepEqual([dayBefore['receivableFen'], dayBefore['reached']], [moreFen, false])
  const { dues } = await read(`/v1/employer-dues?regionCode=${REGION}`)
  assert.deepEqual(dues, [{ employerNo: 'UNIT-1', period: '2024', ...all }])
  await assertBooksHold(system)
})
