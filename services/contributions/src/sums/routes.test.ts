/** Subsidies on a day, the rate, employers page by page; what is taken back is in no sum. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestContributions, type TestPack } from '../testing/service.ts'

const AGENCY = { role: 'agency', region: '110100' } as const
const ELSEWHERE = { role: 'agency', region: '310100' } as const
const P01: TestPack = { name: 'P01', regionCode: '110100', scheme: 'employee', from: '2020-01-01' }
const P20: TestPack = { name: 'P20', regionCode: '110100', scheme: 'resident', from: '2010-01-01' }

async function open() {
  const service = await createTestContributions({ packs: [P01, P20] })
  const post = async (path: string, body: object) => {
    const reply = await service.call('POST', path, { body, as: AGENCY })
    assert.ok(reply.status < 300, reply.text)
    return reply
  }
  const get = (path: string, as: object = AGENCY) => service.call('GET', path, { as })
  const bill = async (change: object) => {
    const place = { regionCode: '110100', scheme: 'employee', period: '2024', status: 'active' }
    const wages = { age: 33, averageWageFen: 6_000_000, wageFen: 3_000_000 }
    const body = { ...place, ...wages, dueOn: '2024-06-30', ...change }
    return `/v1/bills/${(await post('/v1/bills', body)).get('billId')}`
  }
  const pay = (path: string, amountFen: number, change: object = {}) =>
    post(`${path}/payments`, { receiptNo: 'R1', amountFen, paidOn: '2024-07-10', ...change })
  return { service, post, get, bill, pay }
}

type Sums = { level?: string; dueFen: number; receivedFen: number; receivableFen: number }

test('what each level owes is due less received on any day', async () => {
  const { get, bill, pay } = await open()
  const given = { premiumFen: 30_000 }
  const place = { scheme: 'resident', period: '2012', status: 'adult', dueOn: '2012-01-31' }
  const attributes = { category: 'general' }
  const facts = { personNo: '1', ...place, given, attributes, wageFen: null, averageWageFen: null }
  const path = await bill(facts)
  const one = await get(path)
  const lines = one.get('lines') as { payer: string; amountFen: number }[]
  const central = lines.find(({ payer }) => payer === 'central')?.amountFen ?? 0
  assert.ok(central > 0)
  await pay(path, central, { payers: ['central'], paidOn: '2012-03-01' })
  const on = async (day: string) => {
    const reply = await get(`/v1/subsidies?regionCode=110100&on=${day}`)
    assert.equal(reply.status, 200, reply.text)
    const rows = reply.get('subsidies') as Sums[]
    return rows.find(({ level }) => level === 'central')
  }
  assert.equal(await on('2012-01-30'), undefined)
  assert.equal((await on('2012-01-31'))?.receivableFen, central)
  assert.equal((await on('2012-02-29'))?.receivableFen, central)
  assert.deepEqual(await on('2012-03-01'), {
    ...{ scheme: 'resident', level: 'central' },
    ...{ dueFen: central, receivedFen: central, receivableFen: 0 },
  })
  const other = await get('/v1/subsidies?regionCode=110100', ELSEWHERE)
  assert.equal(other.kind, 'other-region')
})

test('the collection rate is received ÷ due, exactly; what is undone or withdrawn is not in it', async () => {
  const { post, get, bill, pay } = await open()
  const rate = async (on: string) => {
    const { json } = await get(`/v1/collection-rate?regionCode=110100&on=${on}`)
    return [json['dueFen'], json['receivedFen'], json['rateBp'], json['reached']]
  }
  assert.deepEqual(await rate('2024-12-31'), [0, 0, null, true])
  const one = await bill({ personNo: '1' })
  const two = await bill({ personNo: '2' })
  await pay(one, 297_000, { paidOn: '2024-05-01' })
  assert.deepEqual(await rate('2024-06-29'), [0, 0, null, true], 'before it is due')
  assert.deepEqual(await rate('2024-06-30'), [594_000, 297_000, 5_000, false])
  await pay(two, 297_000)
  assert.deepEqual(await rate('2024-07-10'), [594_000, 594_000, 10_000, true])
  await post(`${two}/payments:undo`, { receiptNo: 'R1', reason: 'x' })
  assert.deepEqual(await rate('2024-07-10'), [594_000, 297_000, 5_000, false])
  await post(`${two}/withdrawals`, { withdrawalNo: 'W1', reason: 'x' })
  assert.deepEqual(await rate('2024-07-10'), [297_000, 297_000, 10_000, true])
})

test('employers are listed with what is billed less paid, page by page', async () => {
  const { get, bill, pay } = await open()
  for (const [index, employerNo] of ['E1', 'E1', 'E1', 'E2', 'E3'].entries()) {
    const path = await bill({ personNo: `P${index}`, employerNo })
    if (index < 2) await pay(path, 297_000)
  }
  const list = async (query: string) => {
    const reply = await get(`/v1/employer-dues?regionCode=110100&${query}`)
    const rows = reply.get('dues') as (Sums & { employerNo: string })[]
    return [rows.map(({ employerNo, receivableFen }) => `${employerNo} ${receivableFen}`), reply]
  }
  const [first, page] = await list('limit=2')
  assert.deepEqual(first, ['E1 297000', 'E2 297000'])
  const next = (page as Awaited<ReturnType<typeof get>>).get('next')
  const [rest, last] = await list(`limit=2&after=${next}`)
  assert.deepEqual(rest, ['E3 297000'])
  assert.equal((last as Awaited<ReturnType<typeof get>>).get('next'), null)
  assert.deepEqual((await list('employerNo=E1&period=2024'))[0], ['E1 297000'])
  const other = await get('/v1/employer-dues?regionCode=110100', ELSEWHERE)
  assert.equal(other.kind, 'other-region')
})
