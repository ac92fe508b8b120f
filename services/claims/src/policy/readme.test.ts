/** The page of the language is true: it names every word of the schema, its examples are real. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import overrideSchema from '../../../../contracts/policies/override.schema.json' with {
  type: 'json',
}
import packSchema from '../../../../contracts/policies/pack.schema.json' with { type: 'json' }
import { packRow } from './testing/pack-row.ts'
import { filesIn, jsonOf, planNamed } from './testing/vectors/packs.ts'

const POLICIES = new URL('../../../../contracts/policies/', import.meta.url)
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

test('the page of the packs has one row for each, and says of each what it holds', () => {
  const page = readFileSync(new URL('README.md', POLICIES), 'utf8')
  const rows = page.split('\n').filter(line => line.startsWith('| P'))
  const vectorsOf = new Map(
    filesIn('vectors').map(name => {
      const vectors = jsonOf('vectors', name)
      return [name, Array.isArray(vectors) ? vectors.length : 0]
    }),
  )
  const first = new Set<string>()
  const wanted = filesIn('packs').map(name => {
    const pack = name.slice(0, 3)
    const vectors = first.has(pack) ? 0 : (vectorsOf.get(pack) ?? 0)
    first.add(pack)
    return packRow(planNamed(name), vectors)
  })
  assert.deepEqual(rows.map(squeezed), wanted.map(squeezed))
})

/** A formatter pads the cells of a table. */
function squeezed(row: string): string {
  return row.replaceAll(/ +/g, ' ')
}
