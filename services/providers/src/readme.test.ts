import { join } from 'node:path'
import { test } from 'node:test'
import { assertReadmeNames } from '@tongchou/runtime/testing/readme.ts'
import { CATALOGUE_PROBLEMS } from './catalogue/problems.ts'
import { INSTITUTION_PROBLEMS } from './institution/problems.ts'

test('the README names every refusal with its status, and no other', () => {
  const readme = join(import.meta.dirname, '../README.md')
  assertReadmeNames(readme, INSTITUTION_PROBLEMS, CATALOGUE_PROBLEMS)
})
