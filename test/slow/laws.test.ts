/**
 * The long forms of `test/e2e`: the same tests, many more times. `node --test
 * test/slow/laws.test.ts`, about ten minutes; TONGCHOU_SLOW_TIMES changes how often.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { test } from 'node:test'

const TIMES = process.env['TONGCHOU_SLOW_TIMES'] ?? '10000'
const FOLDER = path.join(import.meta.dirname, '../e2e')

const LONG = [
  ['absence.test.ts', { TONGCHOU_E2E_TIMES: TIMES }],
  ['reversal.test.ts', { TONGCHOU_E2E_TIMES: TIMES }],
  ['windows.test.ts', { TONGCHOU_E2E_SECONDS: '120' }],
] as const

for (const [file, more] of LONG) {
  test(`${file} with ${JSON.stringify(more)}`, async () => {
    // A test inside of a test would report to the outer one instead of running.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env
    const args = ['--test', path.join(FOLDER, file)]
    const child = spawn(process.execPath, args, { env: { ...env, ...more } })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', text => {
        said += text
      })
    }
    const [code] = await once(child, 'close')
    assert.equal(code, 0, said)
  })
}
