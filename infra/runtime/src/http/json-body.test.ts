import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseJsonBody } from './json-body.ts'
import { HttpProblem } from './problem.ts'

function refusalOf(body: string | Buffer, decimalsAsText = false): HttpProblem {
  try {
    parseJsonBody(Buffer.from(body), { decimalsAsText })
  } catch (error) {
    assert.ok(error instanceof HttpProblem)
    assert.equal(error.kind, 'malformed')
    assert.equal(error.status, 400)
    return error
  }
  assert.fail(`taken: ${body.toString().slice(0, 80)}`)
}

type Named = { readonly field?: unknown; readonly rule?: unknown }

function extensionsOf(body: string | Buffer, decimalsAsText = false): Named | undefined {
  return refusalOf(body, decimalsAsText).options.extensions
}

const ruleOf = (body: string | Buffer) => String(extensionsOf(body)?.rule)
const fieldOf = (body: string | Buffer, decimals = false) =>
  String(extensionsOf(body, decimals)?.field)

test('JSON bodies are read as JSON.parse reads them when nothing is refused', () => {
  const texts = [
    '{"fen":0,"lines":[{"quantity":-12,"name":"甲\\"}]1.5e3,-0"}],"paid":true,"none":null}',
    '{"id":"110101199003074514","on":"2025-03-01","price":"12.5000","e":"1e3"}',
    ' [ 1 , 9007199254740991 , -9007199254740991 ] ',
    '{"\\\\":"\\\\","a\\"1.5":0}',
    '"text"',
    '7',
    '{"true":false,"nested":[[[[]]]]}',
  ]
  for (const text of texts) assert.deepEqual(parseJsonBody(Buffer.from(text)), JSON.parse(text))
})

test('a number with a fraction, an exponent or a negative zero is refused by its field', () => {
  for (const number of ['1.0', '1.5', '1e3', '1E3', '1e-3', '-0', '-0.0', '0.1', '1e400']) {
    assert.deepEqual(
      extensionsOf(`{"lines":[{"quantity":1},{"quantity":${number}}],"name":"a"}`),
      { field: 'lines[1].quantity', rule: 'integer' },
      number,
    )
  }
})

test('JSON bodies take 2^53 - 1 and refuse 2^53, whatever JSON.parse would round it to', () => {
  const taken = parseJsonBody(Buffer.from('{"fen":9007199254740991}'))
  assert.deepEqual(taken, { fen: 9007199254740991 })
  for (const number of ['9007199254740992', '9007199254740993', '-9007199254740992']) {
    assert.deepEqual(extensionsOf(`{"fen":${number}}`), {
      field: 'fen',
      rule: 'maximum: 9007199254740991',
    })
  }
  assert.equal(fieldOf(`[${'9'.repeat(400)}]`), '[0]')
})

test('JSON bodies take long digits, fractions and exponents inside strings', () => {
  const text = '{"a":"9007199254740993","b":"1.5","c":"-0","d":"1e3","e":"\\"9007199254740993"}'
  assert.deepEqual(parseJsonBody(Buffer.from(text)), JSON.parse(text))
})

test('fractions are handed over as they were written where the route says so', () => {
  const body = '{"sum":12.30,"count":3,"text":"1.5"}'
  const value = parseJsonBody(Buffer.from(body), { decimalsAsText: true })
  assert.deepEqual(value, { sum: '12.30', count: 3, text: '1.5' })
  assert.equal(fieldOf('{"sum":1e3}', true), 'sum')
  assert.equal(fieldOf('{"sum":9007199254740993}', true), 'sum')
})

test('JSON bodies refuse what is no JSON', () => {
  for (const text of ['{', '{"a":1,}', "{'a':1}", '{"a":01}', '{"a":+1}', '{"a":NaN}', 'x', ' ']) {
    assert.equal(ruleOf(text), 'json', text)
  }
  assert.equal(ruleOf(''), 'json')
  assert.equal(ruleOf('{"a":1.5'), 'json')
  assert.equal(ruleOf('{"a":"1'), 'json')
  assert.equal(ruleOf('{"a":"\\'), 'json')
})

test('JSON bodies do not repeat what was sent in the problem', () => {
  const problem = refusalOf('{"name":"张三","idNo":110101199003074514')
  assert.equal(JSON.stringify([problem.message, problem.options]).includes('1101'), false)
})

test('JSON bodies refuse bytes that are not UTF-8', () => {
  const gbk = Buffer.concat([
    Buffer.from('{"name":"'),
    Buffer.from([0xd5, 0xc5]),
    Buffer.from('"}'),
  ])
  assert.equal(ruleOf(gbk), 'utf-8')
  assert.equal(ruleOf(Buffer.from('{"a":1}', 'utf16le')), 'json')
  assert.equal(ruleOf(Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])), 'utf-8')
})

test('JSON bodies refuse __proto__ and constructor.prototype, escaped or not', () => {
  for (const text of [
    '{"__proto__":{"role":"centre"}}',
    '{"a":{"\\u005f_proto__":1}}',
    '{"a":[{"constructor":{"prototype":{}}}]}',
    '{"fen":1.5,"__proto__":{}}',
  ]) {
    assert.equal(ruleOf(text), 'property-name', text)
  }
})

test('JSON bodies refuse nesting deeper than 64 levels and take 64', () => {
  const nested = (depth: number) => `${'[{"a":'.repeat(depth / 2)}1${'}]'.repeat(depth / 2)}`
  parseJsonBody(Buffer.from(nested(64)))
  assert.equal(ruleOf(nested(66)), 'depth: 64')
  assert.equal(ruleOf('['.repeat(500_000)), 'depth: 64')
  parseJsonBody(Buffer.from(`{"text":"${'['.repeat(5_000)}"}`))
  parseJsonBody(Buffer.from(`[${'[],{},'.repeat(5_000)}1]`))
})

test('JSON bodies bound and clean a field name that the caller made up', () => {
  const field = fieldOf(`{"${'x'.repeat(5_000)}\\u202e":1.5}`)
  assert.equal(field.length, 160)
})
