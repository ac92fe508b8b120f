import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestService } from '@tongchou/runtime/testing/service.ts'
import { enrollment } from '../app.ts'
import { agency, elsewhere, person } from '../testing/person.ts'

const PATH = '/v1/persons/1/diseases'

function entry(change: object = {}) {
  return {
    registrationNo: 'R1',
    disease: 'M01',
    approvedBy: 'CENTRE-1',
    approvedOn: '2025-01-10',
    validFrom: '2025-01-10',
    validTo: '2025-12-31',
    ...change,
  }
}

async function withPerson() {
  const service = await createTestService(enrollment)
  await service.importLines('/v1/persons:import', [person('1')], agency)
  const register = (change: object = {}, as: object = agency) =>
    service.call('POST', PATH, { body: entry(change), as })
  const end = (endedOn: string, registrationNo = 'R1', as: object = agency) =>
    service.call('POST', `${PATH}/${registrationNo}/end`, { body: { endedOn }, as })
  const told = async () =>
    (await service.call('GET', '/v1/persons/1', { as: agency })).get('diseases')
  return { service, register, end, told }
}

test('a disease is registered once, is read with the person, and ends', async () => {
  const { service, register, end, told } = await withPerson()
  const first = await register()
  assert.equal(first.status, 200, first.text)
  assert.equal((await register()).text, first.text)
  assert.deepEqual(await told(), [entry()])
  assert.equal((await end('2025-06-30')).status, 200)
  assert.equal((await end('2025-06-30')).status, 200)
  assert.deepEqual(await told(), [entry({ validTo: '2025-06-30' })])
  assert.deepEqual((await service.eventTypes()).slice(1), [
    'DiseaseRegistered',
    'DiseaseRegistrationEnded',
  ])
})

test('each rule that is broken has its refusal, and nothing is stored', async () => {
  const { service, register, end } = await withPerson()
  const refused = [
    [await register({ validFrom: '2025-01-09' }), 422, 'valid-before-approval'],
    [await register({ validTo: '2025-01-09' }), 422, 'period-reversed'],
    [await register({ approvedOn: '2098-01-01', validFrom: '2098-01-01', validTo: null }), 422],
    [await register({}, elsewhere), 403, 'other-region'],
    [await register({ disease: 'a;b' }), 400, 'malformed'],
    [await register({}, { role: 'hospital', region: '110100' }), 403, 'not-allowed'],
    [await end('2025-06-30', 'R9'), 404, 'unknown-registration'],
  ] as const
  for (const [reply, status, kind = 'date-in-the-future'] of refused) {
    assert.deepEqual([reply.status, reply.kind], [status, kind], reply.text)
  }
  assert.deepEqual((await service.eventTypes()).slice(1), [])
})

test('a number stands for one disease, an end for one day', async () => {
  const { register, end } = await withPerson()
  await register()
  const others = [
    { disease: 'M02' },
    { approvedBy: 'CENTRE-2' },
    { approvedOn: '2025-01-09' },
    { validFrom: '2025-01-11' },
    { validTo: null },
  ]
  for (const other of others) {
    const reply = await register(other)
    assert.deepEqual([reply.status, reply.kind], [409, 'registration-number-reused'])
  }
  assert.equal((await end('2025-01-09')).kind, 'period-reversed')
  assert.equal((await end('2025-06-30', 'R1', elsewhere)).kind, 'other-region')
  await end('2025-06-30')
  const reply = await end('2025-07-31')
  assert.deepEqual([reply.status, reply.kind], [409, 'registration-already-ended'])
})
