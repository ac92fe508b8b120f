import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestService } from '@tongchou/runtime/testing/service.ts'
import { enrollment } from '../app.ts'
import { agency, elsewhere, person } from '../testing/person.ts'

const further = {
  regionCode: '310100',
  scheme: 'resident',
  status: 'adult',
  coveredFrom: '2025-02-01',
}

async function enrolled() {
  const service = await createTestService(enrollment)
  await service.call('POST', '/v1/persons', { body: person('42'), as: agency })
  return service
}

test('coverage of a day tells period, status and the filings that hold', async () => {
  const service = await enrolled()
  const filing = {
    filingNo: 'F1',
    personNo: '42',
    kind: 'referral',
    treatmentRegion: '120100',
    filedOn: '2025-01-10',
    validFrom: '2025-01-10',
    validTo: '2025-01-20',
  }
  await service.call('POST', '/v1/filings', { body: filing, as: agency })
  await service.call('POST', '/v1/persons/42/status-changes', {
    body: { on: '2025-01-15', status: 'retired' },
    as: agency,
  })
  const day = (on: string) => service.call('GET', `/v1/persons/42/coverage${on}`, { as: agency })
  const before = await day('?on=2025-01-14')
  assert.equal(before.get('covered'), true)
  assert.equal(before.get('status'), 'active')
  assert.equal((before.get('filings') as unknown[]).length, 1)
  const today = await day('')
  assert.equal(today.get('on'), '2025-03-10')
  assert.equal(today.get('status'), 'retired')
  assert.deepEqual(today.get('filings'), [])
  const earlier = await day('?on=2019-12-31')
  assert.deepEqual(
    [earlier.get('covered'), earlier.get('period'), earlier.get('status')],
    [false, null, null],
  )
})

test('a person moves: the old region ends coverage, the new one takes them over', async () => {
  const service = await enrolled()
  const end = { body: { coveredTo: '2025-01-31' }, as: agency }
  assert.equal((await service.call('POST', '/v1/persons/42/coverage-ends', end)).status, 200)
  const early = await service.call('POST', '/v1/persons/42/coverage', {
    body: { ...further, coveredFrom: '2025-01-31' },
    as: elsewhere,
  })
  assert.equal(early.kind, 'coverage-overlaps')
  assert.equal(early.get('coveredTo'), '2025-01-31')
  const begin = { body: { ...further, premiumPaidOn: '2025-01-20' }, as: elsewhere }
  for (const _ of [1, 2]) {
    assert.equal((await service.call('POST', '/v1/persons/42/coverage', begin)).status, 201)
  }
  assert.deepEqual(await service.eventTypes(), [
    'PersonEnrolled',
    'CoverageEnded',
    'CoverageResumed',
  ])
  const read = await service.call('GET', '/v1/persons/42', { as: elsewhere })
  const paid = (read.get('periods') as { premiumPaidOn?: string }[]).map(of => of.premiumPaidOn)
  assert.deepEqual(paid, [undefined, '2025-01-20'])
  assert.equal((await service.call('GET', '/v1/persons/42', { as: agency })).kind, 'other-region')
})

test('an agency begins coverage in its own region alone', async () => {
  const service = await enrolled()
  const reply = await service.call('POST', '/v1/persons/42/coverage', { body: further, as: agency })
  assert.equal(reply.kind, 'other-region')
})

test('nobody unknown is changed', async () => {
  const service = await enrolled()
  const reply = await service.call('POST', '/v1/persons/43/coverage-ends', {
    body: { coveredTo: '2025-01-31' },
    as: agency,
  })
  assert.equal(reply.status, 404)
  assert.equal(reply.kind, 'unknown-person')
})

test('a day that is none is refused in a query', async () => {
  const service = await enrolled()
  const reply = await service.call('GET', '/v1/persons/42/coverage?on=2025-02-30', { as: agency })
  assert.equal(reply.status, 400)
  assert.equal(reply.get('field'), 'query.on')
})
