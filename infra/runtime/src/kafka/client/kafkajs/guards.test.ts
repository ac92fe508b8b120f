import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  checkLater,
  type GroupMember,
  hasMoved,
  installGuards,
  isSequenceLost,
  type RequestQueue,
  retire,
  typesOf,
  unlessRetired,
  withCoordinator,
  withFreshMetadata,
} from './guards.ts'

const MOVED = { type: 'NOT_COORDINATOR_FOR_GROUP' }

function queueOf(pending: number): RequestQueue & { checks: number } {
  const queue = {
    pending: Array.from({ length: pending }),
    throttledUntil: -1,
    throttleCheckTimeoutId: null,
    checks: 0,
    checkPendingRequests: () => {
      queue.checks += 1
    },
  }
  return queue
}

function memberOf(coordinator: () => Promise<string>): GroupMember & { refreshed: number } {
  const member = {
    groupId: 'readers',
    coordinator: 'old',
    offsetManager: { coordinator: 'old' },
    refreshed: 0,
    cluster: {
      findGroupCoordinator: coordinator,
      refreshMetadata: async () => {
        member.refreshed += 1
      },
    },
  }
  return member
}

/** Calls what a guard made, as the library would: as a method of `self`. */
function call(guard: unknown, self: object, ...given: unknown[]): Promise<unknown> {
  assert.ok(typeof guard === 'function')
  return Reflect.apply(guard, self, given)
}

function failing(error: unknown): () => Promise<never> {
  return () => Promise.reject(error)
}

test('another version of kafkajs is refused', () => {
  assert.throws(() => installGuards('2.3.0'), /kafkajs is 2\.3\.0.*2\.2\.4/)
  installGuards()
})

test('a queue without requests sets no timer', () => {
  const queue = queueOf(0)
  checkLater(queue)
  assert.equal(queue.throttleCheckTimeoutId, null)
})

test('a queue with requests sets one timer, of ten milliseconds at least', t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const queue = queueOf(1)
  checkLater(queue)
  checkLater(queue)
  t.mock.timers.tick(9)
  assert.equal(queue.checks, 0)
  t.mock.timers.tick(1)
  assert.equal(queue.checks, 1)
  assert.equal(queue.throttleCheckTimeoutId, null)
})

test('a heartbeat to a broker that is coordinator no more goes to the new one from then on', async () => {
  const member = memberOf(async () => 'new')
  await call(withCoordinator(failing(MOVED), 'swallow'), member)
  assert.deepEqual([member.coordinator, member.offsetManager?.coordinator], ['new', 'new'])
})

test('a commit that went to the wrong broker fails as it did, to be tried again', async () => {
  const member = memberOf(async () => 'new')
  await assert.rejects(call(withCoordinator(failing(MOVED), 'throw'), member), MOVED)
  assert.equal(member.coordinator, 'new')
})

test('while nobody knows the coordinator the first error stands', async () => {
  const member = memberOf(failing(new Error('not to be tried again')))
  await assert.rejects(call(withCoordinator(failing(MOVED), 'swallow'), member), MOVED)
  assert.equal(member.coordinator, 'old')
})

test('other errors of a heartbeat are none of the guard', async () => {
  const error = { type: 'UNKNOWN_MEMBER_ID' }
  const member = memberOf(async () => 'new')
  await assert.rejects(call(withCoordinator(failing(error), 'swallow'), member), error)
  assert.equal(member.coordinator, 'old')
})

test('a fetch that was not answered makes the leaders looked up anew', async () => {
  const member = memberOf(async () => '')
  const guard = withFreshMetadata(() => assert.fail('left to kafkajs'))
  await call(guard, member, { name: 'KafkaJSRequestTimeoutError' })
  assert.equal(member.refreshed, 1)
})

test('other errors of a fetch are left to kafkajs', async () => {
  const member = memberOf(async () => '')
  const seen: unknown[] = []
  const guard = withFreshMetadata((...given) => seen.push(...given))
  await call(guard, member, { name: 'KafkaJSOffsetOutOfRange' })
  assert.deepEqual(seen, [{ name: 'KafkaJSOffsetOutOfRange' }])
  assert.equal(member.refreshed, 0)
})

test('what connects through a retired factory is refused for good, others connect', async () => {
  const [gone, alive] = [() => {}, () => {}]
  retire(gone)
  const guard = unlessRetired(() => 'connected')
  await assert.rejects(call(guard, { socketFactory: gone }), { retriable: false })
  assert.equal(await call(guard, { socketFactory: alive }), 'connected')
})

test('a lost sequence is seen through the errors that kafkajs wraps it in', () => {
  for (const type of ['OUT_OF_ORDER_SEQUENCE_NUMBER', 'INVALID_PRODUCER_EPOCH']) {
    assert.ok(isSequenceLost({ name: 'KafkaJSNonRetriableError', originalError: { type } }))
  }
  assert.ok(isSequenceLost({ cause: { cause: { type: 'UNKNOWN_PRODUCER_ID' } } }))
  assert.ok(!isSequenceLost({ type: 'MESSAGE_TOO_LARGE' }))
  assert.deepEqual(typesOf({ type: 'A', cause: { type: 'B' } }), ['A', 'B'])
  assert.deepEqual(typesOf(undefined), [])
})

test('a coordinator has moved when it says so or does not answer', () => {
  assert.ok(hasMoved({ name: 'KafkaJSConnectionClosedError' }))
  assert.ok(!hasMoved({ type: 'REBALANCE_IN_PROGRESS' }))
  assert.ok(!hasMoved(null))
})
