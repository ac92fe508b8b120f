import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { fen } from '@tongchou/contracts/money.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import { CREDIT_GROUP } from '../consume/account-credit.ts'
import { claimIdFor, PERSON, submittedWith } from '../testing/claims.ts'
import { beijingPack, demoPersonId, eventMessage } from '../testing/demo.ts'
import {
  AGENCY,
  AUDITOR,
  CENTRE,
  createTestClaims,
  OTHER_AGENCY,
  SERVICE,
  type TestClaims,
} from '../testing/service.ts'

const ACCOUNT = `/v1/accounts/${PERSON}`
const NOBODY = `/v1/accounts/${demoPersonId('nobody')}`

/** A person of Beijing with 200 yuan in the account and one stay of 2024. */
async function withAccount(): Promise<TestClaims> {
  const service = await createTestClaims()
  const pack = { ...JSON.parse(beijingPack().pack), effectiveFrom: '2024-01-01' }
  await service.call('POST', '/v1/policies', { body: pack, as: AGENCY })
  const place = { personId: PERSON, regionCode: '110100', scheme: 'employee' } as const
  const money = { creditNo: 'C1', kind: 'openingBalance', amountFen: fen(20_000) } as const
  const data = { ...place, ...money, creditedOn: businessDate('2024-01-01') }
  await service.log.hand(CREDIT_GROUP, [eventMessage({ type: 'AccountCredited', data }, 1)])
  const on = businessDate('2024-06-01')
  await service.submit(submittedWith({ beginOn: on, endOn: on, useAccount: true }))
  return service
}

describe('GET /v1/accounts/{personId}', () => {
  test('tells balance and totals in the names of the demo set', async () => {
    const service = await withAccount()
    const reply = await service.call('GET', ACCOUNT, { as: AGENCY })
    assert.deepEqual(reply.json, {
      personId: PERSON,
      regionCode: '110100',
      year: 2024,
      stays: 1,
      dedIn: 130_000,
      dedOut: 0,
      paidIn: 739_500,
      paidOut: 0,
      burden: 260_500,
      paidCat: 0,
      account: 0,
      years: [2024],
    })
    const other = await service.call('GET', `${ACCOUNT}?year=2023`, { as: SERVICE })
    assert.deepEqual([other.get('year'), other.get('stays')], [2023, 0])
    await service.close()
  })

  test('is for the insured region, its auditors and services alone', async () => {
    const service = await withAccount()
    const status = async (as: typeof AGENCY) => (await service.call('GET', ACCOUNT, { as })).status
    assert.deepEqual(await Promise.all([SERVICE, AUDITOR, AGENCY].map(status)), [200, 200, 200])
    const other = await service.call('GET', ACCOUNT, { as: OTHER_AGENCY })
    assert.deepEqual([other.status, other.kind], [403, 'other-region'])
    const auditor = await service.call('GET', ACCOUNT, { as: { ...AUDITOR, region: '310100' } })
    assert.equal(auditor.kind, 'other-region')
    const hospital = await service.call('GET', ACCOUNT)
    assert.deepEqual([hospital.status, hospital.kind], [403, 'not-allowed'])
    await service.close()
  })

  test('an account that nobody knows is not found; a wrong id and year are named', async () => {
    const service = await createTestClaims()
    const nobody = await service.call('GET', NOBODY, { as: SERVICE })
    assert.deepEqual([nobody.status, nobody.kind], [404, 'unknown-account'])
    const wrong = await service.call('GET', '/v1/accounts/7', { as: SERVICE })
    assert.deepEqual([wrong.status, wrong.get('field')], [400, 'path.personId'])
    const year = await service.call('GET', `${NOBODY}?year=1`, { as: SERVICE })
    assert.deepEqual([year.status, year.get('field')], [400, 'query.year'])
    await service.close()
  })
})

test('GET /v1/accounts lists the region of the token alone', async () => {
  const service = await withAccount()
  await service.project()
  const own = await service.call('GET', '/v1/accounts', { as: AGENCY })
  assert.deepEqual(own.json, {
    accounts: [
      {
        personId: PERSON,
        regionCode: '110100',
        scheme: 'employee',
        balanceFen: 0,
        years: {
          2024: {
            stays: 1,
            'stays.tier3': 1,
            dedInFen: 130_000,
            paidInFen: 739_500,
            burdenFen: 260_500,
            aboveDeductibleFen: 870_000,
            costInFen: 1_000_000,
          },
        },
      },
    ],
    next: null,
  })
  const other = await service.call('GET', '/v1/accounts', { as: OTHER_AGENCY })
  assert.deepEqual(other.json, { accounts: [], next: null })
  const wrong = await service.call('GET', '/v1/accounts?after=x', { as: AGENCY })
  assert.deepEqual([wrong.status, wrong.get('field')], [400, 'query.after'])
  await service.close()
})

describe('POST /v1/accounts/{personId}/years/{year}/closing', () => {
  const close = (service: TestClaims, year: number, as: typeof AGENCY) =>
    service.call('POST', `${ACCOUNT}/years/${year}/closing`, { as })

  test('writes the year down once', async () => {
    const service = await withAccount()
    const before = (await service.events()).length
    assert.equal((await close(service, 2024, AGENCY)).get('paidIn'), 739_500)
    assert.equal((await close(service, 2024, CENTRE)).status, 200)
    const made = (await service.events()).slice(before).map(({ type }) => type)
    assert.deepEqual(made, ['YearClosed'])
    await service.close()
  })

  test('refuses a year that is not over, another region, an unknown account', async () => {
    const service = await withAccount()
    const early = await close(service, 2025, AGENCY)
    assert.deepEqual([early.status, early.kind], [409, 'year-not-over'])
    const other = await close(service, 2024, OTHER_AGENCY)
    assert.deepEqual([other.status, other.kind], [403, 'other-region'])
    const nobody = await service.call('POST', `${NOBODY}/years/2024/closing`, { as: AGENCY })
    assert.deepEqual([nobody.status, nobody.kind], [404, 'unknown-account'])
    await service.close()
  })
})

describe('GET /v1/accounts/{personId}/entitlement', () => {
  test('tells what is left and what used it', async () => {
    const service = await withAccount()
    const reply = await service.call('GET', `${ACCOUNT}/entitlement?on=2024-07-01`, { as: AGENCY })
    assert.equal(reply.status, 200, reply.text)
    const { benefits, claims, credits, insured, claimsOfYear, accountUses } = JSON.parse(reply.text)
    assert.deepEqual(insured, { regionCode: '110100', scheme: 'employee', status: 'active' })
    const [stay] = benefits
    assert.equal(stay.deductibleLeftFen, 65_000)
    assert.equal(stay.layers[0].leftFen, 50_000_000 - 739_500)
    assert.equal(claimsOfYear, 1)
    assert.equal(claims[0].claimId, claimIdFor('1'))
    assert.deepEqual([claims[0].effect.dedInFen, claims[0].accountFen], [130_000, 20_000])
    const { deductible, layers } = stay
    assert.deepEqual([deductible.per, deductible.usedFen], ['stay', 130_000])
    assert.deepEqual(layers[0].counts, ['paidInFen'])
    const [use] = accountUses
    assert.deepEqual([use.claimId, use.amountFen], [claims[0].claimId, 20_000])
    const ids = (await service.events()).map(({ id }) => id)
    assert.ok(ids.includes(claims[0].eventId) && ids.includes(credits[0].eventId))
    await service.close()
  })

  test('of a person without claims is told to the door by region, scheme and status', async () => {
    const service = await withAccount()
    const plain = await service.call('GET', `${NOBODY}/entitlement`, { as: SERVICE })
    assert.deepEqual([plain.get('insured'), plain.get('policy')], [null, null])
    const query = '?on=2025-03-01&region=110100&scheme=employee&status=retired'
    const asked = await service.call('GET', `${NOBODY}/entitlement${query}`, { as: SERVICE })
    const { benefits } = JSON.parse(asked.text)
    const visit = benefits.find(({ kind }: { kind: string }) => kind === 'outpatient')
    assert.equal(visit.deductibleLeftFen, 130_000)
    const agency = await service.call('GET', `${NOBODY}/entitlement`, { as: AGENCY })
    assert.equal(agency.kind, 'unknown-account')
    await service.close()
  })

  test('is refused to another region, also when it is named', async () => {
    const service = await withAccount()
    const other = await service.call('GET', `${ACCOUNT}/entitlement`, { as: OTHER_AGENCY })
    assert.deepEqual([other.status, other.kind], [403, 'other-region'])
    const named = await service.call('GET', `${ACCOUNT}/entitlement?region=310100`, { as: AGENCY })
    assert.equal(named.kind, 'other-region')
    await service.close()
  })
})
