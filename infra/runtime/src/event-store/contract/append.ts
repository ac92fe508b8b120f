/** What an append does, and what becomes of one that cannot be done. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import {
  appendOf,
  appendOne,
  assertIntact,
  BYTES,
  newEvent,
  newEvents,
  newStream,
  put,
  readWhole,
} from '../testing.ts'
import type { OpenStore } from './open.ts'

export function appendLaws(open: OpenStore): void {
  it('new events stand behind each other with dense positions and versions', async t => {
    const store = await open(t)
    const [one, two] = [newStream(), newStream()]
    const first = appendOf(one, newEvents(2))
    const [a, b] = await store.append([first, appendOf(two, newEvents(1))])
    assert.ok(a?.status === 'appended' && b?.status === 'appended')
    assert.deepEqual(a.head, { version: 2, hash: first.hashes[1] })
    assert.deepEqual([a.position, b.position], [1n, 3n])
    const c = await appendOne(store, appendOf(one, newEvents(3), a.head))
    assert.ok(c.status === 'appended')
    assert.deepEqual([c.position, c.head.version], [4n, 5])
    assertIntact(await readWhole(store))
  })

  it('good appends are written although others in the same call are not', async t => {
    const store = await open(t)
    const stream = newStream()
    const stood = appendOf(newStream(), newEvents(2))
    await store.append([stood, appendOf(stream, newEvents(1))])
    const outcomes = await store.append([
      appendOf(newStream(), newEvents(2)),
      appendOf(stream, newEvents(1)),
      appendOf(newStream(), newEvents(3)),
      stood,
    ])
    const statuses = outcomes.map(({ status }) => status)
    assert.deepEqual(statuses, ['appended', 'conflict', 'appended', 'duplicate'])
    const positions = outcomes.map(o => ('position' in o ? o.position : null))
    assert.deepEqual(positions, [4n, null, 6n, 1n])
    assertIntact(await readWhole(store))
  })

  it('many callers at once, some to one stream: each append is made once or conflicts', async t => {
    const store = await open(t)
    const shared = newStream()
    const racers = Array.from({ length: 20 }, () => appendOf(shared, newEvents(1)))
    const others = Array.from({ length: 200 }, () => appendOf(newStream(), newEvents(2)))
    const all = [...racers, ...others]
    const outcomes = await Promise.all(all.map(append => appendOne(store, append)))
    const statuses = outcomes.slice(0, 20).map(({ status }) => status)
    assert.equal(statuses.filter(status => status === 'appended').length, 1)
    assert.equal(statuses.filter(status => status === 'conflict').length, 19)
    assert.ok(outcomes.slice(20).every(({ status }) => status === 'appended'))
    assert.equal((await store.head()).position, 401n)
    assertIntact(await readWhole(store, 100))
  })

  it('two appends to one stream queued at once: the second stands behind the first', async t => {
    const store = await open(t)
    const stream = newStream()
    const first = appendOf(stream, newEvents(1))
    const second = appendOf(stream, newEvents(1), { version: 1, hash: first.hashes[0] ?? BYTES })
    const [one, two] = await Promise.all([appendOne(store, first), appendOne(store, second)])
    assert.deepEqual([one.status, two.status], ['appended', 'appended'])
  })
}

export function retryLaws(open: OpenStore): void {
  it('a retry gives the first answer and writes nothing', async t => {
    const store = await open(t)
    const append = appendOf(newStream(), newEvents(2))
    const first = await appendOne(store, append)
    await put(store, append.stream, newEvents(1), first.head)
    const again = await appendOne(store, append)
    assert.deepEqual(again, { ...first, status: 'duplicate' })
    assert.equal((await store.head()).position, 3n)
  })

  it('a retry of the append that closed the stream is a duplicate, others are refused', async t => {
    const store = await open(t)
    const append = appendOf(newStream(), [newEvent(), newEvent({ closes: true })])
    const first = await appendOne(store, append)
    assert.equal((await appendOne(store, append)).status, 'duplicate')
    const late = await appendOne(store, appendOf(append.stream, newEvents(1), first.head))
    assert.deepEqual(late, { status: 'closed', head: first.head })
    const early = await appendOne(store, appendOf(append.stream, newEvents(1)))
    assert.equal(early.status, 'closed')
  })

  it('the same ids with other bytes are altered, and nothing is written', async t => {
    const store = await open(t)
    const events = newEvents(2)
    const head = await put(store, newStream(), newEvents(1))
    const stream = newStream()
    const stood = await put(store, stream, events)
    const changed = events.map(event => ({ ...event, data: Buffer.from('other') }))
    const outcome = await appendOne(store, appendOf(stream, changed))
    assert.deepEqual(outcome, { status: 'altered', head: stood })
    assert.equal((await store.head()).position, 3n)
    assert.equal(head.version, 1)
  })

  it('an altered retry behind a closed stream is still altered', async t => {
    const store = await open(t)
    const event = newEvent({ closes: true })
    const stream = newStream()
    await put(store, stream, [event])
    const changed = { ...event, data: Buffer.from('other') }
    assert.equal((await appendOne(store, appendOf(stream, [changed]))).status, 'altered')
  })

  it('a retry that overlaps only in part conflicts', async t => {
    const store = await open(t)
    const stream = newStream()
    const events = newEvents(2)
    await put(store, stream, events)
    const longer = await appendOne(store, appendOf(stream, [...events, newEvent()]))
    assert.equal(longer.status, 'conflict')
    const [first] = events
    assert.ok(first !== undefined)
    const mixed = await appendOne(store, appendOf(stream, [first, newEvent()]))
    assert.equal(mixed.status, 'conflict')
    const shorter = await appendOne(store, appendOf(stream, [first]))
    assert.equal(shorter.status, 'duplicate')
  })
}

export function refusalLaws(open: OpenStore): void {
  it('another version or hash than the stored one conflicts and tells the stored one', async t => {
    const store = await open(t)
    const stream = newStream()
    const head = await put(store, stream, newEvents(2))
    const behind = await appendOne(store, appendOf(stream, newEvents(1)))
    assert.deepEqual(behind, { status: 'conflict', head })
    const ahead = { version: 5, hash: head.hash }
    const before = await appendOne(store, appendOf(stream, newEvents(1), ahead))
    assert.deepEqual(before, { status: 'conflict', head })
    const strange = { version: 2, hash: Buffer.alloc(32, 7) }
    const other = await appendOne(store, appendOf(stream, newEvents(1), strange))
    assert.deepEqual(other, { status: 'conflict', head })
    const nowhere = await appendOne(store, appendOf(newStream(), newEvents(1), head))
    assert.deepEqual(nowhere, { status: 'conflict', head: { version: 0, hash: Buffer.alloc(32) } })
  })

  it('what cannot be an append is a bug of the caller', async t => {
    const store = await open(t)
    const stream = newStream()
    const append = appendOf(stream, newEvents(1))
    const wrong = [
      [append, append],
      [{ ...append, events: [], hashes: [] }],
      [{ ...append, hashes: [] }],
      [{ ...append, expected: { version: 0, hash: Buffer.alloc(32, 1) } }],
      [appendOf(stream, [newEvent({ closes: true }), newEvent()])],
      [appendOf(stream, [newEvent({ partition: 8 })])],
    ]
    for (const appends of wrong) {
      await assert.rejects(store.append(appends), { name: 'AssertionFault' })
    }
    assert.equal((await store.head()).position, 0n)
  })
}
