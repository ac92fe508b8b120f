import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../service/fault.ts'
import { SILENT } from '../service/logger.ts'
import { keepForgetting } from './forgetting.ts'
import type { IdempotencyKeys } from './port.ts'

const HOUR_MS = 3_600_000

function counted(answers: (number | Error)[]) {
  const asked: (readonly [number, number])[] = []
  const keys: IdempotencyKeys = {
    bind: async () => true,
    accept: async () => {},
    release: async () => {},
    forget: async (keepMs, limit) => {
      asked.push([keepMs, limit])
      const answer = answers.shift() ?? 0
      if (answer instanceof Error) throw answer
      return answer
    },
  }
  return { keys, asked }
}

test('old keys go in batches until none is left, and again after the period', async t => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const { keys, asked } = counted([3, 3, 1, 2])
  const stop = keepForgetting({ keys, logger: SILENT, keepMs: HOUR_MS, everyMs: 60_000, batch: 3 })
  await new Promise(resolve => setImmediate(resolve))
  assert.equal(asked.length, 3)
  assert.deepEqual(asked[0], [HOUR_MS, 3])
  t.mock.timers.tick(60_000)
  await stop()
  assert.equal(asked.length, 3, 'what is stopped asks no more')
})

test('a database that is away is asked again the next time', async t => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const { keys, asked } = counted([new Fault('unavailable', 'away'), 0])
  const stop = keepForgetting({ keys, logger: SILENT, keepMs: HOUR_MS, everyMs: 60_000 })
  await new Promise(resolve => setImmediate(resolve))
  t.mock.timers.tick(60_000)
  await new Promise(resolve => setImmediate(resolve))
  assert.equal(asked.length, 2)
  await stop()
})
