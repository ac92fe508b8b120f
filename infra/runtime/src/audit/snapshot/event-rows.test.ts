import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { openMemoryStore } from '../../event-store/memory.ts'
import { newEvents, newStream, put, readWhole } from '../../event-store/testing.ts'
import { BadRows, type EventRow, EventRows } from './event-rows.ts'
import { copyRows } from './testing.ts'

async function someEvents() {
  const store = openMemoryStore()
  await put(store, newStream(), newEvents(2))
  await put(
    store,
    'journal-3-2025-01',
    newEvents(2, { closes: true, meta: Buffer.alloc(0) }).slice(1),
  )
  return readWhole(store)
}

const stored = await someEvents()
const bytes = copyRows(stored)

function plain(row: EventRow) {
  const { id, type, schema, partition, atMs, closes, meta, data } = row
  const { position, stream, version, hash } = row
  return { id, type, schema, partition, atMs, closes, meta, data, position, stream, version, hash }
}

function rowsIn(chunks: readonly Buffer[]): EventRow[] {
  const found: EventRow[] = []
  const rows = new EventRows(event => found.push(event))
  for (const chunk of chunks) rows.push(chunk)
  rows.finish()
  return found
}

describe('rows of a copy', () => {
  test('are the events, wherever the stream is cut into chunks', () => {
    for (let cut = 0; cut <= bytes.length; cut++) {
      const rows = rowsIn([bytes.subarray(0, cut), bytes.subarray(cut)])
      assert.deepEqual(
        rows.map(plain),
        stored.map(event => ({ ...event })),
        `cut at ${cut}`,
      )
    }
  })

  test('byte by byte are the events too', () => {
    const rows = rowsIn(Array.from(bytes, byte => Buffer.from([byte])))
    assert.equal(rows.length, stored.length)
  })

  test('that break off are refused', () => {
    for (let length = 0; length < bytes.length; length++) {
      assert.throws(() => rowsIn([bytes.subarray(0, length)]), BadRows, `${length} bytes`)
    }
  })

  test('that go on behind their end are refused', () => {
    assert.throws(() => rowsIn([bytes, Buffer.from([0])]), /more behind/)
  })

  test('of another shape are refused', () => {
    const header = Buffer.from(bytes)
    header[3] = 0x58
    assert.throws(() => rowsIn([header]), /not rows of COPY/)
    const count = Buffer.from(bytes)
    count[20] = 11
    assert.throws(() => rowsIn([count]), /a row of 11 fields/)
    const width = Buffer.from(bytes)
    width[24] = 4
    assert.throws(() => rowsIn([width]), /another width/)
  })
})
