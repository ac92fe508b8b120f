import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { CaseOpened } from '@tongchou/contracts/events.generated.ts'
import { fen } from '@tongchou/contracts/money.ts'
import { instantFromMs, instantToMs } from '@tongchou/contracts/time.ts'
import type { Grant } from '@tongchou/runtime/auth/issuer.ts'
import { closeCase, openCase } from '../testing/cases.ts'
import { idOf, META, NOW } from '../testing/claims.ts'
import type { TestFraud } from '../testing/service.ts'
import { AUDITOR, CENTRE, createTestFraud, idsFrom, REVIEWER } from '../testing/service.ts'

const TWO_PERSON = { approvalsNeeded: 2, totalFen: fen(6_000_000) }
const SECOND: Partial<Grant> = { ...REVIEWER, subject: 'r-2' }
const NOTE = { note: 'looked at the records' }

let service: TestFraud
const newId = idsFrom('case test')
let opened = 0

before(async () => {
  service = await createTestFraud()
})
after(() => service.close())

/** Opens a case, one minute after the one before. */
async function open(claimNo: string, given: Partial<CaseOpened> = {}): Promise<string> {
  opened += 1
  const claimId = idOf(claimNo)
  const now = instantFromMs(instantToMs(NOW) + opened * 60_000)
  const command = { ...openCase({ claimId, ...given }), meta: { ...META, commandId: newId(), now } }
  await service.cases.handle(`case-${claimId}`, command)
  await service.project()
  return claimId
}

async function withdraw(claimId: string): Promise<void> {
  const command = { ...closeCase(), meta: { ...META, commandId: newId() } }
  await service.cases.handle(`case-${claimId}`, command)
  await service.project()
}

function post(
  claimId: string,
  what: 'release' | 'rejection',
  as: Partial<Grant>,
  body: object = NOTE,
) {
  return service.call('POST', `/v1/cases/${claimId}/${what}`, { as, body })
}

describe('a decision', () => {
  test('one reviewer releases a claim of a small amount', async () => {
    const claimId = await open('small')
    const reply = await post(claimId, 'release', REVIEWER)
    assert.equal(reply.status, 200)
    assert.deepEqual(
      { ...reply.json },
      {
        claimId,
        status: 'released',
        institutionCode: 'H11010000001',
        insuredRegion: '610100',
        treatingRegion: '110100',
        totalFen: 120_000,
        reasons: [
          { rule: 'same-bill-twice', detail: 'the same days and lines', otherClaimId: idOf('2') },
        ],
        approvalsNeeded: 1,
        openedAt: reply.get('openedAt'),
        decidedAt: NOW,
        reviewers: ['r-1'],
        approvals: [],
        note: 'looked at the records',
      },
    )
  })

  test('sent again gives the first answer', async () => {
    const claimId = await open('again')
    const first = await post(claimId, 'rejection', REVIEWER)
    const second = await post(claimId, 'rejection', REVIEWER, { note: 'another note' })
    assert.deepEqual([second.status, second.json], [200, first.json])
  })

  test('two different reviewers release a claim of a large amount', async () => {
    const claimId = await open('large', TWO_PERSON)
    const first = await post(claimId, 'release', REVIEWER)
    assert.deepEqual([first.get('status'), first.get('reviewers')], ['open', ['r-1']])
    const second = await post(claimId, 'release', SECOND)
    assert.deepEqual([second.get('status'), second.get('reviewers')], ['released', ['r-1', 'r-2']])
    assert.deepEqual(second.get('approvals'), [{ reviewer: 'r-1', note: 'looked at the records' }])
  })

  test('two reviewers at once on a large amount make one release', async () => {
    const claimId = await open('race', TWO_PERSON)
    const replies = await Promise.all([
      post(claimId, 'release', REVIEWER),
      post(claimId, 'release', SECOND),
    ])
    assert.deepEqual(
      replies.map(({ status }) => status),
      [200, 200],
    )
    const { state } = await service.cases.reload(`case-${claimId}`)
    assert.equal(state.status, 'released')
  })

  test('a release needs no body', async () => {
    const claimId = await open('no-body')
    const reply = await service.call('POST', `/v1/cases/${claimId}/release`, { as: REVIEWER })
    assert.deepEqual([reply.status, reply.get('note')], [200, ''])
  })

  test('a reviewer of all regions decides anywhere', async () => {
    const claimId = await open('everywhere')
    const { region: _, ...everywhere } = REVIEWER
    assert.equal((await post(claimId, 'release', everywhere)).status, 200)
  })
})

describe('what is refused', () => {
  const cases: readonly (readonly [
    string,
    number,
    string,
    () => Promise<string>,
    'release' | 'rejection',
    Partial<Grant>,
  ])[] = [
    [
      'a claim that was never held',
      404,
      'unknown-case',
      async () => idOf('none'),
      'release',
      REVIEWER,
    ],
    [
      'a reviewer of the insured region',
      403,
      'other-region',
      () => open('r1'),
      'release',
      {
        ...REVIEWER,
        region: '610100',
      },
    ],
    [
      'a withdrawn claim',
      409,
      'case-not-open',
      async () => {
        const claimId = await open('r2')
        await withdraw(claimId)
        return claimId
      },
      'release',
      REVIEWER,
    ],
    [
      'a decided case',
      409,
      'already-decided',
      async () => {
        const claimId = await open('r3')
        await post(claimId, 'rejection', REVIEWER)
        return claimId
      },
      'release',
      REVIEWER,
    ],
    [
      'the same reviewer twice',
      409,
      'same-reviewer',
      async () => {
        const claimId = await open('r4', TWO_PERSON)
        await post(claimId, 'release', REVIEWER)
        return claimId
      },
      'release',
      REVIEWER,
    ],
    ['the centre', 403, 'not-allowed', () => open('r5'), 'release', CENTRE],
    ['an auditor', 403, 'not-allowed', () => open('r6'), 'rejection', AUDITOR],
    ['a hospital', 403, 'not-allowed', () => open('r7'), 'release', {}],
    [
      'an agency',
      403,
      'not-allowed',
      () => open('r8'),
      'rejection',
      { role: 'agency', region: '110100' },
    ],
    ['a service', 403, 'not-allowed', () => open('r9'), 'release', { role: 'service' }],
  ]
  for (const [name, status, kind, given, what, as] of cases) {
    test(`${name}: ${kind}, and nothing is stored`, async () => {
      const claimId = await given()
      const { head } = await service.cases.reload(`case-${claimId}`)
      const reply = await post(claimId, what, as)
      assert.deepEqual([reply.status, reply.kind], [status, kind])
      assert.deepEqual((await service.cases.reload(`case-${claimId}`)).head, head)
    })
  }

  const bodies: readonly (readonly [string, object, string])[] = [
    ['a rejection without a note', {}, 'note'],
    ['an empty note', { note: '' }, 'note'],
    ['a note of another type', { note: 7 }, 'note'],
    ['a note with a control character', { note: 'a\u0007b' }, 'note'],
    ['a note too long', { note: 'x'.repeat(501) }, 'note'],
    ['a reviewer named in the body', { note: 'x', reviewer: 'r-2' }, 'reviewer'],
  ]
  for (const [name, body, field] of bodies) {
    test(`${name}: malformed, with the field`, async () => {
      const reply = await post(idOf('none'), 'rejection', REVIEWER, body)
      assert.deepEqual([reply.status, reply.kind, reply.get('field')], [400, 'malformed', field])
    })
  }

  test('a claim id that is none: malformed', async () => {
    const reply = await post('1', 'release', REVIEWER)
    assert.deepEqual(
      [reply.status, reply.kind, reply.get('field')],
      [400, 'malformed', 'path.claimId'],
    )
  })
})

describe('one case', () => {
  for (const [name, as, status] of [
    ['a reviewer of the treating region', REVIEWER, 200],
    ['a reviewer of the insured region', { ...REVIEWER, region: '610100' }, 200],
    ['a reviewer of a third region', { ...REVIEWER, region: '310100' }, 403],
    ['the centre', CENTRE, 200],
    ['an auditor', AUDITOR, 200],
    ['an auditor of a third region', { ...AUDITOR, region: '310100' }, 403],
    ['a hospital', {}, 403],
    ['an agency', { role: 'agency', region: '110100' }, 403],
  ] as const) {
    test(`${name} gets ${status}`, async () => {
      const claimId = await open('read')
      const reply = await service.call('GET', `/v1/cases/${claimId}`, { as })
      assert.equal(reply.status, status)
    })
  }

  test('that was closed says why', async () => {
    const claimId = await open('closed')
    await withdraw(claimId)
    const reply = await service.call('GET', `/v1/cases/${claimId}`, { as: REVIEWER })
    assert.deepEqual([reply.get('status'), reply.get('note')], ['closed', 'entered twice'])
  })

  test('that is unknown is not found', async () => {
    const reply = await service.call('GET', `/v1/cases/${idOf('none')}`, { as: REVIEWER })
    assert.deepEqual([reply.status, reply.kind], [404, 'unknown-case'])
  })
})
