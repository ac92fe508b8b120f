import assert from 'node:assert/strict'
import { test } from 'node:test'
import { untilKnown } from './topics.ts'

const SPECS = [
  { name: 'a', partitions: 2, config: {} },
  { name: 'b', partitions: 1, config: {} },
]

test('a topic that brokers come to know later is waited for', async () => {
  const answers = [
    () => assert.fail('unknown topic'),
    () => new Map([['a', 2]]),
    () =>
      new Map([
        ['a', 2],
        ['b', 1],
      ]),
  ]
  await untilKnown(SPECS, 60_000, async () => (answers.shift() ?? assert.fail('asked again'))())
  assert.equal(answers.length, 0)
})

test('another number of partitions is refused at once, by name', async () => {
  const looked = untilKnown(SPECS, 60_000, async () => new Map([['a', 3]]))
  await assert.rejects(looked, { message: 'topic a has 3 partitions, not 2', retryable: false })
})

test('when the time is up what is missing is named', async () => {
  await assert.rejects(
    untilKnown(SPECS, 0, async () => new Map([['a', 2]])),
    /^Error: b: /,
  )
})

test('when the time is up the last error stands', async () => {
  await assert.rejects(
    untilKnown(SPECS, 0, () => Promise.reject(new Error('nobody'))),
    /nobody/,
  )
})
