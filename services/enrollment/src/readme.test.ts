import { join } from 'node:path'
import { test } from 'node:test'
import { assertReadmeNames } from '@tongchou/runtime/testing/readme.ts'
import { PERSON_PROBLEMS } from './person/problems.ts'

test('the README names every refusal with its status, and no other', () => {
  assertReadmeNames(join(import.meta.dirname, '../README.md'), PERSON_PROBLEMS)
})
