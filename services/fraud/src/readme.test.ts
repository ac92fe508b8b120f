import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { assertReadmeNames } from '@tongchou/runtime/testing/readme.ts'
import { FRAUD_VARIABLES } from './config.ts'
import { FRAUD_PROBLEMS } from './problems.ts'

const README = fileURLToPath(new URL('../README.md', import.meta.url))

test('the README names every refusal with its status, and no other', () => {
  assertReadmeNames(README, FRAUD_PROBLEMS)
})

test('the README names every setting with its default', () => {
  const text = readFileSync(README, 'utf8').replaceAll(/ +/g, ' ')
  for (const { name, unit, default: preset } of Object.values(FRAUD_VARIABLES)) {
    assert(text.includes(`| \`${name}\` | ${unit} | ${preset} |`), name)
  }
})
