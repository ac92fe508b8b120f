/** `pnpm chaos --short`: everything is killed under load, and what was acknowledged holds. */
import assert from 'node:assert/strict'
import path from 'node:path'
import { test } from 'node:test'
import { runNode } from '../system/child.ts'

const CHAOS = path.join(import.meta.dirname, '../../../scripts/chaos.ts')

test('kill -9 of everything, of the processes and of the database loses nothing', async t => {
  const { TONGCHOU_DATABASE_URL: _, ...env } = process.env
  const { code, said } = await runNode(t, [CHAOS, '--short', '--seed', '1'], env)
  assert.equal(code, 0, said)
  assert.match(said, /Everything holds/)
})
