import { join } from 'node:path'
import { test } from 'node:test'
import { assertReadmeNames } from '@tongchou/runtime/testing/readme.ts'
import { CLAIM_PROBLEMS } from './door/problems.ts'
import { WINDOW_PROBLEMS } from './window/problems.ts'

test('the README tells the refusals that the code has', () => {
  assertReadmeNames(join(import.meta.dirname, '../README.md'), CLAIM_PROBLEMS, WINDOW_PROBLEMS)
})
