/** What fails is tried again, or stops the consumer; nothing is passed over. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { EventStore, Lease } from '../../event-store/port.ts'
import { Fault } from '../../service/fault.ts'
import {
  byPartition,
  effectsIn,
  FAST,
  GROUP,
  keyOf,
  type OpenBed,
  record,
  say,
  TOPIC,
  until,
} from '../testing.ts'

export function retryLaws(open: OpenBed): void {
  it('a fault of the world is told, and the same messages come again', async t => {
    const bed = await open(t)
    const here = await bed.instance({ maxErrors: 2 })
    let tries = 0
    const told: unknown[] = []
    const running = await record(here, {
      before: batch => {
        if (batch.messages.length === 0) return undefined
        told.push(running?.fault())
        tries += 1
        if (tries <= 4) throw new Fault('unavailable', 'not now')
        return undefined
      },
    })
    await say(here.producer, ['p1-a', 'p2-a'])
    await until('handled', () => running.handled() === 2n)
    assert.deepEqual(byPartition(await effectsIn(here.consumer)), ['p1-a', 'p2-a'])
    assert.equal((told[4] as Fault).code, 'unavailable')
    await until('well again', () => running.fault() === null)
  })

  it('an error that stays stops the consumer, and another one may go on', async t => {
    const bed = await open(t)
    const here = await bed.instance(FAST)
    let tries = 0
    const running = await record(here, {
      before: ({ messages }) => {
        if (messages.length === 0) return undefined
        tries += 1
        throw new TypeError('a bug')
      },
    })
    await say(here.producer, ['p1-a'])
    await until('stopped', () => tries === 5)
    await sleep(50)
    assert.equal(running.fault()?.message, 'a bug')
    const other = await record(await bed.instance(FAST))
    await until('other', () => other.handled() === 1n)
    assert.deepEqual([tries, await effectsIn(here.consumer)], [5, ['p1-a']])
  })
}

export function stopLaws(open: OpenBed): void {
  it('a newer schema stops the consumer, parks nothing and leaves the checkpoint', async t => {
    const bed = await open(t)
    const here = await bed.instance()
    let tries = 0
    const running = await record(here, {
      before: ({ messages }) => {
        if (messages.every(message => keyOf(message) !== 'p1-new')) return undefined
        tries += 1
        throw new Fault('newer-schema', 'newer')
      },
    })
    await say(here.producer, ['p1-a'])
    await until('first', () => running.handled() === 1n)
    await say(here.producer, ['p1-new', 'p1-b'])
    await until('stopped', () => (running.fault() as Fault | null)?.code === 'newer-schema')
    await sleep(100)
    assert.equal(tries, 1)
    const positions = await here.consumer.progress.positions(GROUP, TOPIC.name)
    assert.equal(positions.get(1), 1n)
    assert.deepEqual(await here.consumer.progress.parked({}), [])
    assert.deepEqual(await effectsIn(here.consumer), ['p1-a'])
  })

  it('after a death messages come one by one, and none of them is blamed for it', async t => {
    const bed = await open(t)
    const here = await bed.instance(FAST)
    for (const owner of ['dead-1', 'dead-2', 'dead-3']) await die(here.consumer, owner)
    await say(here.producer, ['p1-a', 'p2-a', 'p1-c', 'p2-d', 'p1-e'])
    const running = await record(here, { maxBatch: 3 })
    await until('all', () => running.handled() === 5n)
    const batches = running.batches.filter(({ messages }) => messages.length > 0)
    assert.deepEqual(
      batches.slice(0, 3).map(({ messages }) => messages.length),
      [1, 1, 1],
    )
    assert.ok(batches.every(({ crashes }) => crashes === 0))
  })

  it('a message over which a process died twice, alone, is named; faults do not count', async t => {
    const bed = await open(t)
    const here = await bed.instance(FAST)
    const { consumer } = here
    await say(here.producer, ['p1-bad', 'p1-b'])
    for (const owner of ['dead-1', 'dead-2']) {
      const leases = await die(consumer, owner)
      const epoch = leases[1]?.epoch ?? 0
      await consumer.progress.attempt({ group: GROUP, topic: TOPIC.name, partition: 1, epoch }, 1n)
    }
    let tries = 0
    const running = await record(here, {
      before: ({ messages }) => {
        tries += messages.some(message => keyOf(message) === 'p1-bad') ? 1 : 0
        if (tries === 1) throw new Fault('unavailable', 'not now')
        return undefined
      },
    })
    await until('all', () => running.handled() === 2n)
    const [first, second] = running.batches.filter(({ messages }) => messages.length > 0)
    assert.deepEqual([first?.messages.map(keyOf), first?.crashes], [['p1-bad'], 2])
    assert.deepEqual([second?.messages.map(keyOf), second?.crashes], [['p1-b'], 0])
  })
}

/** A holder that takes all leases and is not heard of again. */
async function die(consumer: EventStore, owner: string): Promise<readonly Lease[]> {
  const who = { group: GROUP, topic: TOPIC.name, partitions: [0, 1, 2, 3, 4, 5, 6, 7] }
  let leases: readonly Lease[] = []
  await until(owner, async () => {
    leases = await consumer.progress.acquire({ ...who, owner, ttlMs: 1 })
    return leases.length === 8
  })
  await sleep(10)
  return leases
}
