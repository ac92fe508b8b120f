import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { decodeMeta } from '@tongchou/contracts/avro/codec.ts'
import { type Uuid, uuid } from '@tongchou/contracts/id.ts'
import { instant } from '@tongchou/contracts/time.ts'
import { type EventRow, EventRows } from '@tongchou/runtime/audit/snapshot/event-rows.ts'
import { copyRow, copyRows } from '@tongchou/runtime/audit/snapshot/testing.ts'
import { leafHash, rootOf } from '@tongchou/runtime/audit/tree.ts'
import { chain, EMPTY_HEAD, eventHash } from '@tongchou/runtime/event-store/chain.ts'
import type { StoredEvent } from '@tongchou/runtime/event-store/port.ts'
import { toStore } from '@tongchou/runtime/service/recorded.ts'
import { Tally } from './checks.ts'
import { chainHash } from './event/hashes.ts'
import { placesIn } from './event/meta.ts'
import { Lane } from './lane.ts'

const CLAIM = uuid('00077b2c-2963-5dc1-a61c-17d0c6dc3348')
const PERSON = uuid('00077b2c-2963-8dc1-a61c-17d0c6dc3348')
const incarnation = uuid('00077b2c-2963-4dc1-a61c-17d0c6dc3349')

function commandOf(n: number): Uuid {
  return uuid(`00077b2c-2963-4dc1-a61c-${String(n).padStart(12, '0')}`)
}

/** Withdrawals in streams of one, two and three events; the last two of one command. */
function history(): StoredEvent[] {
  const events: StoredEvent[] = []
  const add = (stream: string, command: number, index: number): void => {
    const before = events.findLast(event => event.stream === stream) ?? EMPTY_HEAD
    const meta = {
      commandId: commandOf(command),
      correlationId: commandOf(command),
      causationId: command % 2 === 0 ? commandOf(99) : null,
      actor: 'hospital:H11010000001',
      now: instant('2026-01-01T00:00:00.123Z'),
    }
    const data = { claimId: CLAIM, personId: PERSON, reason: `reason ${command}` }
    const event = toStore({ type: 'ClaimWithdrawn', data } as never, meta, index, PERSON, false)
    const [hash = EMPTY_HEAD.hash] = chain(before, stream, [event])
    const position = BigInt(events.length + 1)
    events.push({ ...event, stream, version: before.version + 1, hash, position })
  }
  add('claim-a', 1, 0)
  add('claim-b', 2, 0)
  add('claim-c', 3, 0)
  add('claim-b', 4, 0)
  add('claim-c', 5, 0)
  add('claim-c', 5, 1)
  return events
}

const stored = history()

function rowsOf(bytes: Buffer, onEvent: (event: EventRow) => void): void {
  const rows = new EventRows(onEvent)
  rows.push(bytes)
  rows.finish()
}

/** Findings over some rows. The store says and has signed nothing unless told. */
async function findings(bytes: Buffer, position = BigInt(stored.length)): Promise<string[]> {
  const tally = new Tally('clearing')
  const facts = {
    service: 'clearing',
    end: { incarnation, position },
    bytes: 0,
    consumers: [],
    parked: [],
  } as const
  const lane = new Lane({ facts, checkpoints: { lines: [], publicKey: undefined } }, tally, [])
  try {
    rowsOf(bytes, event => lane.event(event))
  } catch (cause) {
    return [String(cause)]
  }
  await lane.finish()
  return tally.result().findings.map(({ check, position: at }) => `${check} ${at}`)
}

describe('the pass over a store', () => {
  test('finds nothing in what was stored as the store stores', async () => {
    assert.deepEqual(await findings(copyRows(stored)), [])
  })

  test('finds every byte that is changed, and names the event', async () => {
    const rows = stored.map(copyRow)
    const start = 19 + rows.slice(0, 3).reduce((sum, row) => sum + row.length, 0)
    const end = start + (rows[3]?.length ?? 0)
    for (let at = start; at < end; at++) {
      const bytes = copyRows(stored)
      bytes[at] = (bytes[at] ?? 0) ^ 0x01
      const found = await findings(bytes)
      const named = found.some(line => line.endsWith(' 4') || line.startsWith('BadRows'))
      assert.ok(named, `byte ${at - start} of the row: ${found}`)
    }
  })

  test('names a damaged event once, not those that follow it', async () => {
    const damages: readonly (readonly [Partial<StoredEvent>, readonly string[]])[] = [
      [
        { data: Buffer.concat([stored[3]?.data ?? EMPTY_HEAD.hash, Buffer.from([0])]) },
        ['chains 3', 'encoding 3'],
      ],
      [{ hash: Buffer.alloc(32, 1) }, ['chains 3']],
      [{ atMs: 1 }, ['chains 3']],
      [{ version: 9 }, ['chains 3']],
    ]
    for (const [change, wanted] of damages) {
      const rows = stored.map(event => (event.position === 3n ? { ...event, ...change } : event))
      assert.deepEqual(await findings(copyRows(rows)), wanted)
    }
  })

  test('finds an event that is gone, doubled or behind the end of its stream', async () => {
    const without = stored.filter(({ position }) => position !== 2n)
    assert.deepEqual(await findings(copyRows(without)), ['positions 2', 'chains 4', 'head 6'])
    const twice = [...stored, { ...(stored[0] ?? assert.fail()), position: 7n }]
    assert.deepEqual(await findings(copyRows(twice), 7n), ['chains 7', 'identity 7'])
    const closed = stored.map(event => (event.position === 3n ? { ...event, closes: true } : event))
    assert.deepEqual(await findings(copyRows(closed)), ['chains 3', 'chains 5'])
  })

  test('finds ids and partitions that do not follow, even with the hash made anew', async () => {
    const forged = (change: Partial<StoredEvent>): readonly StoredEvent[] =>
      stored.map(event => {
        if (event.position !== 1n) return event
        const other = { ...event, ...change }
        return { ...other, hash: eventHash(EMPTY_HEAD.hash, other.stream, 1, other) }
      })
    const [first = assert.fail()] = stored
    for (const change of [{ id: commandOf(7) }, { partition: (first.partition + 1) % 8 }]) {
      assert.deepEqual(await findings(copyRows(forged(change))), ['identity 1'])
    }
    assert.deepEqual(await findings(copyRows(forged({ schema: 2 }))), ['encoding 1'])
  })

  test('finds that the store says another end', async () => {
    assert.deepEqual(await findings(copyRows(stored), 9n), ['head 7'])
    assert.deepEqual(await findings(copyRows(stored), 5n), ['head 6'])
  })
})

describe('what is read from the bytes of a row', () => {
  const rows: EventRow[] = []
  rowsOf(copyRows(stored), row => rows.push(row))

  test('has the hash that the store computes', () => {
    let before = EMPTY_HEAD.hash
    for (const row of rows) {
      const hash = eventHash(before, row.stream, row.version, row)
      assert.equal(chainHash(row, before, 0), hash.toString('latin1'))
      before = row.hash
    }
  })

  test('has the command and the key that the codec reads', () => {
    for (const { bytes, metaAt, dataAt, meta } of rows) {
      const { commandId, keyAt, keyEnd } = placesIn(bytes, metaAt, dataAt - 4) ?? assert.fail()
      const { commandId: wanted, key } = decodeMeta(meta)
      assert.equal(commandId.toString('hex'), wanted.replaceAll('-', ''))
      assert.equal(bytes.toString('utf8', keyAt, keyEnd), key)
    }
  })

  test('has no places when the metadata are cut off or longer', () => {
    for (const { meta } of rows) {
      for (let length = 0; length < meta.length; length++)
        assert.equal(placesIn(meta, 0, length), null)
      const longer = Buffer.concat([meta, Buffer.from([0])])
      assert.equal(placesIn(longer, 0, longer.length), null)
    }
  })

  test('makes the tree of the store', async () => {
    const facts = {
      service: 'clearing',
      end: { incarnation, position: 6n },
      bytes: 0,
      consumers: [],
      parked: [],
    } as const
    const lane = new Lane(
      { facts, checkpoints: { lines: [], publicKey: undefined } },
      new Tally('clearing'),
      [],
    )
    for (const row of rows) lane.event(row)
    const { size, root } = await lane.finish()
    assert.equal(size, 6)
    const leaves = stored.map(({ position, hash }) => leafHash(position, hash))
    assert.equal(root, rootOf(leaves).toString('hex'))
  })
})
