/** What every adapter of the message log must do. Called by the tests of each. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { EventStore, ParkedMessage } from '../event-store/port.ts'
import { Fault } from '../service/fault.ts'
import type { Batch, Message } from './port.ts'
import {
  effectsIn,
  GROUP,
  keyOf,
  type OpenBed,
  record,
  say,
  TOPIC,
  takeEffect,
  until,
} from './testing.ts'

const FAST = { ttlMs: 400, acquireMs: 50, replayMs: 50 }

export function messageLogContract(name: string, open: OpenBed): void {
  describe(`${name}: delivery`, () => deliveryLaws(open))
  describe(`${name}: sharing`, () => sharingLaws(open))
  describe(`${name}: faults`, () => faultLaws(open))
  describe(`${name}: parked keys`, () => parkedLaws(open))
}

function keysOf(batches: readonly Batch[]): string[] {
  return batches.flatMap(({ messages }) => messages.map(keyOf))
}

function deliveryLaws(open: OpenBed): void {
  it('messages of the topic come in order, and the checkpoint goes with their effects', async t => {
    const bed = await open(t)
    const here = await bed.instance()
    const running = await record(here)
    await say(here.producer, ['p1-a', 'p2-a'])
    await say(here.producer, ['p1-x'], 'ScoreReceived')
    await say(here.producer, ['p1-b'])
    await until('three effects', async () => (await effectsIn(here.consumer)).length === 3)
    assert.deepEqual(keysOf(running.batches), ['p1-a', 'p2-a', 'p1-b'])
    const [first] = running.batches.flatMap(({ messages }) => messages)
    const { incarnation } = await here.producer.head()
    assert.deepEqual(
      [first?.topic, first?.incarnation, first?.position],
      [TOPIC.name, incarnation, 1n],
    )
    await until('handled', () => running.handled() === 4n)
    assert.equal(running.fault(), null)
    assert.equal(await here.log.head(TOPIC), 4n)
  })

  it('what was said before is read, in batches of at most maxBatch', async t => {
    const bed = await open(t)
    const here = await bed.instance({ pageSize: 30 })
    const keys = Array.from({ length: 100 }, (_, n) => `p${n % 8}-${n}`)
    await say(here.producer, keys)
    const running = await record(here, { maxBatch: 7 })
    await until('all', () => running.handled() === 100n)
    assert.deepEqual(keysOf(running.batches), keys)
    assert.ok(running.batches.every(({ messages }) => messages.length <= 7))
  })

  it('the checkpoint reaches the end of the log although nothing there is for the consumer', async t => {
    const bed = await open(t)
    const here = await bed.instance()
    const running = await record(here)
    for (let n = 0; n < 5; n++) await say(here.producer, [`p${n}-x`, 'p0-y'], 'ScoreReceived')
    await until('handled', () => running.handled() === 10n)
    await until('checkpoint', async () => {
      const positions = await here.consumer.progress.positions(GROUP, TOPIC.name)
      return positions.size === 8 && [...positions.values()].every(position => position === 10n)
    })
    assert.deepEqual(keysOf(running.batches), [])
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
    assert.deepEqual(await effectsIn(here.consumer), ['p1-a', 'p2-a', 'p1-b'])
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

  it('a broadcast is complete when it resolves, and then follows', async t => {
    const bed = await open(t)
    const here = await bed.instance()
    await say(here.producer, ['p1-a', 'p2-a'])
    await say(here.producer, ['p1-x'], 'ScoreReceived')
    const heard: string[] = []
    const handle = (messages: readonly Message[]) => heard.push(...messages.map(keyOf))
    const running = await here.log.broadcast({ topic: TOPIC, handle })
    assert.deepEqual(heard, ['p1-a', 'p2-a'])
    assert.equal(running.handled(), 3n)
    await say(here.producer, ['p7-b'])
    await until('live', () => running.handled() === 4n)
    assert.deepEqual(heard, ['p1-a', 'p2-a', 'p7-b'])
  })

  it('a broadcast whose handler fails stops and says so', async t => {
    const bed = await open(t)
    const here = await bed.instance()
    const handle = () => {
      throw new Error('cannot')
    }
    const running = await here.log.broadcast({ topic: TOPIC, handle })
    await say(here.producer, ['p1-a'])
    await until('fault', () => running.fault()?.message === 'cannot')
    await assert.rejects(here.log.broadcast({ topic: TOPIC, handle }), { message: 'cannot' })
  })
}

function sharingLaws(open: OpenBed): void {
  it('instances share the partitions, and one takes over what the other leaves', async t => {
    const bed = await open(t)
    const [one, two] = [await bed.instance(FAST), await bed.instance(FAST)]
    const first = await record(one)
    await until('first has all', () => first.handled() === 0n && first.seen() === 0n)
    const second = await record(two)
    const both = () => first.batches.length > 0 && second.batches.length > 0
    let said = 0
    await until('both work', async () => {
      await say(
        one.producer,
        Array.from({ length: 8 }, (_, n) => `p${n}-${said}`),
      )
      said += 1
      return both()
    })
    await first.stop()
    const before = second.batches.length
    await say(
      one.producer,
      Array.from({ length: 8 }, (_, n) => `p${n}-last`),
    )
    await until(
      'second has all',
      async () => (await effectsIn(two.consumer)).length === said * 8 + 8,
    )
    const parts = new Set(
      second.batches.slice(before).flatMap(({ messages }) => messages.map(m => m.partition)),
    )
    assert.equal(parts.size, 8)
    const effects = await effectsIn(two.consumer)
    assert.equal(new Set(effects).size, effects.length)
  })

  it('a holder that freezes is replaced, and when it wakes it is fenced: nothing lost or double', async t => {
    const bed = await open(t)
    const [one, two] = [await bed.instance(FAST), await bed.instance(FAST)]
    const frozen = Promise.withResolvers<void>()
    const woken = Promise.withResolvers<void>()
    let outcome: unknown = null
    const first = await record(
      { ...one, consumer: neverRenews(one.consumer) },
      {
        before: async ({ messages, progress }) => {
          if (messages.length === 0 || outcome !== null) return undefined
          frozen.resolve()
          await woken.promise
          try {
            await takeEffect(one.consumer, messages, progress)
            outcome = 'committed'
          } catch (error) {
            outcome = error
            throw error
          }
          return true
        },
      },
    )
    try {
      await say(one.producer, ['p1-a', 'p2-a'])
      await frozen.promise
      await say(one.producer, ['p1-b'])
      await record(two)
      await until('second does it', async () => (await effectsIn(two.consumer)).length === 3)
    } finally {
      woken.resolve()
    }
    await until('first is told', () => outcome !== null)
    assert.ok(outcome instanceof Fault && outcome.code === 'fenced', String(outcome))
    await say(one.producer, ['p1-c', 'p6-c'])
    await until('the rest', async () => (await effectsIn(two.consumer)).length === 5)
    const effects = await effectsIn(two.consumer)
    assert.deepEqual(effects.toSorted(), ['p1-a', 'p1-b', 'p1-c', 'p2-a', 'p6-c'])
    await until('first is well', () => first.fault() === null)
  })
}

/** The store as a frozen process has it: its leases run out. */
function neverRenews(store: EventStore): EventStore {
  const progress = new Proxy(store.progress, {
    get: (target, name) => {
      if (name === 'renew') return () => new Promise(() => {})
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  return {
    append: (appends, moves) => store.append(appends, moves),
    readStreams: streams => store.readStreams(streams),
    readLast: streams => store.readLast(streams),
    readAll: (after, limit, only) => store.readAll(after, limit, only),
    head: () => store.head(),
    onAppend: listener => store.onAppend(listener),
    close: () => store.close(),
    progress,
  }
}

function faultLaws(open: OpenBed): void {
  it('a fault of the world is told, and the same messages come again', async t => {
    const bed = await open(t)
    const here = await bed.instance()
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
    assert.deepEqual(await effectsIn(here.consumer), ['p1-a', 'p2-a'])
    assert.equal((told.at(-1) as Fault).code, 'unavailable')
    assert.equal(running.fault(), null)
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

  it('a newer schema stops the consumer, parks nothing and leaves the checkpoint', async t => {
    const bed = await open(t)
    const here = await bed.instance()
    const running = await record(here, {
      before: ({ messages }) => {
        if (messages.some(message => keyOf(message) === 'p1-new'))
          throw new Fault('newer-schema', 'newer')
        return undefined
      },
    })
    await say(here.producer, ['p1-a'])
    await until('first', () => running.handled() === 1n)
    await say(here.producer, ['p1-new', 'p2-b'])
    await until('stopped', () => (running.fault() as Fault | null)?.code === 'newer-schema')
    await sleep(50)
    const positions = await here.consumer.progress.positions(GROUP, TOPIC.name)
    assert.deepEqual(new Set(positions.values()), new Set([1n]))
    assert.deepEqual(await here.consumer.progress.parked({}), [])
    assert.deepEqual(await effectsIn(here.consumer), ['p1-a'])
  })

  it('a process that died over a message: one by one, then the message is named', async t => {
    const bed = await open(t)
    const here = await bed.instance(FAST)
    const who = { group: GROUP, topic: TOPIC.name, partitions: [0, 1, 2, 3, 4, 5, 6, 7] }
    for (const owner of ['dead-1', 'dead-2']) {
      await until(owner, async () => {
        const taken = await here.consumer.progress.acquire({ ...who, owner, ttlMs: 1 })
        return taken.length === 8
      })
      await sleep(10)
    }
    await say(here.producer, ['p1-bad', 'p2-a', 'p1-c', 'p2-d', 'p1-e'])
    const running = await record(here, { maxBatch: 3 })
    await until('all', () => running.handled() === 5n)
    const withMessages = running.batches.filter(({ messages }) => messages.length > 0)
    const [first, second] = withMessages
    assert.deepEqual([first?.messages.map(keyOf), first?.crashes], [['p1-bad'], 2])
    assert.deepEqual([second?.messages.map(keyOf), second?.crashes], [['p2-a'], 0])
    assert.deepEqual(
      withMessages.map(({ messages }) => messages.length),
      [1, 1, 1, 2],
    )
  })
}

function parkedLaws(open: OpenBed): void {
  it('a key that fails is parked, others go on, and it is replayed in order before what is newer', async t => {
    const bed = await open(t)
    const here = await bed.instance(FAST)
    let broken = true
    const order: string[] = []
    const running = await record(here, {
      maxBatch: 2,
      before: async batch => {
        await handleOrPark(batch)
        return true
      },
    })

    async function handleOrPark(batch: Batch): Promise<void> {
      const bad = (message: Message) => keyOf(message).startsWith('p1-bad')
      const blocked = (message: Message) =>
        bad(message) && (broken || (batch.replay === null && batch.parkedKeys.has('p1-bad')))
      const good = batch.messages.filter(message => !blocked(message))
      const park: ParkedMessage[] = batch.messages.filter(blocked).map(event => {
        const { partition, position } = event
        const row = { partition, key: 'p1-bad', position, event }
        return { ...row, reason: 'poison', parkedAtMs: 1_767_225_600_000 }
      })
      const last = good.at(-1)
      const unpark =
        batch.replay !== null && last !== undefined
          ? [{ partition: last.partition, key: 'p1-bad', position: last.position }]
          : []
      await takeEffect(here.consumer, good, { ...batch.progress, park, unpark })
      order.push(...good.map(keyOf))
    }

    await say(here.producer, ['p1-bad.1', 'p1-good.1', 'p2-good', 'p1-bad.2'])
    await until('around it', () => running.handled() === 4n)
    assert.deepEqual(order, ['p1-good.1', 'p2-good'])
    assert.equal((await here.consumer.progress.parked({ group: GROUP })).length, 2)

    await here.consumer.progress.requestReplay(GROUP, 'p1-bad')
    await until('tried and failed', async () => {
      const rows = await here.consumer.progress.parked({ group: GROUP })
      return rows.length === 2 && rows[0]?.replay === false
    })
    broken = false
    await say(here.producer, ['p1-bad.3', 'p1-good.2'])
    await until('behind it', () => running.handled() === 6n)
    assert.deepEqual(order, ['p1-good.1', 'p2-good', 'p1-good.2'])

    await here.consumer.progress.requestReplay(GROUP, 'p1-bad')
    await until('replayed', async () => (await here.consumer.progress.parked({})).length === 0)
    await say(here.producer, ['p1-bad.4'])
    await until('as before', () => order.length === 7)
    assert.deepEqual(order.slice(3), ['p1-bad.1', 'p1-bad.2', 'p1-bad.3', 'p1-bad.4'])
    assert.equal(new Set(await effectsIn(here.consumer)).size, 7)
  })
}
