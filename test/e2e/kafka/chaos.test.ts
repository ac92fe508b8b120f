/** `pnpm chaos --kafka --short`: the broker and a service are killed, answers to sends are lost. */
import assert from 'node:assert/strict'
import path from 'node:path'
import { test } from 'node:test'
import { noKafka } from '@tongchou/runtime/kafka/testing.ts'
import { runNode } from '../system/child.ts'

const CHAOS = path.join(import.meta.dirname, '../../../scripts/chaos.ts')
const skip = await noKafka('own')

test('a broker killed, a replica killed, sends without an answer: nothing is lost or twice', {
  skip,
}, async t => {
  const { TONGCHOU_DATABASE_URL: _, ...env } = process.env
  const { code, said } = await runNode(t, [CHAOS, '--kafka', '--short', '--seed', '1'], env)
  assert.equal(code, 0, said)
  assert.match(said, /Everything holds/)
  assert.match(said, /[1-9]\d* answers to sends/)
})
