import { join } from 'node:path'
import { test } from 'node:test'
import { assertReadmeNames } from '@tongchou/runtime/testing/readme.ts'
import { BILL_PROBLEMS } from './bill/problems.ts'
import { CREDIT_PROBLEMS } from './credit/problems.ts'
import { PREMIUM_PROBLEMS } from './premium/problems.ts'

test('the README names every refusal with its status, and no other', () => {
  const page = join(import.meta.dirname, '../README.md')
  assertReadmeNames(page, BILL_PROBLEMS, PREMIUM_PROBLEMS, CREDIT_PROBLEMS)
})
