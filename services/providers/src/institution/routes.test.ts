import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestService } from '@tongchou/runtime/testing/service.ts'
import { providers } from '../app.ts'

const agency = { role: 'agency', region: '110100' } as const
const elsewhere = { role: 'agency', region: '310100' } as const
const centre = { role: 'centre' } as const

function hospital(institutionCode: string, change: object = {}) {
  return {
    institutionCode,
    name: '市第一医院',
    regionCode: '110100',
    level: 'tier3',
    type: 'hospital',
    network: ['intra', 'cross'],
    agreementFrom: '2024-01-01',
    agreementTo: '2026-12-31',
    grade: 'AAA',
    doctors: ['D1'],
    ...change,
  }
}

async function designated() {
  const service = await createTestService(providers)
  const reply = await service.call('POST', '/v1/institutions', { body: hospital('H1'), as: agency })
  assert.equal(reply.status, 201, reply.text)
  return service
}

test('an institution is designated once and read by everyone with a token', async () => {
  const service = await designated()
  const again = await service.call('POST', '/v1/institutions', { body: hospital('H1'), as: agency })
  assert.equal(again.status, 201)
  assert.deepEqual(await service.eventTypes(), ['InstitutionDesignated'])
  for (const as of [agency, elsewhere, { role: 'hospital' } as const]) {
    const read = await service.call('GET', '/v1/institutions/H1', { as })
    assert.equal(read.get('level'), 'tier3')
    assert.deepEqual(read.get('agreements'), [{ from: '2024-01-01', to: '2026-12-31' }])
  }
  assert.equal((await service.call('GET', '/v1/institutions/H9')).kind, 'unknown-institution')
})

test('an institution goes on under a new code: both codes are the same one', async () => {
  const service = await designated()
  const rename = (code: string, newCode: string, as: object = agency) =>
    service.call('POST', `/v1/institutions/${code}/renames`, { body: { newCode }, as })
  assert.equal((await rename('H1', 'H2')).get('institutionCode'), 'H1')
  assert.equal((await rename('H2', 'H3')).get('institutionCode'), 'H1')
  assert.equal((await rename('H2', 'H3')).status, 200)
  for (const [code, newCode] of [
    ['H3', 'H1'],
    ['H3', 'H2'],
    ['H3', 'H3'],
    ['H1', 'H1'],
  ] as const) {
    assert.equal((await rename(code, newCode)).kind, 'code-in-use', `${code} to ${newCode}`)
  }
  assert.equal((await rename('H9', 'H4')).kind, 'unknown-institution')
  assert.equal((await rename('H1', 'H4', elsewhere)).kind, 'other-region')
  const suspend = { suspendedFrom: '2025-02-01', suspendedTo: null, reason: 'false bills' }
  await service.call('POST', '/v1/institutions/H3/suspensions', { body: suspend, as: agency })
  const read = await service.call('GET', '/v1/institutions/H1')
  assert.equal((read.get('suspensions') as unknown[]).length, 1)
  const taken = { body: hospital('H3'), as: agency }
  assert.equal((await service.call('POST', '/v1/institutions', taken)).kind, 'code-in-use')
})

test('agreement, doctors, suspension and reinstatement are recorded', async () => {
  const service = await designated()
  const post = (path: string, body: object) =>
    service.call('POST', `/v1/institutions/H1/${path}`, { body, as: agency })
  const period = { agreementFrom: '2027-01-01', agreementTo: '2027-12-31' }
  assert.equal((await post('agreement', period)).status, 200)
  assert.equal((await post('doctors', { doctors: ['D2', 'D3'] })).status, 200)
  assert.equal((await post('doctors', { doctors: ['D2', 'D2'] })).kind, 'malformed')
  await post('suspensions', { suspendedFrom: '2025-01-01', reason: 'false bills' })
  assert.equal((await post('reinstatement', { reinstatedOn: '2025-02-01' })).status, 200)
  const read = await service.call('GET', '/v1/institutions/H1')
  assert.deepEqual(read.get('doctors'), ['D2', 'D3'])
  assert.deepEqual(read.get('suspensions'), [
    { from: '2025-01-01', to: '2025-01-31', reason: 'false bills' },
  ])
  assert.equal((read.get('agreements') as unknown[]).length, 2)
})

test('an import takes the good and refuses the others each with its reason', async () => {
  const service = await createTestService(providers)
  const records = [
    hospital('H11010000001'),
    hospital('H31010000001'),
    hospital('H2', { regionCode: '310100' }),
    hospital('H3', { level: null }),
    hospital('H4', { level: 'tier9' }),
    hospital('H11010000001', { name: '另一家' }),
    hospital('P1', { type: 'pharmacy', level: null, doctors: [] }),
  ]
  for (const _ of [1, 2]) {
    const answers = await service.importLines('/v1/institutions:import', records, agency)
    assert.deepEqual(
      answers.map(({ problem }) => problem?.type.split('/').at(-1)),
      [
        undefined,
        'code-of-other-region',
        'other-region',
        'level-not-of-type',
        'malformed',
        'already-designated',
        undefined,
      ],
    )
    assert.equal((await service.eventTypes()).length, 2)
  }
})

test('institutions are listed by region, page by page', async () => {
  const service = await createTestService(providers)
  const records = ['A1', 'A2', 'A3'].map(code => hospital(code))
  const other = hospital('B1', { regionCode: '310100' })
  await service.importLines('/v1/institutions:import', [...records, other], centre)
  const list = async (query: string) => {
    const page = await service.call('GET', `/v1/institutions?${query}`)
    const rows = page.get('institutions') as { institutionCode: string }[]
    return { codes: rows.map(({ institutionCode }) => institutionCode), next: page.get('next') }
  }
  assert.deepEqual(await list('regionCode=110100&limit=2'), { codes: ['A1', 'A2'], next: 'A2' })
  assert.deepEqual(await list('regionCode=110100&limit=2&after=A2'), { codes: ['A3'], next: null })
  assert.deepEqual((await list('')).codes, ['A1', 'A2', 'A3', 'B1'])
  assert.equal((await service.call('GET', '/v1/institutions?limit=501')).kind, 'malformed')
})

test('other roles and other regions write nothing', async () => {
  const service = await designated()
  const calls = [
    ['/v1/institutions', hospital('H1')],
    ['/v1/institutions/H1/agreement', { agreementFrom: '2027-01-01', agreementTo: '2027-12-31' }],
    ['/v1/institutions/H1/doctors', { doctors: ['D9'] }],
    ['/v1/institutions/H1/suspensions', { suspendedFrom: '2025-01-01', reason: 'x' }],
    ['/v1/institutions/H1/reinstatement', { reinstatedOn: '2025-02-01' }],
    ['/v1/institutions/H1/renames', { newCode: 'H2' }],
  ] as const
  for (const [url, body] of calls) {
    const other = await service.call('POST', url, { body, as: elsewhere })
    assert.equal(other.kind, 'other-region', url)
    for (const role of ['hospital', 'auditor', 'service', 'reviewer', 'operator'] as const) {
      const reply = await service.call('POST', url, { body, as: { role } })
      assert.equal(reply.kind, 'not-allowed', `${role} ${url}`)
    }
  }
  assert.deepEqual(await service.eventTypes(), ['InstitutionDesignated'])
})
