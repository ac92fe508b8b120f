/** Limits of several chronic diseases. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fen } from '@tongchou/contracts/money.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import { planNamed } from '../testing/vectors/packs.ts'
import { chronicLimit } from './chronic-limit.ts'

const ON = businessDate('2011-01-01')

function limitOf(...limits: readonly number[]): bigint {
  const answer = chronicLimit(
    planNamed('P02'),
    limits.map(value => fen(value)),
    ON,
  )
  assert.ok(answer.kind === 'chronic-limit')
  return answer.limitFen
}

test('the main disease counts whole, half of the others together is added', () => {
  assert.equal(limitOf(300_000, 200_000), 400_000n)
  assert.equal(limitOf(200_000, 300_000), 400_000n)
  assert.equal(limitOf(300_000, 3, 200_000), 400_002n)
  assert.deepEqual([limitOf(300_000), limitOf()], [300_000n, 0n])
})

test('a policy without the rule says so', () => {
  assert.equal(chronicLimit(planNamed('P01'), [fen(1)], ON).kind, 'no-policy')
})
