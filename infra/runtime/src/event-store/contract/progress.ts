/** Checkpoints move with the events, or not at all. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { newUuid } from '@tongchou/contracts/id.ts'
import { appendOf, newEvents, newStream, progressTo, put } from '../testing.ts'
import { ALL, acquire, CONSUMER } from './consumer.ts'
import type { OpenStore } from './open.ts'

export function moveLaws(open: OpenStore): void {
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
}

export function fenceLaws(open: OpenStore): void {
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
