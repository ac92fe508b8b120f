/** Leases, checkpoints, parked messages: what every adapter of the event store must do with them. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { newUuid } from '@tongchou/contracts/id.ts'
import type { OpenStore } from './contract.ts'
import type { EventStore, Lease, LeaseRequest, ParkedMessage, StoredEvent } from './port.ts'
import { appendOf, newEvent, newEvents, newStream, progressTo, put } from './testing.ts'

const CONSUMER = { group: 'claims.adjudicate', topic: 'clearing.claim.v1' }
const ALL = [0, 1, 2, 3, 4, 5, 6, 7]

export function progressContract(name: string, open: OpenStore): void {
  describe(`${name}: progress`, () => moveLaws(open))
  describe(`${name}: leases`, () => leaseLaws(open))
  describe(`${name}: parked messages`, () => parkLaws(open))
}

function request(owner: string, overrides: Partial<LeaseRequest> = {}): LeaseRequest {
  return { ...CONSUMER, partitions: ALL, owner, ttlMs: 60_000, ...overrides }
}

function acquire(
  store: EventStore,
  owner: string,
  over: Partial<LeaseRequest> = {},
): Promise<readonly Lease[]> {
  return store.progress.acquire(request(owner, over))
}

function moveLaws(open: OpenStore): void {
  it('events and checkpoint move together', async t => {
    const store = await open(t)
    const leases = await acquire(store, 'a')
    const progress = await progressTo(store, CONSUMER, leases, 42n)
    const [outcome] = await store.append([appendOf(newStream(), newEvents(2))], [progress])
    assert.equal(outcome?.status, 'appended')
    const positions = await store.progress.positions(CONSUMER.group, CONSUMER.topic)
    assert.deepEqual(
      [...positions],
      ALL.map(partition => [partition, 42n]),
    )
  })

  it('one refused append holds everything back', async t => {
    const store = await open(t)
    const stream = newStream()
    await put(store, stream, newEvents(1))
    const leases = await acquire(store, 'a')
    const progress = await progressTo(store, CONSUMER, leases, 42n)
    const appends = [appendOf(newStream(), newEvents(1)), appendOf(stream, newEvents(1))]
    const outcomes = await store.append(appends, [progress])
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['withheld', 'conflict'],
    )
    assert.equal((await store.head()).position, 1n)
    const positions = await store.progress.positions(CONSUMER.group, CONSUMER.topic)
    assert.deepEqual(
      [...positions.values()],
      ALL.map(() => 0n),
    )
  })

  it('the same batch again is a duplicate and the checkpoint stays', async t => {
    const store = await open(t)
    const leases = await acquire(store, 'a')
    const progress = await progressTo(store, CONSUMER, leases, 5n)
    const appends = [appendOf(newStream(), newEvents(1))]
    await store.append(appends, [progress])
    const [again] = await store.append(appends, [progress])
    assert.equal(again?.status, 'duplicate')
    assert.equal((await store.head()).position, 1n)
  })

  it('a batch of which a part stood already is completed', async t => {
    const store = await open(t)
    const leases = await acquire(store, 'a')
    const done = appendOf(newStream(), newEvents(1))
    await store.append([done])
    const appends = [done, appendOf(newStream(), newEvents(1))]
    const progress = await progressTo(store, CONSUMER, leases, 5n)
    const outcomes = await store.append(appends, [progress])
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['duplicate', 'appended'],
    )
    const positions = await store.progress.positions(CONSUMER.group, CONSUMER.topic)
    assert.deepEqual(new Set(positions.values()), new Set([5n]))
  })

  it('progress alone moves the checkpoint', async t => {
    const store = await open(t)
    const leases = await acquire(store, 'a')
    assert.deepEqual(await store.append([], [await progressTo(store, CONSUMER, leases, 7n)]), [])
    const positions = await store.progress.positions(CONSUMER.group, CONSUMER.topic)
    assert.deepEqual(new Set(positions.values()), new Set([7n]))
  })

  it('a holder whose lease went to another is fenced and writes nothing', async t => {
    const store = await open(t)
    const old = await acquire(store, 'a', { ttlMs: 1 })
    await sleep(20)
    await acquire(store, 'b', { partitions: [5] })
    const progress = await progressTo(store, CONSUMER, old, 5n)
    const append = appendOf(newStream(), newEvents(1))
    await assert.rejects(store.append([append], [progress]), { name: 'Fault', code: 'fenced' })
    assert.equal((await store.head()).position, 0n)
    const positions = await store.progress.positions(CONSUMER.group, CONSUMER.topic)
    assert.deepEqual(new Set(positions.values()), new Set([0n]))
  })

  it('a checkpoint never goes back', async t => {
    const store = await open(t)
    const leases = await acquire(store, 'a')
    await store.append([], [await progressTo(store, CONSUMER, leases, 7n)])
    const back = await progressTo(store, CONSUMER, leases, 6n)
    await assert.rejects(store.append([], [back]), { code: 'fenced' })
  })

  it('a partition nobody ever held is fenced', async t => {
    const store = await open(t)
    const lease = { partition: 1, epoch: 1, position: 0n, incarnation: null, crashes: 0 }
    const progress = await progressTo(store, CONSUMER, [lease], 6n)
    await assert.rejects(store.append([], [progress]), { code: 'fenced' })
  })

  it('a producer that is another store than before stops the consumer', async t => {
    const store = await open(t)
    const leases = await acquire(store, 'a')
    const progress = await progressTo(store, CONSUMER, leases, 7n)
    await store.append([], [progress])
    const other = { ...(await progressTo(store, CONSUMER, leases, 8n)), incarnation: newUuid() }
    await assert.rejects(store.append([], [other]), { code: 'incarnation' })
  })
}

function leaseLaws(open: OpenStore): void {
  it('one member has all partitions, a second one finds none free, then its share', async t => {
    const store = await open(t)
    const first = await acquire(store, 'a')
    assert.deepEqual(
      first.map(({ partition }) => partition),
      ALL,
    )
    assert.ok(first.every(({ epoch, position }) => epoch === 1 && position === 0n))
    assert.equal((await acquire(store, 'b')).length, 0)
    const epochs = new Map(first.map(({ partition, epoch }) => [partition, epoch]))
    const renewal = await store.progress.renew({ ...request('a'), epochs })
    assert.deepEqual(renewal, { lost: [], share: 4 })
    await store.progress.release(request('a', { partitions: [4, 5, 6, 7] }))
    const second = await acquire(store, 'b')
    assert.deepEqual(
      second.map(({ partition }) => partition),
      [4, 5, 6, 7],
    )
    assert.ok(second.every(({ epoch, crashes }) => epoch === 2 && crashes === 0))
  })

  it('shares of three members differ by one at most and add up', async t => {
    const store = await open(t)
    const shares: number[] = []
    for (const owner of ['a', 'b', 'c']) await acquire(store, owner, { partitions: [] })
    for (const owner of ['a', 'b', 'c']) {
      const renewal = await store.progress.renew({ ...request(owner), epochs: new Map() })
      shares.push(renewal.share)
    }
    assert.deepEqual(shares, [3, 3, 2])
  })

  it('a member that leaves or dies counts no more', async t => {
    const store = await open(t)
    await acquire(store, 'a')
    await acquire(store, 'b', { ttlMs: 1 })
    await store.progress.release({ ...request('a'), leave: true })
    await sleep(20)
    assert.equal((await acquire(store, 'c')).length, 8)
  })

  it('a lease that ran out is taken over as a crash until the position moves', async t => {
    const store = await open(t)
    await acquire(store, 'a', { ttlMs: 1 })
    await sleep(20)
    const [taken] = await acquire(store, 'b', { ttlMs: 1 })
    assert.deepEqual([taken?.epoch, taken?.crashes], [2, 1])
    await sleep(20)
    const third = await acquire(store, 'c')
    assert.equal(third[0]?.crashes, 2)
    await store.append([], [await progressTo(store, CONSUMER, third, 1n)])
    await store.progress.release(request('c'))
    const [fourth] = await acquire(store, 'c')
    assert.deepEqual([fourth?.crashes, fourth?.position], [0, 1n])
  })

  it('renewing tells which partitions are lost and keeps the others', async t => {
    const store = await open(t)
    const leases = await acquire(store, 'a', { ttlMs: 30 })
    await sleep(50)
    await acquire(store, 'b', { partitions: [2] })
    const epochs = new Map(leases.map(({ partition, epoch }) => [partition, epoch]))
    assert.deepEqual((await store.progress.renew({ ...request('a'), epochs })).lost, [2])
    assert.equal((await acquire(store, 'b', { partitions: [3] })).length, 0)
  })

  it('an owner takes its own leases again with a new epoch and no crash', async t => {
    const store = await open(t)
    await acquire(store, 'a')
    const again = await acquire(store, 'a')
    assert.equal(again.length, 8)
    assert.ok(again.every(({ epoch, crashes }) => epoch === 2 && crashes === 0))
  })

  it('groups and topics do not meet', async t => {
    const store = await open(t)
    await acquire(store, 'a')
    assert.equal((await acquire(store, 'b', { group: 'fraud.score' })).length, 8)
    assert.equal((await acquire(store, 'b', { topic: 'clearing.window.v1' })).length, 8)
  })
}

function parkLaws(open: OpenStore): void {
  const parkedAtMs = 1_767_225_600_000

  function message(position: bigint, key = 'p1'): ParkedMessage {
    const stored = { position, stream: newStream(), version: 1, hash: Buffer.alloc(32, 9) }
    const event: StoredEvent = { ...newEvent({ partition: 3 }), ...stored }
    return { partition: 3, key, position, event, reason: `failed at ${position}`, parkedAtMs }
  }

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
