import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { EventType } from '@tongchou/contracts/events.generated.ts'
import { newUuid } from '@tongchou/contracts/id.ts'
import { openMemoryStore } from '../../event-store/memory.ts'
import type { StoredEvent } from '../../event-store/port.ts'
import { say, TOPIC } from '../../message-log/testing.ts'
import type { Outgoing } from './outgoing.ts'
import { Portions } from './portions.ts'
import { Numbering } from './send.ts'

/** Each event is so many records of one partition. */
async function portionsOf(events: number, records: number) {
  const store = openMemoryStore()
  await say(
    store,
    Array.from({ length: events }, (_, n) => `p1-${n}`),
  )
  await say(store, ['p1-unsaid'], 'ScoreReceived')
  const record = () => ({ key: null, value: null, headers: {}, timestampMs: 0 })
  const outgoing = (_: StoredEvent): readonly Outgoing[] =>
    Array.from({ length: records }, () => ({ topic: TOPIC.name, partition: 1, record }))
  const types = new Set<EventType>(TOPIC.events)
  return new Portions({ store, types, outgoing })
}

async function takeAll(portions: Portions) {
  const taken: { readonly upTo: bigint; readonly records: number; readonly more: boolean }[] = []
  for (let at = 0n; ; ) {
    const numbering = new Numbering(new Map(), newUuid())
    const upTo = await portions.take(at, numbering)
    if (upTo === null) return taken
    const records = numbering.sendings.reduce((sum, sending) => sum + sending.records.length, 0)
    taken.push({ upTo, records, more: portions.more })
    at = upTo
  }
}

it('events that are hundreds of records each go a few at a time, each whole', async () => {
  assert.deepEqual(await takeAll(await portionsOf(5, 900)), [
    { upTo: 3n, records: 2700, more: true },
    { upTo: 6n, records: 1800, more: false },
  ])
})

it('events of one record go a page at a time, and what nobody says is passed', async () => {
  assert.deepEqual(await takeAll(await portionsOf(1500, 1)), [
    { upTo: 1000n, records: 1000, more: false },
    { upTo: 1501n, records: 500, more: false },
  ])
})

it('a place that is not behind what was taken is read anew', async () => {
  const portions = await portionsOf(5, 900)
  const numbering = () => new Numbering(new Map(), newUuid())
  assert.equal(await portions.take(0n, numbering()), 3n)
  assert.equal(await portions.take(1n, numbering()), 4n)
})
