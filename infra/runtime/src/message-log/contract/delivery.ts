/** Order, completeness, checkpoints. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Topic } from '@tongchou/contracts/topics.ts'
import {
  byPartition,
  effectsIn,
  GROUP,
  keysOf,
  type OpenBed,
  record,
  say,
  TOPIC,
  until,
} from '../testing.ts'

export function deliveryLaws(open: OpenBed): void {
  it('messages of the topic come in order, and the checkpoint goes with their effects', async t => {
    const bed = await open(t)
    const here = await bed.instance()
    const running = await record(here)
    await say(here.producer, ['p1-a', 'p2-a'])
    await say(here.producer, ['p1-x'], 'ScoreReceived')
    await say(here.producer, ['p1-b'])
    await until('three effects', async () => (await effectsIn(here.consumer)).length === 3)
    assert.deepEqual(byPartition(keysOf(running.batches)), ['p1-a', 'p1-b', 'p2-a'])
    const messages = running.batches.flatMap(batch => batch.messages)
    const first = messages.find(({ position }) => position === 1n)
    const { incarnation } = await here.producer.head()
    assert.deepEqual(
      [first?.topic, first?.incarnation, first?.position],
      [TOPIC.name, incarnation, 1n],
    )
    await until('handled', () => running.handled() === 4n)
    assert.equal(running.fault(), null)
    assert.equal(await here.log.head(TOPIC), 4n)
  })

  it('who asks for some of its events is handed no others, and the checkpoint passes them', async t => {
    const bed = await open(t)
    const here = await bed.instance()
    const topic = { ...TOPIC, events: ['ClaimHeld'] } as const satisfies Topic
    const running = await record(here, { topic })
    await say(here.producer, ['p1-a', 'p2-a'])
    await say(here.producer, ['p1-b'], 'ClaimHeld')
    await say(here.producer, ['p1-c'])
    await until('handled', () => running.handled() === 4n)
    assert.deepEqual(keysOf(running.batches), ['p1-b'])
    assert.equal(running.fault(), null)
  })

  it('what was said before is read, in batches of at most maxBatch', async t => {
    const bed = await open(t)
    const here = await bed.instance({ pageSize: 30 })
    const keys = Array.from({ length: 100 }, (_, n) => `p${n % 8}-${n}`)
    await say(here.producer, keys)
    const running = await record(here, { maxBatch: 7 })
    await until('all', () => running.handled() === 100n)
    assert.deepEqual(byPartition(keysOf(running.batches)), byPartition(keys))
    assert.ok(running.batches.every(({ messages }) => messages.length <= 7))
  })

  it('two batches of one subscription never overlap', async t => {
    const bed = await open(t)
    const here = await bed.instance()
    let inside = 0
    let most = 0
    const running = await record(here, {
      maxBatch: 2,
      before: async () => {
        inside += 1
        most = Math.max(most, inside)
        await sleep(2)
        inside -= 1
        return undefined
      },
    })
    for (let n = 0; n < 20; n++) await say(here.producer, [`p${n % 8}-${n}`])
    await until('all', () => running.handled() === 20n)
    assert.equal(most, 1)
  })
}

export function checkpointLaws(open: OpenBed): void {
  it('the checkpoint reaches the end of a log that has nothing for the consumer', async t => {
    const bed = await open(t)
    const here = await bed.instance()
    const running = await record(here)
    for (let n = 1n; n <= 5n; n++) {
      await say(here.producer, [`p${n}-x`, 'p0-y'], 'ScoreReceived')
      await until('handled', () => running.handled() === n * 2n)
    }
    await until('checkpoint', async () => {
      const positions = await here.consumer.progress.positions(GROUP, TOPIC.name)
      return positions.size === 8 && [...positions.values()].every(position => position === 10n)
    })
    assert.deepEqual(keysOf(running.batches), [])
  })

  it('a batch moves the checkpoints of its partitions, and a start again misses nothing', async t => {
    const bed = await open(t)
    const here = await bed.instance({ idleProgressMs: 60_000 })
    const first = await record(here)
    await say(here.producer, ['p1-a', 'p2-a'])
    await until('first', () => first.handled() === 2n)
    await say(here.producer, ['p2-b'])
    await until('second', () => first.handled() === 3n)
    const moved = first.batches.at(-1)?.progress.positions
    assert.deepEqual(
      moved?.map(({ partition, position }) => [partition, position]),
      [[2, 3n]],
    )
    await first.stop()
    await say(here.producer, ['p1-b'])
    const second = await record(await bed.instance())
    await until('second', () => second.handled() === 4n)
    assert.deepEqual(keysOf(second.batches), ['p1-b'])
  })

  it('a start again goes on at the checkpoint', async t => {
    const bed = await open(t)
    const here = await bed.instance()
    const first = await record(here)
    await say(here.producer, ['p1-a', 'p2-a'])
    await until('first', () => first.handled() === 2n)
    await first.stop()
    await say(here.producer, ['p1-b'])
    const second = await record(await bed.instance())
    await until('second', () => second.handled() === 3n)
    assert.deepEqual(keysOf(second.batches), ['p1-b'])
    assert.deepEqual(byPartition(await effectsIn(here.consumer)), ['p1-a', 'p1-b', 'p2-a'])
  })
}
