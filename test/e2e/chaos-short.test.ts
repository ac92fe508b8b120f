/** `pnpm chaos --short`: everything is killed under load, and what was acknowledged holds. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { test } from 'node:test'

const CHAOS = path.join(import.meta.dirname, '../../scripts/chaos.ts')

test('kill -9 of everything, of the processes and of the database loses nothing', async t => {
  const { TONGCHOU_DATABASE_URL: _, ...env } = process.env
  const child = spawn(process.execPath, [CHAOS, '--short', '--seed', '1'], { env })
  t.after(() => child.kill('SIGTERM'))
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', text => {
      said += text
    })
  }
  const [code] = await once(child, 'close')
  assert.equal(code, 0, said)
  assert.match(said, /Everything holds/)
})
