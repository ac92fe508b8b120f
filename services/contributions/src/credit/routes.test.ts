import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestContributions } from '../testing/service.ts'

const agency = { role: 'agency', region: '110100' } as const
const elsewhere = { role: 'agency', region: '310100' } as const

function credit(creditNo: string, change: object = {}) {
  return {
    creditNo,
    personNo: '1101000000000001',
    amountFen: 92_077,
    kind: 'openingBalance',
    creditedOn: '2025-01-01',
    regionCode: '110100',
    scheme: 'employee',
    ...change,
  }
}

test('a credit is recorded once, without the number of the person', async () => {
  const service = await createTestContributions()
  const send = { body: credit('C1'), as: agency }
  const first = await service.call('POST', '/v1/account-credits', send)
  assert.equal(first.status, 201, first.text)
  assert.equal((await service.call('POST', '/v1/account-credits', send)).text, first.text)
  const [event, ...others] = await service.store.readAll(0n, 10)
  assert.ok(event)
  assert.deepEqual(others, [])
  assert.equal(event.data.includes('1101000000000001'), false)
  const read = await service.call('GET', '/v1/account-credits/C1', { as: agency })
  const { personNo: _, ...rest } = credit('C1')
  assert.deepEqual(read.json, { ...rest, personId: first.get('personId') })
  const other = await service.call('GET', '/v1/account-credits/C1', { as: elsewhere })
  assert.equal(other.kind, 'other-region')
  const none = await service.call('GET', '/v1/account-credits/C2', { as: agency })
  assert.equal(none.kind, 'unknown-credit')
})

test('an import of opening balances takes the good and refuses the others', async () => {
  const service = await createTestContributions()
  const records = [
    credit('C1'),
    credit('C1', { personNo: '2' }),
    credit('C2', { amountFen: 0 }),
    credit('C3', { amountFen: -5 }),
    credit('C4', { regionCode: '310100' }),
    credit('C5', { creditedOn: '2025-03-11' }),
    credit('C6', { personNo: '2' }),
  ]
  for (const _ of [1, 2]) {
    const answers = await service.importLines('/v1/account-credits:import', records, agency)
    assert.deepEqual(
      answers.map(({ problem }) => problem?.type.split('/').at(-1)),
      [
        undefined,
        'credit-number-reused',
        'amount-not-positive',
        'malformed',
        'other-region',
        'date-in-the-future',
        undefined,
      ],
    )
    assert.equal((await service.eventTypes()).length, 2)
  }
})

test('credits are listed by region and by person', async () => {
  const service = await createTestContributions()
  const records = [
    credit('C1'),
    credit('C2', { personNo: '2' }),
    credit('C3', { regionCode: '310100' }),
  ]
  await service.importLines('/v1/account-credits:import', records, { role: 'centre' })
  const list = async (query: string, as: object) => {
    const page = await service.call('GET', `/v1/account-credits?${query}`, { as })
    return (page.get('credits') as { creditNo: string }[]).map(({ creditNo }) => creditNo)
  }
  assert.deepEqual(await list('', agency), ['C1', 'C2'])
  assert.deepEqual(await list('personNo=2', agency), ['C2'])
  assert.deepEqual(await list('personNo=1101000000000001', { role: 'centre' }), ['C1', 'C3'])
  assert.deepEqual(await list('personNo=1101000000000001', elsewhere), ['C3'])
})

test('other roles neither read nor write', async () => {
  const service = await createTestContributions()
  const url = '/v1/account-credits'
  for (const role of ['hospital', 'reviewer', 'operator'] as const) {
    const write = await service.call('POST', url, { body: credit('C1'), as: { role } })
    assert.equal(write.kind, 'not-allowed')
    assert.equal((await service.call('GET', url, { as: { role } })).kind, 'not-allowed')
  }
  const foreign = await service.call('POST', url, { body: credit('C1'), as: elsewhere })
  assert.equal(foreign.kind, 'other-region')
  assert.deepEqual(await service.eventTypes(), [])
})
