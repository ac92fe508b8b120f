import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeEvent } from '@tongchou/contracts/avro/codec.ts'
import { createTestService } from '@tongchou/runtime/testing/service.ts'
import { enrollment } from '../app.ts'
import { agency, elsewhere, person as personOf } from '../testing/person.ts'

const person = {
  ...personOf('1101000000000001'),
  statusChanges: [{ on: '2025-02-01', status: 'retired' }],
  coveredTo: null,
  accountBalanceFen: 92_077,
  lastYearWageFen: 12_261_600,
}
const auditor = { role: 'auditor' } as const
const url = `/v1/persons/${person.personNo}`

async function enrolled() {
  const service = await createTestService(enrollment)
  const reply = await service.call('POST', '/v1/persons', { body: person, as: agency })
  assert.equal(reply.status, 201, reply.text)
  return { service, reply }
}

test('an enrolment answers the id of the person, again and again the same', async () => {
  const { service, reply } = await enrolled()
  assert.equal(reply.header('location'), url)
  const again = await service.call('POST', '/v1/persons', { body: person, as: agency })
  assert.equal(again.status, 201)
  assert.equal(again.text, reply.text)
  assert.deepEqual(await service.eventTypes(), ['PersonEnrolled', 'StatusChanged'])
})

test('neither the number nor the name of a person stands in an event', async () => {
  const { service } = await enrolled()
  for (const { data, meta, stream } of await service.store.readAll(0n, 10)) {
    const bytes = Buffer.concat([data, meta, Buffer.from(stream)])
    for (const secret of [person.personNo, person.idNumber, person.name]) {
      assert.equal(bytes.includes(secret), false)
    }
  }
})

test('other content under a number is refused, naming fields and no values', async () => {
  const { service } = await enrolled()
  const other = { ...person, name: '吴志', sex: 'M' }
  const reply = await service.call('POST', '/v1/persons', { body: other, as: agency })
  assert.equal(reply.status, 409)
  assert.equal(reply.kind, 'already-enrolled')
  assert.deepEqual(reply.get('differs'), ['sex', 'personal'])
  assert.equal(reply.text.includes('吴志'), false)
})

test('an enrolment elsewhere in a covered period names the other period', async () => {
  const { service } = await enrolled()
  const other = { ...person, regionCode: '310100', coveredFrom: '2025-01-01', statusChanges: [] }
  const reply = await service.call('POST', '/v1/persons', { body: other, as: elsewhere })
  assert.equal(reply.kind, 'coverage-overlaps')
  assert.equal(reply.get('regionCode'), '110100')
  assert.equal(reply.get('coveredFrom'), '2020-01-01')
})

test('the own agency reads a person with personal data', async () => {
  const { service } = await enrolled()
  const reply = await service.call('GET', url, { as: agency })
  assert.equal(reply.status, 200, reply.text)
  const { personNo, idNumber, name, lastYearWageFen } = person
  assert.deepEqual(reply.get('personal'), { personNo, idNumber, name, lastYearWageFen })
  assert.equal(reply.get('erased'), false)
})

test('auditors and the centre read a person without personal data', async () => {
  const { service } = await enrolled()
  for (const as of [auditor, { role: 'centre' } as const]) {
    const reply = await service.call('GET', url, { as })
    assert.equal(reply.status, 200)
    assert.equal(reply.get('personal'), undefined)
    assert.equal(reply.text.includes(person.idNumber), false)
  }
})

test('erased personal data are gone, the person and the chain stay', async () => {
  const { service } = await enrolled()
  const before = await service.store.readAll(0n, 10)
  for (const _ of [1, 2]) {
    const reply = await service.call('DELETE', `${url}/personal-data?reason=retention-over`, {
      as: agency,
    })
    assert.equal(reply.status, 200, reply.text)
  }
  const read = await service.call('GET', url, { as: agency })
  assert.equal(read.get('erased'), true)
  assert.equal(read.get('personal'), undefined)
  const after = await service.store.readAll(0n, 10)
  assert.deepEqual(after.slice(0, before.length), before)
  assert.equal(after.length, before.length + 1)
  const { data } = decodeEvent(after.at(-1)?.data ?? Buffer.alloc(0))
  assert.deepEqual({ ...data }, { personId: read.get('personId'), reason: 'retention-over' })
  const personId = String(read.get('personId')) as never
  assert.equal((await service.keys.find([personId])).get(personId), 'destroyed')
  const again = await service.call('POST', '/v1/persons', { body: person, as: agency })
  assert.equal(again.status, 410)
  assert.equal(again.kind, 'personal-data-erased')
})

test('a key that is gone without its fact shows nothing; erasing again records it', async () => {
  const { service, reply } = await enrolled()
  await service.keys.destroy(String(reply.get('personId')) as never)
  assert.equal((await service.call('GET', url, { as: agency })).get('personal'), undefined)
  await service.call('DELETE', `${url}/personal-data`, { as: agency })
  assert.equal((await service.eventTypes()).at(-1), 'PersonalDataErased')
})

test('erasing somebody unknown or of another region destroys no key', async () => {
  const { service, reply } = await enrolled()
  const other = await service.call('DELETE', `${url}/personal-data`, { as: elsewhere })
  assert.equal(other.kind, 'other-region')
  const none = await service.call('DELETE', '/v1/persons/9/personal-data', { as: agency })
  assert.equal(none.kind, 'unknown-person')
  const personId = String(reply.get('personId')) as never
  assert.ok((await service.keys.find([personId])).get(personId) instanceof Buffer)
  const read = await service.call('GET', url, { as: agency })
  assert.notEqual(read.get('personal'), undefined)
})

test('an agency lists the persons of its own region, page by page', async () => {
  const { service } = await enrolled()
  const records = [2, 3].map(n => ({ ...person, personNo: `110100000000000${n}` }))
  await service.importLines('/v1/persons:import', records, agency)
  const moved = { ...person, personNo: '31', regionCode: '310100' }
  await service.importLines('/v1/persons:import', [moved], elsewhere)
  const first = await service.call('GET', '/v1/persons?limit=2', { as: agency })
  const next = String(first.get('next'))
  const second = await service.call('GET', `/v1/persons?limit=2&after=${next}`, { as: agency })
  const rows = [first, second].flatMap(page => page.get('persons') as { status: string }[])
  assert.equal(rows.length, 3)
  assert.equal(second.get('next'), null)
  assert.deepEqual(new Set(rows.map(({ status }) => status)), new Set(['retired']))
  const foreign = await service.call('GET', '/v1/persons?regionCode=310100', { as: agency })
  assert.equal(foreign.kind, 'other-region')
  const all = await service.call('GET', '/v1/persons', { as: auditor })
  assert.equal((all.get('persons') as unknown[]).length, 4)
})

test('bad bodies are refused, naming field and rule, and nothing is stored', async () => {
  const service = await createTestService(enrollment)
  const { personNo: _, ...without } = person
  const bad: readonly [object, string][] = [
    [without, 'personNo'],
    [{ ...person, bornOn: '2025-02-30' }, 'bornOn'],
    [{ ...person, regionCode: '11' }, 'regionCode'],
    [{ ...person, sex: 'X' }, 'sex'],
    [{ ...person, lastYearWageFen: -1 }, 'lastYearWageFen'],
    [{ ...person, coveredTo: '2025-13-01' }, 'coveredTo'],
    [
      { ...person, statusChanges: [{ on: '2025-02-30', status: 'retired' }] },
      'statusChanges[0].on',
    ],
    [{ ...person, name: 'a\u202eb' }, 'name'],
    [{ ...person, extra: 1 }, 'extra'],
  ]
  for (const [body, field] of bad) {
    const reply = await service.call('POST', '/v1/persons', { body, as: agency })
    assert.equal(reply.status, 400, field)
    assert.equal(reply.kind, 'malformed')
    assert.equal(reply.get('field'), field)
    assert.ok(String(reply.get('rule')).length > 0)
  }
  assert.deepEqual(await service.eventTypes(), [])
})

test('an import answers each line in order, refuses the bad ones and takes the rest', async () => {
  const service = await createTestService(enrollment)
  const lines = [
    JSON.stringify(person),
    '{"personNo":',
    JSON.stringify({ ...person, personNo: '2', regionCode: '310100' }),
    JSON.stringify({ ...person, personNo: '3', bornOn: '2025-02-30' }),
    JSON.stringify({ ...person, personNo: '4', coveredTo: '2019-01-01' }),
    JSON.stringify({ ...person, name: '吴' }),
    JSON.stringify({ ...person, personNo: '5' }),
  ]
  const answers = await service.importLines('/v1/persons:import', lines.join('\n'), agency)
  assert.deepEqual(
    answers.map(({ line, ok, problem }) => [line, ok, problem?.type.split('/').at(-1)]),
    [
      [1, true, undefined],
      [2, false, 'malformed'],
      [3, false, 'other-region'],
      [4, false, 'malformed'],
      [5, false, 'period-reversed'],
      [6, false, 'already-enrolled'],
      [7, true, undefined],
    ],
  )
  assert.equal(answers[3]?.problem?.field, 'bornOn')
  assert.equal((await service.eventTypes()).length, 4)
  assert.deepEqual(
    await service.importLines('/v1/persons:import', lines.join('\n'), agency),
    answers,
  )
  assert.equal((await service.eventTypes()).length, 4)
})

test('the centre enrols for every region; an import takes NDJSON alone', async () => {
  const service = await createTestService(enrollment)
  const records = [person, { ...person, personNo: '2', regionCode: '310100' }]
  const answers = await service.importLines('/v1/persons:import', records, { role: 'centre' })
  assert.deepEqual(
    answers.map(({ ok }) => ok),
    [true, true],
  )
  const json = await service.call('POST', '/v1/persons:import', { body: person, as: agency })
  assert.equal(json.status, 415)
})

test('other roles and other regions read and write nothing', async () => {
  const { service } = await enrolled()
  const count = (await service.eventTypes()).length
  const calls = [
    ['POST', '/v1/persons', person],
    ['POST', `${url}/status-changes`, { on: '2025-03-01', status: 'active' }],
    ['POST', `${url}/coverage-ends`, { coveredTo: '2025-03-01' }],
    ['DELETE', `${url}/personal-data`, undefined],
    ['GET', url, undefined],
    ['GET', `${url}/coverage`, undefined],
  ] as const
  for (const [method, path, body] of calls) {
    const options = body === undefined ? {} : { body }
    const hospital = await service.call(method, path, { ...options, as: { role: 'hospital' } })
    assert.equal(hospital.kind, 'not-allowed', path)
    const other = await service.call(method, path, { ...options, as: elsewhere })
    assert.equal(other.kind, 'other-region', `${method} ${path}`)
    const none = await service.call(method, path, { ...options, headers: { authorization: '' } })
    assert.equal(none.status, 401, path)
  }
  assert.equal((await service.eventTypes()).length, count)
})
