/** What is kept beside events. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { newUuid } from '@tongchou/contracts/id.ts'
import { EMPTY_HEAD } from '../chain.ts'
import { appendOf, BYTES, newEvent, newStream, put } from '../testing.ts'
import type { OpenStore } from './open.ts'

export function attachmentLaws(open: OpenStore): void {
  it('is read by the position of its event, byte for byte', async t => {
    const store = await open(t)
    const large = Buffer.alloc(500_000, BYTES)
    await put(store, newStream(), [newEvent(), newEvent({ attachment: BYTES }), newEvent()])
    await Promise.all([
      put(store, newStream(), [newEvent({ attachment: large })]),
      put(store, newStream(), [newEvent()]),
    ])
    assert.equal(await store.readAttachment(1n), undefined)
    assert.deepEqual(await store.readAttachment(2n), BYTES)
    assert.equal(await store.readAttachment(3n), undefined)
    const [fourth, fifth] = [await store.readAttachment(4n), await store.readAttachment(5n)]
    assert.deepEqual(
      [fourth, fifth].filter(found => found !== undefined),
      [large],
    )
    assert.equal(await store.readAttachment(6n), undefined)
  })

  it('is no part of the event: not of its hash, not of what is read', async t => {
    const store = await open(t)
    const stream = newStream()
    const event = newEvent()
    const append = appendOf(stream, [{ ...event, attachment: BYTES }])
    assert.deepEqual(append.hashes, appendOf(stream, [event]).hashes)
    await store.append([append])
    const expected = { ...event, stream, version: 1, position: 1n, hash: append.hashes[0] }
    assert.deepEqual(await store.readAll(0n, 10), [expected])
    assert.deepEqual((await store.readStreams([stream])).get(stream), [expected])
  })

  it('of a repeated append stays the first one', async t => {
    const store = await open(t)
    const event = newEvent()
    const append = (bytes: Buffer) => appendOf('claim-again', [{ ...event, attachment: bytes }])
    await store.append([append(BYTES)])
    const [again] = await store.append([append(Buffer.from('other'))])
    assert.equal(again?.status, 'duplicate')
    assert.deepEqual(await store.readAttachment(1n), BYTES)
  })

  it('of an append that is refused is not kept, those beside it are', async t => {
    const store = await open(t)
    const [taken, free] = [newStream(), newStream()]
    await put(store, taken, [newEvent()])
    const appends = [taken, free].map(stream =>
      appendOf(stream, [newEvent({ attachment: Buffer.from(stream) }), newEvent()], EMPTY_HEAD),
    )
    const outcomes = await store.append(appends)
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['conflict', 'appended'],
    )
    const found = await Promise.all([1n, 2n, 3n].map(position => store.readAttachment(position)))
    assert.deepEqual(found, [undefined, Buffer.from(free), undefined])
  })

  it('cannot come with progress', async t => {
    const store = await open(t)
    const { incarnation } = await store.head()
    const append = appendOf(newStream(), [newEvent({ attachment: BYTES })])
    const positions = [{ partition: 0, position: 1n, epoch: 1 }]
    const progress = { group: 'g', topic: newUuid(), incarnation, positions }
    await assert.rejects(store.append([append], [progress]), /nothing is kept beside/)
    assert.equal((await store.head()).position, 0n)
  })
}
