import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { claim, idOf, META, scoreClaim, stay, withdrawScore } from '../testing/claims.ts'
import type { TestFraud } from '../testing/service.ts'
import { AUDITOR, CENTRE, createTestFraud, idsFrom, REVIEWER } from '../testing/service.ts'

const FIRST = stay('1', '2025-03-01', '2025-03-09')
const HELD = stay('2', '2025-03-04', '2025-03-12')
const WITHDRAWN = claim('3')

let service: TestFraud
const newId = idsFrom('score test')

before(async () => {
  service = await createTestFraud()
  const commands = [...[FIRST, HELD, WITHDRAWN].map(scoreClaim), withdrawScore(WITHDRAWN)]
  for (const command of commands) {
    const meta = { ...META, commandId: newId() }
    await service.watches.handle(`watch-${command.data.personId}`, { ...command, meta })
  }
  await service.project()
})
after(() => service.close())

function get(claimNo: string, as: object = REVIEWER) {
  return service.call('GET', `/v1/scores/${idOf(claimNo)}`, { as })
}

describe('a score', () => {
  test('is shown with reasons and features', async () => {
    const { status, json } = await get('2')
    assert.equal(status, 200)
    const { eventId, hash, features, ...rest } = json
    assert.deepEqual(rest, {
      claimId: idOf('2'),
      score: 80,
      outcome: 'hold',
      reasons: [
        {
          rule: 'overlapping-stays',
          detail: 'the days 2025-03-04 to 2025-03-09 belong to another stay of the person',
          otherClaimId: idOf('1'),
        },
      ],
      ruleSet: 'hold-rules/2',
      institutionCode: 'H11010000001',
      insuredRegion: '610100',
      treatingRegion: '110100',
      kind: 'inpatient',
      beginOn: '2025-03-04',
      endOn: '2025-03-12',
      totalFen: 2_000,
      counts: true,
      scoredAt: META.now,
    })
    assert.match(String(hash), /^[0-9a-f]{64}$/)
    assert.match(String(eventId), /^[0-9a-f-]{36}$/)
    assert(Array.isArray(features) && features.length === 8)
  })

  test('says that a withdrawn claim no longer counts', async () => {
    assert.equal((await get('3')).get('counts'), false)
  })

  for (const [name, as, status] of [
    ['a reviewer of the insured region', { ...REVIEWER, region: '610100' }, 200],
    ['a reviewer of a third region', { ...REVIEWER, region: '310100' }, 403],
    ['the centre', CENTRE, 200],
    ['an auditor', AUDITOR, 200],
    ['a hospital', {}, 403],
    ['an agency', { role: 'agency', region: '110100' }, 403],
  ] as const) {
    test(`is answered to ${name} with ${status}`, async () => {
      assert.equal((await get('1', as)).status, status)
    })
  }

  test('that is unknown is not found', async () => {
    const reply = await get('none')
    assert.deepEqual([reply.status, reply.kind], [404, 'unknown-score'])
  })

  test('is not called unknown while the view is behind', async () => {
    service.caughtUp = false
    const reply = await get('none')
    service.caughtUp = true
    assert.deepEqual(
      [reply.status, reply.kind, reply.header('retry-after')],
      [503, 'unavailable', '1'],
    )
  })
})
