import { join } from 'node:path'
import { test } from 'node:test'
import { assertReadmeNames } from '@tongchou/runtime/testing/readme.ts'
import { ACCOUNT_PROBLEMS } from './account/problems.ts'
import { PACK_PROBLEMS } from './pack/problems.ts'
import { WHAT_IF_PROBLEMS } from './whatif/problems.ts'

test('the README names every refusal with its status, and no other', () => {
  const { 'other-region': _samePackRow, ...packs } = PACK_PROBLEMS
  const readme = join(import.meta.dirname, '../README.md')
  assertReadmeNames(readme, ACCOUNT_PROBLEMS, packs, WHAT_IF_PROBLEMS)
})
