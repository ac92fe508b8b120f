/** What comes back: whole streams, last events, pages, the head, notices. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { newUuid } from '@tongchou/contracts/id.ts'
import { appendOf, BYTES, newEvent, newEvents, newStream, put } from '../testing.ts'
import type { OpenStore } from './open.ts'

export function streamLaws(open: OpenStore): void {
  it('an event comes back as it was stored, byte for byte', async t => {
    const store = await open(t)
    const stream = `journal-7-2026-01`
    const event = newEvent({
      schema: 3,
      partition: 7,
      closes: true,
      atMs: 0,
      data: Buffer.alloc(0),
    })
    const append = appendOf(stream, [event])
    await store.append([append])
    const expected = { ...event, stream, version: 1, position: 1n, hash: append.hashes[0] }
    assert.deepEqual((await store.readStreams([stream])).get(stream), [expected])
    assert.deepEqual(await store.readAll(0n, 10), [expected])
  })

  it('large events come back whole', async t => {
    const store = await open(t)
    const stream = newStream()
    const data = Buffer.alloc(3_000_000, BYTES)
    await put(store, stream, [newEvent({ data })])
    assert.deepEqual((await store.readStreams([stream])).get(stream)?.[0]?.data, data)
  })

  it('streams are read in order, unknown ones are absent', async t => {
    const store = await open(t)
    const [one, two] = [newStream(), newStream()]
    const head = await put(store, one, newEvents(2))
    await put(store, two, newEvents(1))
    await put(store, one, newEvents(1), head)
    const found = await store.readStreams([two, one, newStream(), one])
    assert.deepEqual([...found.keys()].sort(), [one, two].sort())
    assert.deepEqual(
      found.get(one)?.map(({ version }) => version),
      [1, 2, 3],
    )
    assert.equal((await store.readStreams([])).size, 0)
  })

  it('the last event of a stream comes alone, unknown streams are absent', async t => {
    const store = await open(t)
    const [one, two] = [newStream(), newStream()]
    const events = newEvents(3)
    await put(store, one, events)
    await put(store, two, newEvents(1))
    const found = await store.readLast([two, one, newStream(), one])
    assert.deepEqual([...found.keys()].sort(), [one, two].sort())
    assert.deepEqual(found.get(one), (await store.readStreams([one])).get(one)?.at(-1))
    assert.equal(found.get(one)?.id, events[2]?.id)
    assert.equal((await store.readLast([])).size, 0)
  })
}

export function pageLaws(open: OpenStore): void {
  it('pages by position are dense and empty at the end', async t => {
    const store = await open(t)
    await put(store, newStream(), newEvents(25))
    const page = await store.readAll(10n, 5)
    assert.deepEqual(
      page.map(({ position }) => position),
      [11n, 12n, 13n, 14n, 15n],
    )
    assert.equal((await store.readAll(25n, 5)).length, 0)
    assert.equal((await store.readAll(1000n, 5)).length, 0)
  })

  it('types that are not wanted keep their place', async t => {
    const store = await open(t)
    const held = newEvent({ type: 'ClaimHeld', data: BYTES })
    await put(store, newStream(), [newEvent(), held, newEvent()])
    for (const wanted of ['ClaimHeld', 'ClaimSettled'] as const) {
      const page = await store.readAll(0n, 10, new Set([wanted]))
      assert.deepEqual(
        page.map(({ type }) => type),
        ['ClaimSubmitted', 'ClaimHeld', 'ClaimSubmitted'],
      )
      if (wanted === 'ClaimHeld') assert.deepEqual(page[1]?.data, BYTES)
    }
    const whole = await store.readAll(0n, 10)
    assert.ok(whole.every(({ data }) => data.length > 0))
  })

  it('events of some types are found without the others', async t => {
    const store = await open(t)
    const held = newEvents(3, { type: 'ClaimHeld' })
    await put(store, newStream(), [newEvent(), ...held, newEvent()])
    const find = async (after: bigint, upTo: bigint, limit: number): Promise<bigint[]> => {
      const found = await store.readTypes(new Set(['ClaimHeld'] as const), { after, upTo, limit })
      assert.ok(found.every(({ type, data }) => type === 'ClaimHeld' && data.length > 0))
      return found.map(({ position }) => position)
    }
    assert.deepEqual(await find(0n, 5n, 10), [2n, 3n, 4n])
    assert.deepEqual(await find(2n, 3n, 10), [3n])
    assert.deepEqual(await find(0n, 5n, 2), [2n, 3n])
    assert.deepEqual(await find(4n, 5n, 2), [])
  })

  it('listeners hear of an append soon, with the position it reached', async t => {
    const store = await open(t)
    const heard: bigint[] = []
    const unsubscribe = store.onAppend(position => heard.push(position))
    await put(store, newStream(), newEvents(3))
    assert.equal(heard.at(-1), 3n)
    unsubscribe()
    await put(store, newStream(), newEvents(1))
    assert.equal(heard.at(-1), 3n)
  })

  it('the incarnation stays while the store does', async t => {
    const store = await open(t)
    const { incarnation } = await store.head()
    await put(store, newStream(), newEvents(1))
    assert.deepEqual(await store.head(), { incarnation, position: 1n })
    assert.notEqual(incarnation, newUuid())
  })
}
