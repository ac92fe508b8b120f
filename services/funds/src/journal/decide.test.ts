import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { CommandMeta } from '@tongchou/contracts/decision.ts'
import { NAMESPACE, uuidFrom } from '@tongchou/contracts/id.ts'
import { instant } from '@tongchou/contracts/time.ts'
import fc from 'fast-check'
import { at, premium } from '../testing/events.ts'
import type { Posting, PostJournal } from './commands.ts'
import { decide } from './decide.ts'
import { entriesOf } from './entries.ts'
import type { JournalEvent } from './events.ts'
import { faultsOf, unpack } from './pack.ts'
import { evolve, initialState, type JournalState } from './state.ts'

const STORE = uuidFrom(NAMESPACE.command, 'contributions store')
const OTHER_STORE = uuidFrom(NAMESPACE.command, 'another store')
const META: CommandMeta = {
  commandId: uuidFrom(NAMESPACE.command, 'command'),
  correlationId: uuidFrom(NAMESPACE.command, 'command'),
  causationId: null,
  actor: 'service:funds',
  now: instant('2025-01-31T08:00:00.000Z'),
}

function posting(position: number | bigint): Posting {
  const event = at('PremiumReceived', premium('110100', 100), BigInt(position))
  return { position: BigInt(position), entry: entriesOf(event)[0] ?? null }
}

function post(
  positions: readonly (number | bigint)[],
  options: { parked?: readonly (number | bigint)[]; store?: typeof STORE; topic?: string } = {},
): PostJournal {
  const { parked = [], store = STORE, topic = 'contributions.premium.v1' } = options
  return {
    type: 'PostJournal',
    data: {
      partition: 3,
      month: '2025-01',
      topic,
      incarnation: store,
      postings: positions.map(posting),
      parked: parked.map(BigInt),
    },
    meta: META,
  }
}

/** Positions of the entries that one command adds; undefined when it adds no event. */
function added(state: JournalState, command: PostJournal) {
  const { events } = decide(command, state)
  const [event] = events
  assert.ok(events.length <= 1)
  return event
}

function after(...commands: readonly PostJournal[]): JournalState {
  return commands.reduce(
    (state, command) => decide(command, state).events.reduce(evolve, state),
    initialState,
  )
}

function positionsOf(event: JournalEvent | undefined): readonly bigint[] {
  return event === undefined ? [] : unpack(event.data).map(({ sourcePosition }) => sourcePosition)
}

describe('posting a batch', () => {
  test('a batch is one event with its extent, its sums and its mark', () => {
    const event = added(initialState, post([4, 9]))
    assert.ok(event !== undefined)
    const { fromPosition, toPosition, debitFen, accounts, marks } = event.data
    assert.deepEqual([fromPosition, toPosition, debitFen], [4n, 9n, 200n])
    assert.deepEqual(
      accounts.map(({ account, debitFen: debit, creditFen }) => [account, debit, creditFen]),
      [
        ['1003', 200n, 0n],
        ['4001', 0n, 200n],
      ],
    )
    const mark = { topic: 'contributions.premium.v1', incarnation: STORE, position: 9n, parked: [] }
    assert.deepEqual(marks, [mark])
    assert.deepEqual(faultsOf(event.data), [])
  })

  test('messages that move no money make no event', () => {
    const empty = post([])
    const command = { ...empty, data: { ...empty.data, postings: [{ position: 4n, entry: null }] } }
    assert.equal(added(initialState, command), undefined)
  })

  test('the last event alone tells the state', () => {
    const first = added(initialState, post([4, 9]))
    assert.ok(first !== undefined)
    const second = added(evolve(initialState, first), post([2], { topic: 'clearing.claim.v1' }))
    assert.ok(second !== undefined)
    assert.deepEqual(evolve(initialState, second), evolve(evolve(initialState, first), second))
    assert.equal(second.data.marks.length, 2)
  })
})

describe('a message that comes again', () => {
  const state = after(post([4, 9]))

  test('is dropped, alone and among new ones', () => {
    assert.equal(added(state, post([4, 9])), undefined)
    assert.deepEqual(positionsOf(added(state, post([9, 11]))), [11n])
  })

  test('is another message when it comes from another store or topic', () => {
    assert.deepEqual(positionsOf(added(state, post([4], { store: OTHER_STORE }))), [4n])
    assert.deepEqual(positionsOf(added(state, post([4], { topic: 'clearing.window.v1' }))), [4n])
  })
})

describe('a parked message', () => {
  const state = after(post([4, 9], { parked: [5, 7] }))

  test('is noted, even when nothing else is posted', () => {
    assert.deepEqual(added(initialState, post([], { parked: [5] }))?.data.marks[0]?.parked, [5n])
  })

  test('is posted once when it is replayed behind the mark', () => {
    const event = added(state, post([5]))
    assert.deepEqual(positionsOf(event), [5n])
    assert.ok(event !== undefined)
    assert.deepEqual(event.data.marks[0]?.parked, [7n])
    assert.equal(event.data.marks[0]?.position, 9n)
    assert.equal(added(evolve(state, event), post([5])), undefined)
  })

  test('parked again changes nothing', () => {
    assert.equal(added(state, post([], { parked: [5] })), undefined)
  })

  test('that was posted before it failed is not parked any more', () => {
    assert.equal(added(state, post([], { parked: [4] })), undefined)
  })

  test('that moves no money after all is settled without an entry', () => {
    const empty = post([])
    const command = { ...empty, data: { ...empty.data, postings: [{ position: 5n, entry: null }] } }
    assert.deepEqual(added(state, command)?.data.marks[0]?.parked, [7n])
  })
})

/**
 * Deliveries of messages 1..n: stretches that may start anywhere handled so far, some messages
 * failing.
 */
const deliveries = fc.record({
  messages: fc.integer({ min: 1, max: 30 }),
  steps: fc.array(
    fc.record({
      back: fc.nat({ max: 6 }),
      size: fc.integer({ min: 1, max: 8 }),
      fails: fc.nat({ max: 9 }),
    }),
    { maxLength: 25 },
  ),
})

test('however batches are cut, delivered again, parked and replayed, each message is posted once', () => {
  fc.assert(
    fc.property(deliveries, ({ messages, steps }) => {
      const posted: bigint[] = []
      const waiting = new Set<number>()
      let state: JournalState = initialState
      let next = 1
      function run(positions: readonly number[], parked: readonly number[]): void {
        const event = added(state, post(positions, { parked }))
        if (event === undefined) return
        posted.push(...positionsOf(event))
        state = evolve(state, event)
      }
      for (const { back, size, fails } of steps) {
        const from = Math.max(1, next - back)
        const to = Math.min(messages, from + size - 1)
        const stretch = Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i)
        const parked = stretch.filter(position => position % 10 === fails)
        run(
          stretch.filter(position => !parked.includes(position)),
          parked,
        )
        for (const position of parked) if (!posted.includes(BigInt(position))) waiting.add(position)
        for (const position of posted) waiting.delete(Number(position))
        next = Math.max(next, to + 1)
        const [replayed] = waiting
        if (back % 3 === 0 && replayed !== undefined) {
          run([replayed], [])
          run([replayed], [])
          waiting.delete(replayed)
        }
      }
      const handled = Array.from({ length: next - 1 }, (_, i) => i + 1)
      const expected = handled.filter(position => !waiting.has(position)).map(BigInt)
      assert.deepEqual(
        posted.toSorted((a, b) => Number(a - b)),
        expected,
      )
    }),
  )
})
