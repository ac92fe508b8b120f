import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestContributions } from '../testing/service.ts'

const agency = { role: 'agency', region: '110100' } as const
const elsewhere = { role: 'agency', region: '310100' } as const

function receipt(receiptNo: string, change: object = {}) {
  return {
    receiptNo,
    regionCode: '110100',
    scheme: 'employee',
    payer: 'employer',
    period: '2025-02',
    amountFen: 1_000_000,
    receivedOn: '2025-03-01',
    ...change,
  }
}

test('a receipt is recorded once, read by its region, and nowhere else', async () => {
  const service = await createTestContributions()
  const send = { body: receipt('R1'), as: agency }
  const first = await service.call('POST', '/v1/premiums', send)
  assert.equal(first.status, 201, first.text)
  assert.equal((await service.call('POST', '/v1/premiums', send)).text, first.text)
  const read = await service.call('GET', '/v1/premiums/R1', { as: agency })
  assert.deepEqual(read.json, receipt('R1', { fund: 'pooled', level: null }))
  const other = await service.call('GET', '/v1/premiums/R1', { as: elsewhere })
  assert.equal(other.kind, 'other-region')
  const none = await service.call('GET', '/v1/premiums/R2', { as: agency })
  assert.equal(none.kind, 'unknown-receipt')
  assert.deepEqual(await service.eventTypes(), ['PremiumReceived'])
})

test('a receipt may name its fund and the level of government that paid', async () => {
  const service = await createTestContributions()
  const told = { payer: 'finance', fund: 'largeAmount', level: 'province' }
  const send = { body: receipt('R1', told), as: agency }
  assert.equal((await service.call('POST', '/v1/premiums', send)).status, 201)
  const read = await service.call('GET', '/v1/premiums/R1', { as: agency })
  assert.deepEqual(read.json, receipt('R1', told))
  const refused = async (change: object) => {
    const body = receipt('R2', change)
    return (await service.call('POST', '/v1/premiums', { body, as: agency })).kind
  }
  assert.equal(await refused({ fund: 'account' }), 'account-is-credited')
  assert.equal(await refused({ level: 'central' }), 'level-without-finance')
  assert.equal(await refused({ payer: 'finance', level: 'town' }), 'malformed')
})

test('an import takes the good and refuses the others each with its reason', async () => {
  const service = await createTestContributions()
  const records = [
    receipt('R1'),
    receipt('R1', { amountFen: 1 }),
    receipt('R2', { amountFen: 0 }),
    receipt('R3', { regionCode: '310100' }),
    receipt('R4', { period: '2025-13' }),
    receipt('R5', { receivedOn: '2025-03-11' }),
    receipt('R6'),
  ]
  for (const _ of [1, 2]) {
    const answers = await service.importLines('/v1/premiums:import', records, agency)
    assert.deepEqual(
      answers.map(({ problem }) => problem?.type.split('/').at(-1)),
      [
        undefined,
        'receipt-number-reused',
        'amount-not-positive',
        'other-region',
        'malformed',
        'date-in-the-future',
        undefined,
      ],
    )
    assert.equal((await service.eventTypes()).length, 2)
  }
})

test('an agency lists the receipts of its own region, page by page', async () => {
  const service = await createTestContributions()
  const records = ['R3', 'R1', 'R2'].map(receiptNo => receipt(receiptNo))
  const other = receipt('Z1', { regionCode: '310100' })
  await service.importLines('/v1/premiums:import', [...records, other], { role: 'centre' })
  const list = async (query: string, as: object) => {
    const page = await service.call('GET', `/v1/premiums?${query}`, { as })
    const rows = page.get('premiums') as { receiptNo: string }[]
    return [...rows.map(({ receiptNo }) => receiptNo), page.get('next')]
  }
  assert.deepEqual(await list('limit=2', agency), ['R1', 'R2', 'R2'])
  assert.deepEqual(await list('limit=2&after=R2', agency), ['R3', null])
  assert.deepEqual(await list('', { role: 'auditor' }), ['R1', 'R2', 'R3', 'Z1', null])
  const foreign = await service.call('GET', '/v1/premiums?regionCode=310100', { as: agency })
  assert.equal(foreign.kind, 'other-region')
})

test('other roles neither read nor write', async () => {
  const service = await createTestContributions()
  for (const role of ['hospital', 'reviewer', 'operator'] as const) {
    const write = await service.call('POST', '/v1/premiums', { body: receipt('R1'), as: { role } })
    assert.equal(write.kind, 'not-allowed')
    const read = await service.call('GET', '/v1/premiums', { as: { role } })
    assert.equal(read.kind, 'not-allowed')
  }
  assert.deepEqual(await service.eventTypes(), [])
})
