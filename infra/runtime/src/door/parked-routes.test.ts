import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { ParkedRow } from '../event-store/port.ts'
import type { TestHttp } from '../testing/http.ts'
import { createTestHttp } from '../testing/http.ts'
import { addParkedRoutes } from './parked-routes.ts'

const OPERATOR = { role: 'operator' } as const
const asked: string[] = []

function parked(position: number, group = 'claims.adjudicate'): ParkedRow {
  const event = { stream: `claim-${position}`, type: 'ClaimSubmitted' } as ParkedRow['event']
  return {
    group,
    topic: 'clearing.claim.v1',
    partition: 3,
    key: 'person-1',
    position: BigInt(position),
    event,
    reason: 'NoPolicy: none in force',
    parkedAtMs: Date.UTC(2025, 2, 1),
    replay: false,
  }
}

/** Two groups set the message at 12 aside. */
const ROWS = [parked(11), parked(12), parked(12, 'fraud.score'), parked(13), parked(14)]

const http: TestHttp = await createTestHttp({
  routes: app =>
    addParkedRoutes(app, {
      parked: async ({ key, group }) =>
        ROWS.filter(row => row.key === key && (group === undefined || row.group === group)),
      requestReplay: async (group, key) => {
        asked.push(`${group} ${key}`)
        return ROWS.filter(row => row.key === key && row.group === group).length
      },
    }),
})
after(() => http.close())

async function positions(query: string): Promise<unknown> {
  const reply = await http.call('GET', `/v1/parked-messages?key=person-1${query}`, { as: OPERATOR })
  assert.equal(reply.status, 200, reply.text)
  const { messages, next } = JSON.parse(reply.text)
  return [...messages.map(({ position }: { position: number }) => position), next]
}

describe('parked messages', () => {
  test('are told by key with their reason, without what is in them', async () => {
    const reply = await http.call('GET', '/v1/parked-messages?key=person-1&limit=1', {
      as: OPERATOR,
    })
    assert.deepEqual(JSON.parse(reply.text), {
      messages: [
        {
          group: 'claims.adjudicate',
          topic: 'clearing.claim.v1',
          key: 'person-1',
          position: 11,
          stream: 'claim-11',
          type: 'ClaimSubmitted',
          reason: 'NoPolicy: none in force',
          parkedAt: '2025-03-01T00:00:00.000Z',
          replay: false,
        },
      ],
      next: 11,
    })
  })

  test('come page by page without a gap or a repeat, also where two groups meet', async () => {
    assert.deepEqual(await positions('&limit=2'), [11, 12, 12, 12])
    assert.deepEqual(await positions('&limit=2&after=12'), [13, 14, null])
    assert.deepEqual(await positions(''), [11, 12, 12, 13, 14, null])
    assert.deepEqual(await positions('&group=fraud.score'), [12, null])
  })

  test('of a key are asked to be handled again', async () => {
    const body = { group: 'claims.adjudicate', key: 'person-1' }
    const reply = await http.call('POST', '/v1/parked-messages/replay', { as: OPERATOR, body })
    assert.deepEqual([reply.status, reply.json], [202, { ...body, messages: 4 }])
    assert.deepEqual(asked, ['claims.adjudicate person-1'])
  })

  test('that are not there cannot be', async () => {
    const body = { group: 'funds.book.claim', key: 'person-1' }
    const reply = await http.call('POST', '/v1/parked-messages/replay', { as: OPERATOR, body })
    assert.deepEqual([reply.status, reply.kind], [404, 'not-found'])
  })

  test('are for operators, the centre and services', async () => {
    for (const role of ['hospital', 'agency', 'reviewer', 'auditor'] as const) {
      const as = { role, region: '110100' }
      const reply = await http.call('GET', '/v1/parked-messages?key=person-1', { as })
      assert.deepEqual([reply.status, reply.kind], [403, 'not-allowed'])
    }
    const body = { group: 'claims.adjudicate', key: 'person-1' }
    const as = { role: 'service' } as const
    const reply = await http.call('POST', '/v1/parked-messages/replay', { as, body })
    assert.deepEqual([reply.status, reply.kind], [403, 'not-allowed'])
  })
})
