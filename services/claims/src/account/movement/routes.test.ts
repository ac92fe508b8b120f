/** The doors of account money over HTTP: who may, what is answered, what is listed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fen } from '@tongchou/contracts/money.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import P03 from '../../../../../contracts/policies/packs/P03-employee.json' with { type: 'json' }
import { CREDIT_GROUP } from '../../consume/account-credit.ts'
import { PERSON } from '../../testing/claims.ts'
import { eventMessage } from '../../testing/demo.ts'
import {
  AGENCY,
  AUDITOR,
  CENTRE,
  createTestClaims,
  OTHER_AGENCY,
  type TestClaims,
} from '../../testing/service.ts'

const ACCOUNT = `/v1/accounts/${PERSON}`
const CHECK = { movementNo: 'M1', purpose: 'healthCheck', payee: 'H1', amountFen: 300 }

/** Under P03, with 10,005 fen. */
async function withAccount(): Promise<TestClaims> {
  const service = await createTestClaims()
  const body = { pack: P03, regionCode: '110100', effectiveFrom: '2024-01-01' }
  const reply = await service.call('POST', '/v1/policies', { body, as: AGENCY })
  assert.equal(reply.status, 200, reply.text)
  const place = { personId: PERSON, regionCode: '110100', scheme: 'employee' } as const
  const money = { creditNo: 'C1', kind: 'monthly', amountFen: fen(10_005) } as const
  const data = { ...place, ...money, creditedOn: businessDate('2025-03-01') }
  await service.log.hand(CREDIT_GROUP, [eventMessage({ type: 'AccountCredited', data }, 1)])
  return service
}

test('each door moves money once and answers the same when asked again', async () => {
  const service = await withAccount()
  const bodies = {
    relatives: { relativeNo: 'CHILD1', relation: 'child' },
    payments: { ...CHECK, relativeNo: 'CHILD1' },
    'card-transfers': { movementNo: 'M2', creditNo: 'C1' },
    'region-transfers': { movementNo: 'M3', toRegion: '310100' },
    inheritances: { movementNo: 'M4', heirNo: null },
  }
  for (const [door, body] of Object.entries(bodies)) {
    const ask = () => service.call('POST', `${ACCOUNT}/${door}`, { body, as: CENTRE })
    const first = await ask()
    assert.equal(first.status, 200, `${door}: ${first.text}`)
    const { length } = await service.events()
    assert.equal((await ask()).text, first.text, door)
    assert.equal((await service.events()).length, length, door)
  }
  const list = await service.call('GET', `${ACCOUNT}/movements?limit=3`, { as: OTHER_AGENCY })
  const rows = list.get('movements') as { kind: string; amountFen: number; balanceFen: number }[]
  assert.deepEqual(
    rows.map(({ kind, amountFen, balanceFen }) => [kind, amountFen, balanceFen]),
    [
      ['payment', 300, 9_705],
      ['card', 7_004, 2_701],
      ['transfer', 2_701, 2_701],
    ],
  )
  const rest = await service.call('GET', `${ACCOUNT}/movements?limit=3&after=${list.get('next')}`, {
    as: OTHER_AGENCY,
  })
  const [last] = rest.get('movements') as { kind: string; balanceFen: number }[]
  assert.deepEqual([last?.kind, last?.balanceFen, rest.get('next')], ['pooledFund', 0, null])
  await service.project()
  const accounts = await service.call('GET', '/v1/accounts', { as: OTHER_AGENCY })
  const [row] = accounts.get('accounts') as { regionCode: string; balanceFen: number }[]
  assert.deepEqual([row?.regionCode, row?.balanceFen], ['310100', 0])
  await service.close()
})

test('what the policy, the account or the region forbids is a problem, and nothing is stored', async () => {
  const service = await withAccount()
  const { length } = await service.events()
  const kind = async (door: string, body: object, as: object = AGENCY) =>
    (await service.call('POST', `${ACCOUNT}/${door}`, { body, as })).kind
  assert.equal(await kind('withdrawals', { movementNo: 'M1' }), 'withdrawal-not-allowed')
  assert.equal(await kind('payments', { ...CHECK, purpose: 'vaccines' }), 'no-policy')
  assert.equal(await kind('payments', { ...CHECK, amountFen: 10_006 }), 'balance-too-low')
  assert.equal(await kind('payments', { ...CHECK, relativeNo: 'CHILD1' }), 'not-a-relative')
  assert.equal(await kind('payments', { ...CHECK, purpose: 'holiday' }), 'malformed')
  assert.equal(await kind('card-transfers', { movementNo: 'M1', creditNo: 'C9' }), 'unknown-credit')
  assert.equal(await kind('payments', CHECK, OTHER_AGENCY), 'other-region')
  assert.equal(await kind('payments', CHECK, AUDITOR), 'not-allowed')
  const list = await service.call('GET', `${ACCOUNT}/movements`, { as: OTHER_AGENCY })
  assert.equal(list.kind, 'other-region')
  assert.equal((await service.events()).length, length)
  await service.close()
})
