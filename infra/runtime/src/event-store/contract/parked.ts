/** Messages set aside with their keys, and their replay. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { ParkedMessage, StoredEvent } from '../port.ts'
import { appendOf, newEvent, newEvents, newStream, progressTo, put } from '../testing.ts'
import { acquire, CONSUMER } from './consumer.ts'
import type { OpenStore } from './open.ts'

const parkedAtMs = 1_767_225_600_000

function message(position: bigint, key = 'p1'): ParkedMessage {
  const stored = { position, stream: newStream(), version: 1, hash: Buffer.alloc(32, 9) }
  const event: StoredEvent = { ...newEvent({ partition: 3 }), ...stored }
  return { partition: 3, key, position, event, reason: `failed at ${position}`, parkedAtMs }
}

export function parkLaws(open: OpenStore): void {
  it('parked messages come back whole and in order, and go with the replay', async t => {
    const store = await open(t)
    const leases = await acquire(store, 'a')
    const moved = await progressTo(store, CONSUMER, leases, 9n)
    const [one, two, other] = [message(5n), message(9n), message(7n, 'p2')]
    const before = store.progress.parkedChanges(CONSUMER.group)
    await store.append(
      [appendOf(newStream(), newEvents(1))],
      [{ ...moved, park: [two, one, other] }],
    )
    assert.notEqual(store.progress.parkedChanges(CONSUMER.group), before)
    const rows = await store.progress.parked({ group: CONSUMER.group, key: 'p1' })
    const expected = [one, two].map(row => ({ ...row, ...CONSUMER, replay: false }))
    assert.deepEqual(rows, expected)
    assert.equal((await store.progress.parked({})).length, 3)
    const keys = await store.progress.parkedKeys(CONSUMER.group, CONSUMER.topic)
    assert.deepEqual(keys.map(({ key, due }) => [key, due]).sort(), [
      ['p1', false],
      ['p2', false],
    ])
    const unpark = [{ partition: 3, key: 'p1', position: 5n }]
    await store.append([], [{ ...moved, unpark }])
    const left = await store.progress.parked({ group: CONSUMER.group })
    assert.deepEqual(
      left.map(({ key, position }) => [key, position]),
      [
        ['p2', 7n],
        ['p1', 9n],
      ],
    )
  })

  it('a refused append parks nothing', async t => {
    const store = await open(t)
    const stream = newStream()
    await put(store, stream, newEvents(1))
    const leases = await acquire(store, 'a')
    const moved = await progressTo(store, CONSUMER, leases, 9n)
    await store.append([appendOf(stream, newEvents(1))], [{ ...moved, park: [message(5n)] }])
    assert.deepEqual(await store.progress.parked({}), [])
  })
}

export function replayLaws(open: OpenStore): void {
  it('a replay is asked for by key; what is parked behind it is replayed with it', async t => {
    const store = await open(t)
    const leases = await acquire(store, 'a')
    const moved = await progressTo(store, CONSUMER, leases, 9n)
    await store.append([], [{ ...moved, park: [message(5n), message(6n, 'p2')] }])
    assert.equal(await store.progress.requestReplay(CONSUMER.group, 'p1'), 1)
    assert.equal(await store.progress.requestReplay(CONSUMER.group, 'p9'), 0)
    const keys = await store.progress.parkedKeys(CONSUMER.group, CONSUMER.topic)
    assert.deepEqual(
      keys.filter(({ due }) => due).map(({ key }) => key),
      ['p1'],
    )
    await store.append([], [{ ...moved, park: [message(8n)] }])
    const rows = await store.progress.parked({ key: 'p1' })
    assert.deepEqual(
      rows.map(({ replay }) => replay),
      [true, true],
    )
  })

  it('a message that fails again keeps its place and waits for another request', async t => {
    const store = await open(t)
    const leases = await acquire(store, 'a')
    const moved = await progressTo(store, CONSUMER, leases, 9n)
    const first = message(5n)
    await store.append([], [{ ...moved, park: [first, message(6n)] }])
    await store.progress.requestReplay(CONSUMER.group, 'p1')
    await store.append([], [{ ...moved, park: [{ ...first, reason: 'failed again' }] }])
    const rows = await store.progress.parked({ key: 'p1' })
    assert.deepEqual(
      rows.map(({ reason, replay }) => [reason, replay]),
      [
        ['failed again', false],
        ['failed at 6', true],
      ],
    )
    const [key] = await store.progress.parkedKeys(CONSUMER.group, CONSUMER.topic)
    assert.equal(key?.due, false)
  })
}
