/** Who holds which partition, and for how long. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { progressTo } from '../testing.ts'
import { ALL, acquire, CONSUMER, request } from './consumer.ts'
import type { OpenStore } from './open.ts'

export function shareLaws(open: OpenStore): void {
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

  it('a member takes no more than its share although more is free', async t => {
    const store = await open(t)
    for (const owner of ['a', 'b', 'c']) await acquire(store, owner, { partitions: [] })
    const taken: number[] = []
    for (const owner of ['a', 'b', 'c']) taken.push((await acquire(store, owner)).length)
    assert.deepEqual(taken, [3, 3, 2])
  })

  it('a member that leaves or dies counts no more', async t => {
    const store = await open(t)
    await acquire(store, 'a')
    await acquire(store, 'b', { ttlMs: 1 })
    await store.progress.release({ ...request('a'), leave: true })
    await sleep(20)
    assert.equal((await acquire(store, 'c')).length, 8)
  })

  it('groups and topics do not meet', async t => {
    const store = await open(t)
    await acquire(store, 'a')
    assert.equal((await acquire(store, 'b', { group: 'fraud.score' })).length, 8)
    assert.equal((await acquire(store, 'b', { topic: 'clearing.window.v1' })).length, 8)
  })
}

export function takeoverLaws(open: OpenStore): void {
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

  it('a message handled alone again and again is counted until another one is', async t => {
    const store = await open(t)
    const [lease] = await acquire(store, 'a')
    assert.ok(lease !== undefined)
    const named = { ...CONSUMER, partition: lease.partition, epoch: lease.epoch }
    const counts: number[] = []
    for (const position of [7n, 7n, 7n, 8n]) {
      counts.push(await store.progress.attempt(named, position))
    }
    assert.deepEqual(counts, [0, 1, 2, 0])
    const old = { ...named, epoch: lease.epoch - 1 }
    await assert.rejects(store.progress.attempt(old, 8n), { code: 'fenced' })
  })

  it('an owner takes its own leases again with a new epoch and no crash', async t => {
    const store = await open(t)
    await acquire(store, 'a')
    const again = await acquire(store, 'a')
    assert.equal(again.length, 8)
    assert.ok(again.every(({ epoch, crashes }) => epoch === 2 && crashes === 0))
  })
}
