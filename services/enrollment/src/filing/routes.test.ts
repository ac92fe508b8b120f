import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestService } from '@tongchou/runtime/testing/service.ts'
import { enrollment } from '../app.ts'
import { agency, elsewhere, person } from '../testing/person.ts'

const treating = { role: 'agency', region: '120100' } as const

function filing(filingNo: string, personNo = '1', change: object = {}) {
  return {
    filingNo,
    personNo,
    kind: 'referral',
    treatmentRegion: '120100',
    filedOn: '2025-01-10',
    validFrom: '2025-01-05',
    validTo: '2025-03-05',
    ...change,
  }
}

async function withPersons() {
  const service = await createTestService(enrollment)
  await service.importLines('/v1/persons:import', [person('1'), person('2')], agency)
  return service
}

test('a filing is made once, and read by the insured and the treating region', async () => {
  const service = await withPersons()
  const send = { body: filing('F1'), as: agency }
  const first = await service.call('POST', '/v1/filings', send)
  assert.equal(first.status, 201, first.text)
  assert.equal((await service.call('POST', '/v1/filings', send)).text, first.text)
  assert.deepEqual((await service.eventTypes()).slice(2), ['FilingNumberTaken', 'FilingMade'])
  for (const as of [agency, treating]) {
    const read = await service.call('GET', '/v1/filings/F1', { as })
    assert.equal(read.get('validTo'), '2025-03-05')
    assert.equal(read.get('cancelledOn'), null)
  }
  const other = await service.call('GET', '/v1/filings/F1', { as: elsewhere })
  assert.equal(other.kind, 'other-region')
})

test('the number of one person is never another person’s', async () => {
  const service = await withPersons()
  await service.call('POST', '/v1/filings', { body: filing('F1', '1'), as: agency })
  const reply = await service.call('POST', '/v1/filings', { body: filing('F1', '2'), as: agency })
  assert.equal(reply.status, 409)
  assert.equal(reply.kind, 'filing-number-reused')
})

test('a refused filing takes no number', async () => {
  const service = await withPersons()
  const bad = { body: filing('F1', '1', { validTo: '2025-01-04' }), as: agency }
  assert.equal((await service.call('POST', '/v1/filings', bad)).kind, 'period-reversed')
  const foreign = { body: filing('F1', '1'), as: elsewhere }
  assert.equal((await service.call('POST', '/v1/filings', foreign)).kind, 'other-region')
  const good = { body: filing('F1', '2'), as: agency }
  assert.equal((await service.call('POST', '/v1/filings', good)).status, 201)
})

test('a number taken before a crash is still its person’s to use', async () => {
  const service = await withPersons()
  await service.call('POST', '/v1/filings', { body: filing('F1'), as: agency })
  const events = await service.store.readAll(0n, 10)
  const crashed = await withPersons()
  const taken = events.find(({ type }) => type === 'FilingNumberTaken')
  assert.ok(taken)
  const { stream, hash } = taken
  const expected = { version: 0, hash: Buffer.alloc(32) }
  await crashed.store.append([{ stream, expected, events: [taken], hashes: [hash] }])
  const reply = await crashed.call('POST', '/v1/filings', { body: filing('F1'), as: agency })
  assert.equal(reply.status, 201, reply.text)
  assert.equal((await crashed.eventTypes()).at(-1), 'FilingMade')
})

test('a cancellation finds the person by the number, and only once', async () => {
  const service = await withPersons()
  await service.call('POST', '/v1/filings', { body: filing('F1'), as: agency })
  const cancel = (cancelledOn: string, as: object = agency) =>
    service.call('POST', '/v1/filings/F1/cancellation', { body: { cancelledOn }, as })
  assert.equal((await cancel('2025-02-01', treating)).kind, 'other-region')
  assert.equal((await cancel('2025-02-01')).status, 200)
  assert.equal((await cancel('2025-02-01')).status, 200)
  const twice = await cancel('2025-02-02')
  assert.equal(twice.kind, 'filing-already-cancelled')
  assert.equal(twice.get('cancelledOn'), '2025-02-01')
  const read = await service.call('GET', '/v1/filings/F1', { as: agency })
  assert.equal(read.get('cancelledOn'), '2025-02-01')
  const none = await service.call('POST', '/v1/filings/F9/cancellation', {
    body: { cancelledOn: '2025-02-01' },
    as: agency,
  })
  assert.equal(none.status, 404)
  assert.equal(none.kind, 'unknown-filing')
})

test('an import takes good filings and refuses the others each with its reason', async () => {
  const service = await withPersons()
  const records = [
    filing('F1', '1'),
    filing('F1', '2'),
    filing('F1', '1', { validTo: null }),
    filing('F2', '3'),
    filing('F3', '1', { treatmentRegion: '110100' }),
    filing('F4', '2', { filedOn: '2025-03-11' }),
    filing('F5', '2', { kind: 'holiday' }),
    filing('F6', '2'),
  ]
  const expected = [
    undefined,
    'filing-number-reused',
    'filing-number-reused',
    'unknown-person',
    'filing-for-own-region',
    'date-in-the-future',
    'malformed',
    undefined,
  ]
  for (const _ of [1, 2]) {
    const answers = await service.importLines('/v1/filings:import', records, agency)
    assert.deepEqual(
      answers.map(({ problem }) => problem?.type.split('/').at(-1)),
      expected,
    )
  }
  assert.equal((await service.eventTypes()).filter(type => type === 'FilingMade').length, 2)
})
