import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestService } from '@tongchou/runtime/testing/service.ts'
import { providers } from '../app.ts'

const agency = { role: 'agency', region: '110100' } as const
const elsewhere = { role: 'agency', region: '310100' } as const
const centre = { role: 'centre' } as const
const URL = '/v1/catalogue-items:import'

function row(itemCode: string, change: object = {}) {
  return {
    regionCode: '110100',
    itemCode,
    name: '头孢呋辛注射液',
    kind: 'drug',
    class: '乙',
    unitPriceFen: 1000,
    firstShareBp: 1000,
    priceLimitFen: null,
    onlySex: null,
    minAge: null,
    maxAge: null,
    validFrom: '2024-01-01',
    validTo: '2025-01-31',
    ...change,
  }
}
const later = { validFrom: '2025-02-01', validTo: null, unitPriceFen: 900 }

function kindsOf(answers: readonly { problem?: { type: string } }[]) {
  return answers.map(({ problem }) => problem?.type.split('/').at(-1))
}

test('the centre lists the rows of all regions at once, each in its catalogue', async () => {
  const service = await createTestService(providers)
  const records = [row('A'), row('A', { regionCode: '310100' }), row('A', later), row('B')]
  for (const _ of [1, 2]) {
    const answers = await service.importLines(URL, records, centre)
    assert.deepEqual(
      answers.map(({ line, ok, itemCode }) => [line, ok, itemCode]),
      [
        [1, true, 'A'],
        [2, true, 'A'],
        [3, true, 'A'],
        [4, true, 'B'],
      ],
    )
    assert.equal((await service.eventTypes()).length, 2)
  }
})

test('rows that are refused name their item, the others of the chunk are listed', async () => {
  const service = await createTestService(providers)
  const records = [
    row('A'),
    row('A', { validFrom: '2024-06-01' }),
    row('B', { firstShareBp: 10_001 }),
    row('C', { minAge: 9, maxAge: 8 }),
    row('D', { regionCode: '310100' }),
    row('A', { unitPriceFen: 1 }),
    row('E'),
  ]
  const answers = await service.importLines(URL, records, agency)
  assert.deepEqual(kindsOf(answers), [
    undefined,
    'item-overlaps',
    'malformed',
    'ages-reversed',
    'other-region',
    'item-listed-otherwise',
    undefined,
  ])
  assert.match(JSON.stringify(answers[1]), /"itemCode":"A"/)
  assert.deepEqual(await service.eventTypes(), ['CatalogueListed'])
})

test('the catalogue of one region takes rows that name it or no region', async () => {
  const service = await createTestService(providers)
  const url = '/v1/catalogues/110100/items:import'
  const { regionCode: _, ...bare } = row('A')
  const records = [bare, row('B', { regionCode: '310100' }), row('C')]
  const answers = await service.importLines(url, records, agency)
  assert.deepEqual(kindsOf(answers), [undefined, 'region-not-of-path', undefined])
  const foreign = await service.importLines(url, records, elsewhere)
  assert.deepEqual(kindsOf(foreign), ['other-region', 'region-not-of-path', 'other-region'])
})

test('the items of a day are listed by code, page by page', async () => {
  const service = await createTestService(providers)
  const records = [row('B'), row('A'), row('A', later), row('C', { validFrom: '2024-06-01' })]
  await service.importLines(URL, records, agency)
  const list = async (query: string) => {
    const page = await service.call('GET', `/v1/catalogues/110100/items?${query}`)
    const items = page.get('items') as { itemCode: string; unitPriceFen: number }[]
    const told = items.map(({ itemCode, unitPriceFen }) => `${itemCode} ${unitPriceFen}`)
    return [...told, page.get('next')]
  }
  assert.deepEqual(await list('on=2024-03-01'), ['A 1000', 'B 1000', null])
  assert.deepEqual(await list('on=2024-07-01&limit=2'), ['A 1000', 'B 1000', 'B'])
  assert.deepEqual(await list('on=2024-07-01&limit=2&after=B'), ['C 1000', null])
  assert.deepEqual(await list(''), ['A 900', null])
})

test('only agencies and the centre list items', async () => {
  const service = await createTestService(providers)
  for (const role of ['hospital', 'auditor', 'service', 'reviewer', 'operator'] as const) {
    const headers = { 'content-type': 'application/x-ndjson' }
    const body = `${JSON.stringify(row('A'))}\n`
    const reply = await service.call('POST', URL, { body, headers, as: { role } })
    assert.equal(reply.kind, 'not-allowed')
  }
  assert.deepEqual(await service.eventTypes(), [])
})
