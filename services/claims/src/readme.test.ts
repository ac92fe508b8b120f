import { join } from 'node:path'
import { test } from 'node:test'
import { assertReadmeNames } from '@tongchou/runtime/testing/readme.ts'
import { ACCOUNT_PROBLEMS } from './account/problems.ts'
import { PACK_PROBLEMS } from './pack/problems.ts'

test('the README names every refusal with its status, and no other', () => {
  const { 'other-region': _samePackRow, ...packs } = PACK_PROBLEMS
  assertReadmeNames(join(import.meta.dirname, '../README.md'), ACCOUNT_PROBLEMS, packs)
})
