/** Corrections over HTTP: what is read afterwards, and who may. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestContributions } from '../../testing/service.ts'

const AGENCY = { role: 'agency', region: '110100' } as const
const ELSEWHERE = { role: 'agency', region: '310100' } as const
const P01 = { name: 'P01', regionCode: '110100', scheme: 'employee', from: '2020-01-01' } as const
const BILL = {
  ...{ personNo: '1', regionCode: '110100', scheme: 'employee', period: '2024', status: 'active' },
  ...{ age: 33, averageWageFen: 6_000_000, wageFen: 3_000_000, employerNo: 'E1' },
  dueOn: '2024-06-30',
}
const PAID = { receiptNo: 'R1', amountFen: 297_000, paidOn: '2024-06-30' }
const UNDO = { receiptNo: 'R1', reason: 'the bank named another person' }

async function billed() {
  const service = await createTestContributions({ packs: [P01] })
  const post = (path: string, body: object, as: object = AGENCY) =>
    service.call('POST', path, { body, as })
  const get = (path: string) => service.call('GET', path, { as: AGENCY })
  const reply = await post('/v1/bills', BILL)
  assert.equal(reply.status, 201, reply.text)
  return { service, post, get, path: `/v1/bills/${reply.get('billId')}` }
}

const amounts = (rows: unknown) => (rows as { amountFen: number }[]).map(one => one.amountFen)

test('a payment undone stands in the bill, its money is taken back in premiums and credits', async () => {
  const { service, post, get, path } = await billed()
  await post(`${path}/payments`, PAID)
  const undone = await post(`${path}/payments:undo`, UNDO)
  assert.equal(undone.status, 200, undone.text)
  assert.deepEqual(undone.get('payments'), [])
  assert.deepEqual(amounts(undone.get('undone')), [297_000])
  assert.equal((undone.get('owed') as { duesFen: number }).duesFen, 297_000)
  const events = (await service.eventTypes()).length
  assert.equal((await post(`${path}/payments:undo`, UNDO)).text, undone.text)
  assert.equal((await service.eventTypes()).length, events)
  const premiums = await get('/v1/premiums')
  const total = amounts(premiums.get('premiums')).reduce((sum, one) => sum + one, 0)
  assert.deepEqual([amounts(premiums.get('premiums')).length, total], [6, 0])
  const credits = await get('/v1/account-credits')
  assert.deepEqual(amounts(credits.get('credits')).toSorted(), [-18_000, 18_000])
  const [row] = (await get('/v1/bills')).get('bills') as { openFen: number }[]
  assert.equal(row?.openFen, 297_000)
  assert.equal((await post(`${path}/payments`, PAID)).kind, 'payment-undone')
  assert.equal((await post(`${path}/payments`, { ...PAID, receiptNo: 'R2' })).status, 200)
})

test('a bill withdrawn is owed by nobody and makes room for the right one', async () => {
  const { post, get, path } = await billed()
  const withdrawn = await post(`${path}/withdrawals`, { withdrawalNo: 'W1', reason: 'wage typo' })
  assert.equal(withdrawn.status, 200, withdrawn.text)
  assert.equal((withdrawn.get('owed') as { owedFen: number }).owedFen, 0)
  const arrears = await get('/v1/arrears?on=2024-12-31')
  assert.deepEqual(arrears.get('arrears'), [])
  assert.equal((await post('/v1/bills', BILL)).kind, 'bill-withdrawn')
  const right = await post('/v1/bills', { ...BILL, wageFen: 6_000_000 })
  assert.equal(right.status, 201, right.text)
  assert.equal(right.get('withdrawn'), null)
  assert.equal(((await get('/v1/arrears?on=2024-12-31')).get('arrears') as object[]).length, 1)
})

test('a supplement is listed beside its bill and is in arrears from the same day', async () => {
  const { post, get, path } = await billed()
  await post(`${path}/payments`, PAID)
  const finding = { findingNo: 'F1', foundOn: '2025-01-10', wageFen: 6_000_000 }
  const reply = await post(`${path}/supplements`, finding)
  assert.equal(reply.status, 200, reply.text)
  const [more] = reply.get('supplements') as { totalFen: number; baseFen: number }[]
  assert.equal(more?.baseFen, 6_000_000)
  assert.equal((await post(`${path}/supplements`, finding)).text, reply.text)
  const rows = (await get('/v1/bills')).get('bills') as { supplementNo: number }[]
  assert.deepEqual(
    rows.map(({ supplementNo }) => supplementNo),
    [0, 1],
  )
  const late = await get('/v1/arrears?on=2025-02-01')
  const [row] = late.get('arrears') as { supplementNo: number; openFen: number }[]
  assert.deepEqual([row?.supplementNo, row?.openFen], [1, more?.totalFen])
  const paid = { supplementNo: 1, receiptNo: 'R2', amountFen: more?.totalFen, paidOn: '2025-02-01' }
  assert.equal((await post(`${path}/payments`, paid)).status, 200)
  assert.deepEqual((await get('/v1/arrears?on=2025-02-01')).get('arrears'), [])
})

test('nobody corrects the bills of another region', async () => {
  const { service, post, path } = await billed()
  const before = (await service.eventTypes()).length
  const bodies = {
    [`${path}/payments:undo`]: UNDO,
    [`${path}/withdrawals`]: { withdrawalNo: 'W1', reason: 'x' },
    [`${path}/supplements`]: { findingNo: 'F1', foundOn: '2025-01-10', wageFen: 6_000_000 },
  }
  for (const [to, body] of Object.entries(bodies)) {
    assert.equal((await post(to, body, ELSEWHERE)).kind, 'other-region', to)
    assert.equal((await post(to, body, { role: 'auditor' })).kind, 'not-allowed', to)
    assert.equal((await post(to, {})).kind, 'malformed', to)
  }
  assert.equal((await service.eventTypes()).length, before)
})
