import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'

const CHAOS = join(import.meta.dirname, '../../scripts/chaos.ts')

test('kill -9 of everything, of the database, of each process: nothing acknowledged is lost, nothing happens twice', () => {
  const port = String(20_000 + (process.pid % 20_000))
  const args = [CHAOS, '--short', '--seed', '7', '--port', port]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  assert.equal(status, 0, `${stdout}\n${stderr}`)
})
