import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { fen } from '@tongchou/contracts/money.ts'
import { instantFromMs, instantToMs } from '@tongchou/contracts/time.ts'
import { openCase, releaseCase } from '../testing/cases.ts'
import { idOf, META, NOW } from '../testing/claims.ts'
import type { TestFraud } from '../testing/service.ts'
import { AUDITOR, CENTRE, createTestFraud, idsFrom, REVIEWER } from '../testing/service.ts'

let service: TestFraud
const newId = idsFrom('queue test')

/** Number, treating region, fen: opened one minute after the other. */
const OPENED = [
  ['a', '110100', 500],
  ['b', '310100', 9_000_000],
  ['c', '110100', 70_000],
  ['d', '110100', 70_000],
  ['e', '310100', 40],
] as const

before(async () => {
  service = await createTestFraud()
  for (const [index, [claimNo, treatingRegion, total]] of OPENED.entries()) {
    const claimId = idOf(claimNo)
    const now = instantFromMs(instantToMs(NOW) + index * 60_000)
    const approvalsNeeded = total > 5_000_000 ? 2 : 1
    const given = { claimId, treatingRegion, totalFen: fen(total), approvalsNeeded }
    const meta = { ...META, commandId: newId(), now }
    await service.cases.handle(`case-${claimId}`, { ...openCase(given), meta })
  }
  await service.project()
})
after(() => service.close())

type Page = { readonly cases: { readonly claimId: string }[]; readonly next: string | null }

async function page(query: string, as = CENTRE): Promise<{ numbers: string; next: string | null }> {
  const reply = await service.call('GET', `/v1/cases${query}`, { as })
  assert.equal(reply.status, 200, reply.text)
  const { cases, next }: Page = JSON.parse(reply.text)
  const numberOf = new Map(OPENED.map(([claimNo]) => [String(idOf(claimNo)), claimNo]))
  return { numbers: cases.map(({ claimId }) => numberOf.get(claimId) ?? '?').join(''), next }
}

async function pages(query: string): Promise<string[]> {
  const all: string[] = []
  let after = ''
  for (;;) {
    const { numbers, next } = await page(`${query}${after}`)
    all.push(numbers)
    if (next === null) return all
    after = `&after=${next}`
  }
}

/** Claims of one amount stand in the order of their ids. */
const [LARGER, SMALLER] = idOf('c') > idOf('d') ? ['c', 'd'] : ['d', 'c']

describe('the queue', () => {
  test('shows open cases, oldest first', async () => {
    assert.deepEqual(await page(''), { numbers: 'abcde', next: null })
  })

  test('shows the largest first when asked', async () => {
    assert.equal((await page('?order=amount')).numbers, `b${LARGER}${SMALLER}ae`)
  })

  test('goes page by page without a gap or a repeat', async () => {
    assert.deepEqual(await pages('?limit=2'), ['ab', 'cd', 'e'])
    assert.deepEqual(await pages('?limit=1'), ['a', 'b', 'c', 'd', 'e'])
    assert.deepEqual(await pages('?limit=5'), ['abcde'])
    const byAmount = [`b${LARGER}`, `${SMALLER}a`, 'e']
    assert.deepEqual(await pages('?order=amount&limit=2'), byAmount)
  })

  test('goes on when the row of the cursor has left the queue', async () => {
    const { next } = await page('?limit=1&region=310100')
    const command = { ...releaseCase({ claimId: idOf('b'), reviewerRegion: null }) }
    for (const reviewer of ['r-1', 'r-2']) {
      const data = { ...command.data, reviewer }
      const meta = { ...META, commandId: newId() }
      await service.cases.handle(`case-${idOf('b')}`, { ...command, data, meta })
      await service.project()
    }
    assert.equal((await page(`?limit=1&region=310100&after=${next}`)).numbers, 'e')
    assert.equal((await page('?status=released')).numbers, 'b')
    assert.equal((await page('')).numbers, 'acde')
  })

  test('holds only the region of the token', async () => {
    assert.equal((await page('', REVIEWER)).numbers, 'acd')
    assert.equal((await page('?region=110100', REVIEWER)).numbers, 'acd')
    assert.equal((await page('', { ...AUDITOR, region: '310100' })).numbers, 'e')
  })

  test('holds the region that is asked for, for those who have all', async () => {
    assert.equal((await page('?region=310100')).numbers, 'e')
    assert.equal((await page('?region=310100', AUDITOR)).numbers, 'e')
    assert.equal((await page('?region=440100')).numbers, '')
  })

  const refused = [
    ['?region=310100', REVIEWER, 403, 'other-region', undefined],
    ['', {}, 403, 'not-allowed', undefined],
    ['', { role: 'agency', region: '110100' }, 403, 'not-allowed', undefined],
    ['?limit=0', CENTRE, 400, 'malformed', 'query.limit'],
    ['?limit=201', CENTRE, 400, 'malformed', 'query.limit'],
    ['?limit=many', CENTRE, 400, 'malformed', 'query.limit'],
    ['?status=waiting', CENTRE, 400, 'malformed', 'query.status'],
    ['?region=1', CENTRE, 400, 'malformed', 'query.region'],
    ['?after=1', CENTRE, 400, 'malformed', 'query.after'],
    ['?order=age&colour=red', CENTRE, 400, 'malformed', 'query.colour'],
    [
      `?order=amount&after=2025-06-01T08:00:00.000Z_${idOf('a')}`,
      CENTRE,
      400,
      'malformed',
      'query.after',
    ],
  ] as const
  for (const [query, as, status, kind, field] of refused) {
    test(`${query || 'all'} of ${'role' in as ? as.role : 'hospital'}: ${kind}`, async () => {
      const reply = await service.call('GET', `/v1/cases${query}`, { as })
      assert.deepEqual([reply.status, reply.kind, reply.get('field')], [status, kind, field])
    })
  }
})

test('a row names who agreed so far and who decided', async () => {
  const claimId = idOf('z')
  const given = { claimId, treatingRegion: '440100', approvalsNeeded: 2 }
  const row = async (status: string) => {
    await service.project()
    const reply = await service.call('GET', `/v1/cases?region=440100&status=${status}`, {
      as: CENTRE,
    })
    return JSON.parse(reply.text).cases[0]
  }
  const handle = (command: ReturnType<typeof openCase> | ReturnType<typeof releaseCase>) =>
    service.cases.handle(`case-${claimId}`, { ...command, meta: { ...META, commandId: newId() } })
  await handle(openCase(given))
  assert.deepEqual((await row('open')).reviewers, [])
  await handle(releaseCase({ claimId, reviewer: 'r-1', reviewerRegion: null }))
  assert.deepEqual((await row('open')).reviewers, ['r-1'])
  await handle(releaseCase({ claimId, reviewer: 'r-2', reviewerRegion: null }))
  const decided = await row('released')
  assert.deepEqual([decided.reviewers, decided.decidedAt], [['r-1', 'r-2'], NOW])
})
