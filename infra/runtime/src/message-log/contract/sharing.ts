/** Several instances of one consumer. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { EventStore } from '../../event-store/port.ts'
import { Fault } from '../../service/fault.ts'
import { effectsIn, FAST, type OpenBed, record, say, takeEffect, until } from '../testing.ts'

export function sharingLaws(open: OpenBed): void {
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
}

export function fencingLaws(open: OpenBed): void {
  it('a holder that freezes is replaced, and when it wakes it is fenced: all once', async t => {
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
      await one.freeze?.()
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
    readTypes: (types, range) => store.readTypes(types, range),
    readAttachment: position => store.readAttachment(position),
    head: () => store.head(),
    onAppend: listener => store.onAppend(listener),
    close: () => store.close(),
    progress,
  }
}
