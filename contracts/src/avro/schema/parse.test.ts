import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { RELEASED_SCHEMAS } from '../../events.generated.ts'
import { SchemaFault } from './model.ts'
import { normalForm } from './normal-form.ts'
import { parseSchema } from './parse.ts'

const record = (...fields: readonly unknown[]) => ({ type: 'record', name: 'n.E', fields })
const field = (type: unknown, value: unknown) => record({ name: 'a', type, default: value })
const fixed = { type: 'fixed', name: 'F', size: 2 }
const letter = { type: 'enum', name: 'L', symbols: ['A', 'B'] }

const DEEP = '{"type":"array","items":'

/** What is refused, and the words that say so. */
const refused: readonly (readonly [name: string, schema: unknown, message: RegExp])[] = [
  ['no JSON', '{', /not JSON/],
  ['a number', 7, /a schema is a name, a list or an object/],
  ['an object without type', {}, /schema\.type: a schema is/],
  ['an unknown type', record({ name: 'a', type: 'text' }), /n\.E\.a: unknown type 'text'/],
  ['a name used before it is defined', ['E', record()], /unknown type 'E'/],
  ['a list without items', { type: 'array' }, /schema\.items/],
  ['a map without values', { type: 'map' }, /schema\.values/],
  ['a record without a name', { type: 'record', fields: [] }, /needs a name/],
  ['a record without fields', { type: 'record', name: 'E' }, /a record has fields/],
  ['a name with a blank', { ...record(), name: 'a b' }, /'a b' is not a name/],
  ['a namespace with an empty part', { ...record(), name: 'n..E' }, /'n\.\.E' is not a name/],
  ['a namespace that is no text', { ...record(), namespace: 1 }, /namespace/],
  ['the name of a primitive', { ...record(), name: 'n.long' }, /primitive/],
  ['aliases that are no list', { ...record(), aliases: 'F' }, /aliases/],
  ['a field without a name', record({ type: 'int' }), /a field has a name/],
  ['a field twice', record({ name: 'a', type: 'int' }, { name: 'a', type: 'int' }), /twice/],
  ['a field in no known order', record({ name: 'a', type: 'int', order: 'up' }), /order/],
  ['a type defined twice', [fixed, { ...record(), name: 'F' }], /F is defined twice/],
  ['an enum without symbols', { type: 'enum', name: 'L' }, /symbols/],
  ['a symbol that is no name', { ...letter, symbols: ['甲'] }, /symbols/],
  ['a symbol twice', { ...letter, symbols: ['A', 'A'] }, /twice/],
  ['an enum with another default', { ...letter, default: 'C' }, /none of the symbols/],
  ['a fixed without a size', { ...fixed, size: '2' }, /size/],
  ['a fixed of less than nothing', { ...fixed, size: -1 }, /size/],
  ['an empty union', [], /a union has a branch/],
  ['a union in a union', ['null', ['int']], /a union in a union/],
  ['one type twice in a union', ['int', { type: 'int' }], /int twice in a union/],
  [
    'two lists in a union',
    [
      { type: 'array', items: 'int' },
      { type: 'array', items: 'long' },
    ],
    /array twice/,
  ],
  ['nesting without end', `${DEEP.repeat(70)}"int"${'}'.repeat(70)}`, /deeper than 64/],
  ['nesting beyond the stack', DEEP.repeat(200_000), /not JSON/],
]

describe('no schema is', () => {
  for (const [name, schema, message] of refused) {
    test(name, () => {
      const text = typeof schema === 'string' ? schema : JSON.stringify(schema)
      assert.throws(
        () => parseSchema(text),
        (error: unknown) => error instanceof SchemaFault && message.test(error.message),
      )
    })
  }

  test('one with a default beyond 2^53, which would be another', () => {
    const text = JSON.stringify(field('long', 1)).replace(':1}', ':9007199254740993}')
    assert.throws(() => parseSchema(text), /beyond 2\^53/)
  })
})

/** Types, a default of theirs, and a value that is none. */
const defaults: readonly (readonly [type: unknown, good: unknown, bad: unknown])[] = [
  ['null', null, 0],
  ['boolean', false, 'false'],
  ['int', -(2 ** 31), 2 ** 31],
  ['long', 2 ** 31, 1.5],
  ['float', 1.5, '1.5'],
  ['double', 1, null],
  ['bytes', '\u00ff', '\u0100'],
  ['string', '', 0],
  [fixed, '\u0000\u00ff', 'x'],
  [letter, 'B', 'C'],
  [{ type: 'array', items: 'int' }, [1, 2], [1, 'x']],
  [{ type: 'map', values: 'int' }, { x: 1 }, { x: 'y' }],
  [['null', 'int'], null, 'x'],
  [['null', 'int'], 7, false],
  [{ type: 'record', name: 'R', fields: [{ name: 'x', type: 'int' }] }, { x: 1 }, {}],
  [{ type: 'record', name: 'R', fields: [{ name: 'x', type: 'int', default: 1 }] }, {}, { x: 'y' }],
]

describe('the default of a field', () => {
  for (const [type, good, bad] of defaults) {
    test(`of ${JSON.stringify(type)} may be ${JSON.stringify(good)}, not ${JSON.stringify(bad)}`, () => {
      parseSchema(JSON.stringify(field(type, good)))
      assert.throws(() => parseSchema(JSON.stringify(field(type, bad))), /default/)
    })
  }

  test('in a record that holds itself is looked at when the record is known', () => {
    const itself = { name: 'next', type: ['null', 'n.E'], default: null }
    parseSchema(JSON.stringify(record(itself)))
  })
})

describe('the normal form', () => {
  const plain = normalForm(JSON.stringify(record({ name: 'a', type: 'int', doc: 'x' })))
  const unordered = '"fields": [ {"doc":"x","type":{"type":"int"},"name":"a"} ],"name":"E"'
  const named = '"namespace":"ignored","name":"n.E"'
  const spelt = [
    `{ ${unordered}, "namespace":"n","type":"record"}`,
    `{"type":"record",${named},"fields":[{"name":"a","type":"int","doc":"x"}]}`,
  ]
  for (const text of spelt) {
    test(`is one for ${text.slice(0, 40)}…`, () => assert.equal(normalForm(text), plain))
  }

  test("keeps docs, defaults, aliases and attributes of one's own", () => {
    for (const more of [{ doc: 'y' }, { default: 1 }, { aliases: ['b'] }, { brand: 'Fen' }]) {
      const text = normalForm(JSON.stringify(record({ name: 'a', type: 'int', doc: 'x', ...more })))
      assert.notEqual(text, plain)
      for (const value of Object.values(more)) assert.ok(text.includes(JSON.stringify(value)))
    }
  })

  test('means the same names', () => {
    const nested = record(
      { name: 'a', type: { type: 'fixed', name: 'm.F', size: 2 } },
      { name: 'b', type: 'm.F' },
      { name: 'c', type: { type: 'enum', name: 'L', namespace: 'n', symbols: ['A'] } },
      { name: 'd', type: 'n.L' },
      { name: 'e', type: { type: 'array', items: ['null', 'E'] } },
    )
    const text = normalForm(JSON.stringify(nested))
    assert.deepEqual(parseSchema(text), parseSchema(JSON.stringify(nested)))
    assert.equal(normalForm(text), text)
    assert.match(text, /"type":"L","name":"d"/)
  })

  test('of every released schema reads as the schema does', () => {
    for (const { schema } of RELEASED_SCHEMAS) {
      const text = JSON.stringify(schema)
      assert.deepEqual(parseSchema(normalForm(text)), parseSchema(text))
    }
  })
})
