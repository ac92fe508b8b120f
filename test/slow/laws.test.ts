/**
 * The long forms of `test/e2e`: the same tests, many more times. `node --test
 * test/slow/laws.test.ts`, about ten minutes; TONGCHOU_SLOW_TIMES changes how often.
 */
import assert from 'node:assert/strict'
import path from 'node:path'
import { test } from 'node:test'
import { runNode } from '../e2e/system/child.ts'

const TIMES = process.env['TONGCHOU_SLOW_TIMES'] ?? '10000'
const FOLDER = path.join(import.meta.dirname, '../e2e')

const LONG = [
  ['absence.test.ts', { TONGCHOU_E2E_TIMES: TIMES }],
  ['reversal.test.ts', { TONGCHOU_E2E_TIMES: TIMES }],
  ['windows.test.ts', { TONGCHOU_E2E_SECONDS: '120' }],
] as const

for (const [file, more] of LONG) {
  test(`${file} with ${JSON.stringify(more)}`, async t => {
    // A test inside of a test would report to the outer one instead of running.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env
    const args = ['--test', path.join(FOLDER, file)]
    const { code, said } = await runNode(t, args, { ...env, ...more })
    assert.equal(code, 0, said)
  })
}
