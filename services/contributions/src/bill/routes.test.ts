/** Bills of P01 and P04, of P05 with late fees, of P06, P11 and P20, over HTTP. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createTestContributions, type TestPack } from '../testing/service.ts'

const AGENCY = { role: 'agency', region: '110100' } as const
const ELSEWHERE = { role: 'agency', region: '310100' } as const

const P01: TestPack = { name: 'P01', regionCode: '110100', scheme: 'employee', from: '2020-01-01' }
const P04: TestPack = { name: 'P04', regionCode: '110100', scheme: 'resident', from: '2008-01-01' }

function bill(change: object = {}) {
  return {
    personNo: '1101000000000001',
    regionCode: '110100',
    scheme: 'employee',
    period: '2024',
    status: 'active',
    age: 33,
    averageWageFen: 6_000_000,
    wageFen: 3_000_000,
    ...change,
  }
}

const PAID = { receiptNo: 'R1', amountFen: 297_000, paidOn: '2025-01-05' }

async function withP01() {
  const service = await createTestContributions({ packs: [P01, P04] })
  const issue = (change: object = {}, as: object = AGENCY) =>
    service.call('POST', '/v1/bills', { body: bill(change), as })
  const post = (path: string, body: object, as: object = AGENCY) =>
    service.call('POST', path, { body, as })
  const events = async () =>
    (await service.store.readAll(0n, 1000)).map(
      ({ type, stream }) => `${type} ${stream.slice(0, 4)}`,
    )
  return { service, issue, post, events }
}

describe('a bill', () => {
  test('names payer, fund, amount and clause of each part; those paid in add up', async () => {
    const { issue } = await withP01()
    const reply = await issue()
    assert.equal(reply.status, 201, reply.text)
    assert.equal(reply.get('baseFen'), 3_600_000)
    assert.equal(reply.get('totalFen'), 297_000)
    const lines = reply.get('lines') as { part: string }[]
    assert.deepEqual(
      lines.map(({ part }) => part),
      ['employer', 'person', 'largeAmount', 'accountCredit'],
    )
    assert.deepEqual(lines[0], {
      ...{ part: 'employer', payer: 'employer', fund: 'basic', amountFen: 216_000 },
      ...{ clauses: ['P01-R05'], path: 'contribution.dues.0.amount.active' },
    })
  })

  test('is issued once: the same again answers the same, other facts are refused', async () => {
    const { service, issue } = await withP01()
    const first = await issue()
    assert.equal((await issue()).text, first.text)
    assert.deepEqual(await service.eventTypes(), ['BillIssued'])
    const other = await issue({ age: 46, wageFen: 3_600_000, attributes: { civilServant: true } })
    assert.equal(other.kind, 'already-billed')
    assert.deepEqual(other.get('differs'), ['age', 'wageFen', 'attributes'])
    assert.equal((await issue({ period: '2023' })).status, 201)
  })

  test('is refused where the policy does not say what is owed, with the reason', async () => {
    const { service, issue } = await withP01()
    const retired = { status: 'retired', age: 62, attributes: { civilServant: true } }
    const pension = await issue(retired)
    assert.equal(pension.status, 422)
    assert.equal(pension.kind, 'no-policy')
    assert.equal(pension.get('reason'), 'the pension of the retired civil servant')
    const wages = await issue({ wageFen: null })
    assert.equal(wages.get('path'), 'contribution.base')
    const split = { scheme: 'resident', period: '2009', status: 'adult' }
    const resident = await issue({ ...split, attributes: { category: 'otherAdult' } })
    assert.deepEqual(resident.get('clauses'), ['P04-R05'])
    assert.equal((await issue({ period: '2019' })).get('packId'), null)
    assert.equal((await issue({ period: '2024-01' })).kind, 'wrong-period')
    assert.equal((await issue({ period: '2024-13' })).kind, 'malformed')
    assert.equal((await issue({}, ELSEWHERE)).kind, 'other-region')
    assert.equal((await issue({}, { role: 'hospital' })).kind, 'not-allowed')
    assert.deepEqual(await service.eventTypes(), [])
  })

  test('a retiree needs no wages', async () => {
    const { issue } = await withP01()
    const reply = await issue({ status: 'retired', age: 62, averageWageFen: null, wageFen: null })
    assert.equal(reply.get('totalFen'), 89_000)
  })

  test('an import takes the good lines and refuses the others, and may be sent again', async () => {
    const { service } = await withP01()
    const lines = [
      bill({ employerNo: 'E1' }),
      bill({ personNo: '2', status: 'child' }),
      bill({ personNo: '3', regionCode: '310100' }),
      bill({ personNo: '4', employerNo: 'E1' }),
      bill({ personNo: '4', employerNo: 'E2' }),
    ]
    for (const _ of [1, 2]) {
      const answers = await service.importLines('/v1/bills:import', lines, AGENCY)
      const kinds = answers.map(({ problem }) => problem?.type.split('/').at(-1))
      const wanted = [undefined, 'no-policy', 'other-region', undefined, 'already-billed']
      assert.deepEqual(kinds, wanted)
    }
    assert.deepEqual(await service.eventTypes(), ['BillIssued', 'BillIssued'])
    const list = await service.call('GET', '/v1/bills?employerNo=E1&period=2024', { as: AGENCY })
    assert.equal((list.get('bills') as object[]).length, 2)
    const one = await service.call('GET', '/v1/bills?personNo=4', { as: AGENCY })
    assert.equal((one.get('bills') as object[]).length, 1)
    const foreign = await service.call('GET', '/v1/bills?regionCode=110100', { as: ELSEWHERE })
    assert.equal(foreign.kind, 'other-region')
  })
})

describe('a payment', () => {
  test('books what came, and no fen more: premiums less what the account gets', async () => {
    const { service, issue, post, events } = await withP01()
    const billId = (await issue()).get('billId')
    const paid = await post(`/v1/bills/${billId}/payments`, PAID)
    assert.equal(paid.status, 200, paid.text)
    assert.equal((paid.get('owed') as { owedFen: number }).owedFen, 0)
    assert.deepEqual(await events(), [
      'BillIssued bill',
      'BillPaid bill',
      ...Array.from({ length: 3 }, () => 'PremiumReceived bill'),
      'AccountCredited bill',
    ])
    const premiums = await service.call('GET', '/v1/premiums', { as: AGENCY })
    assert.deepEqual(
      (premiums.get('premiums') as { receiptNo: string; amountFen: number }[])
        .map(({ receiptNo, amountFen }) => [receiptNo.split(':').slice(1).join(), amountFen])
        .sort(),
      [
        ['employer,pooled', 202_500],
        ['person,largeAmount', 9_000],
        ['person,pooled', 67_500],
      ],
    )
    const credits = await service.call('GET', '/v1/account-credits', { as: AGENCY })
    const [credit] = credits.get('credits') as { creditNo: string; amountFen: number }[]
    assert.equal(credit?.amountFen, 18_000)
    const path = `/v1/account-credits/${credit?.creditNo}`
    const one = await service.call('GET', path, { as: AGENCY })
    assert.equal(one.get('amountFen'), 18_000, one.text)
    const premium = await service.call('GET', `/v1/premiums/${billId}:person:pooled`, {
      as: AGENCY,
    })
    assert.equal(premium.get('amountFen'), 67_500, premium.text)
    const foreign = await service.call('GET', path, { as: ELSEWHERE })
    assert.equal(foreign.kind, 'other-region')
  })

  test('may be made by each payer alone: the account gets its share of each', async () => {
    const { service, issue, post } = await withP01()
    const path = `/v1/bills/${(await issue()).get('billId')}/payments`
    const person = { receiptNo: 'R1', payers: ['person'], amountFen: 81_000, paidOn: '2025-01-05' }
    const employer = { ...person, receiptNo: 'R2', payers: ['employer'], amountFen: 216_000 }
    assert.equal((await post(path, person)).status, 200)
    assert.equal((await post(path, employer)).status, 200)
    const credits = await service.call('GET', '/v1/account-credits', { as: AGENCY })
    const amounts = (credits.get('credits') as { amountFen: number }[]).map(one => one.amountFen)
    assert.deepEqual(amounts.sort(), [13_500, 4_500].sort())
  })

  test('reported twice is booked once; under its number nothing else is taken', async () => {
    const { service, issue, post } = await withP01()
    const path = `/v1/bills/${(await issue()).get('billId')}/payments`
    const first = await post(path, PAID)
    assert.equal((await post(path, PAID)).text, first.text)
    assert.equal((await service.eventTypes()).length, 6)
    const other = await post(path, { ...PAID, amountFen: 1, paidOn: '2025-01-06' })
    assert.equal(other.kind, 'receipt-number-reused')
    assert.deepEqual(other.get('differs'), ['amountFen', 'paidOn'])
    const twice = await post(path, { ...PAID, receiptNo: 'R2' })
    assert.equal(twice.kind, 'already-paid')
    assert.equal((await service.eventTypes()).length, 6)
  })

  test('of another amount, of a stranger, of tomorrow or from elsewhere is refused', async () => {
    const { service, issue, post } = await withP01()
    const path = `/v1/bills/${(await issue()).get('billId')}/payments`
    const less = await post(path, { ...PAID, amountFen: 296_999 })
    assert.equal(less.kind, 'amount-not-owed')
    assert.equal(less.get('owedFen'), 297_000)
    assert.equal((await post(path, { ...PAID, payers: ['finance'] })).kind, 'payer-not-billed')
    assert.equal((await post(path, { ...PAID, payers: ['basicFund'] })).kind, 'payer-not-billed')
    assert.equal((await post(path, { ...PAID, paidOn: '2025-03-11' })).kind, 'date-in-the-future')
    assert.equal((await post(path, PAID, ELSEWHERE)).kind, 'other-region')
    const nowhere = '/v1/bills/00000000-0000-5000-8000-000000000000/payments'
    assert.equal((await post(nowhere, PAID)).kind, 'unknown-bill')
    assert.deepEqual(await service.eventTypes(), ['BillIssued'])
  })

  test('a bill is read by its own region alone', async () => {
    const { service, issue } = await withP01()
    const path = `/v1/bills/${(await issue()).get('billId')}`
    assert.equal((await service.call('GET', path, { as: AGENCY })).get('totalFen'), 297_000)
    assert.equal((await service.call('GET', path, { as: ELSEWHERE })).kind, 'other-region')
    assert.equal(
      (await service.call('GET', path, { as: { role: 'hospital' } })).kind,
      'not-allowed',
    )
  })
})
