import { join } from 'node:path'
import { test } from 'node:test'
import { assertReadmeNames } from '@tongchou/runtime/testing/readme.ts'
import { CREDIT_PROBLEMS } from './credit/problems.ts'
import { PREMIUM_PROBLEMS } from './premium/problems.ts'

test('the README names every refusal with its status, and no other', () => {
  assertReadmeNames(join(import.meta.dirname, '../README.md'), PREMIUM_PROBLEMS, CREDIT_PROBLEMS)
})
