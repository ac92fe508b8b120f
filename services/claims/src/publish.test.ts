import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EventData, EventType } from '@tongchou/contracts/events.generated.ts'
import { publicJson } from '@tongchou/contracts/public/codec.ts'
import { idFor, NOW } from '@tongchou/contracts/testing/fixed.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import type { Recorded } from '@tongchou/runtime/service/recorded.ts'
import { publish } from './publish.ts'

function told<T extends EventType>(type: T, data: EventData[T]) {
  const event = { type, data, position: 3n, id: idFor('event'), at: NOW }
  return publish.publicEvents(event as unknown as Recorded)
}

const PACK: EventData['PackPublished'] = {
  ...{ packHash: 'ab'.repeat(32), regionCode: '110100', scheme: 'employee', name: 'Beijing 2025' },
  ...{ effectiveFrom: businessDate('2025-01-01'), effectiveTo: null, form: 'table' },
  ...{ poolResultFen: null, pack: '{"a":1}', cannotCompute: [], attributes: [] },
}

test('a policy pack is told by its hash, region, scheme and days, without its text', () => {
  const [event, ...rest] = told('PackPublished', PACK)
  assert.deepEqual(rest, [])
  assert.equal(event?.topic.name, 'public.claims.policy.v1')
  assert.deepEqual([event.key, event.partition, event.regions], [PACK.packHash, 0, null])
  const { packHash, regionCode, scheme, name, effectiveFrom, effectiveTo } = PACK
  const data = { packHash, regionCode, scheme, name, effectiveFrom, effectiveTo }
  assert.ok(event.data !== null)
  assert.deepEqual(publicJson(event.data), data)
})

test('a pack of no one scheme is in force for nobody, and is not told', () => {
  assert.deepEqual(told('PackPublished', { ...PACK, scheme: null }), [])
})

test('what happens in the account of a person is not told', () => {
  const personId = idFor<EventData['YearClosed']['personId']>('person')
  assert.deepEqual(told('YearClosed', { personId, year: 2025, totals: {} }), [])
  assert.deepEqual([...publish.events], ['PackPublished'])
})
