/** The page of the language is true: it names every word of the schema, its examples are real. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import overrideSchema from '../../../../contracts/policies/override.schema.json' with {
  type: 'json',
}
import packSchema from '../../../../contracts/policies/pack.schema.json' with { type: 'json' }

const PAGE = readFileSync(new URL('./README.md', import.meta.url), 'utf8')

/** Words that explain themselves, or that stand for a part of every document. */
const PLAIN = ['en', 'zh', 'name', 'form', 'packId', 'region', 'statuses']

function wordsOf(schema: unknown): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return []
  const own =
    'properties' in schema && typeof schema.properties === 'object' && schema.properties !== null
      ? Object.keys(schema.properties)
      : []
  return [...own, ...Object.values(schema).flatMap(wordsOf)]
}

test('the page names every word of the schemas', () => {
  const words = new Set([...wordsOf(packSchema), ...wordsOf(overrideSchema)])
  assert.ok(words.size > 90)
  const named = new Set(PAGE.match(/[A-Za-z]+/g))
  const left = [...words].filter(word => !named.has(word) && !PLAIN.includes(word))
  assert.deepEqual(left, [])
})

test('its examples are JSON, and every clause of a pack that they name exists', () => {
  const examples = [...PAGE.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text = '']) => text)
  assert.equal(examples.length, 5)
  for (const text of examples) {
    assert.ok(JSON.parse(text))
    for (const [clause, pack] of text.matchAll(/(P\d\d)-[RA]\d\d?/g)) {
      const file = pack === 'P03' ? 'P03-resident' : pack
      const folder = '../../../../contracts/policies/packs/'
      const document = readFileSync(new URL(`${folder}${file}.json`, import.meta.url), 'utf8')
      assert.ok(document.includes(`"${clause}":`), clause)
    }
  }
})
