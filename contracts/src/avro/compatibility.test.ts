import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RELEASED_SCHEMAS } from '../events.generated.ts'
import { TOPICS } from '../topics.ts'
import type { Level } from './compatibility.ts'
import { LEVELS, levelOf, obstacles, releaseFaults } from './compatibility.ts'
import { schemaOf } from './schema/parse.ts'

function record(...fields: readonly object[]): object {
  return { type: 'record', name: 'E', namespace: 'n', fields }
}

const a = { name: 'a', type: 'string' }

test('a field with a default may follow', () => {
  const newer = record(a, { name: 'b', type: ['null', 'long'], default: null })
  assert.deepEqual(releaseFaults(record(a), newer, 'FULL'), [])
})

test('a field without a default may not', () => {
  const faults = releaseFaults(record(a), record(a, { name: 'b', type: 'long' }), 'BACKWARD')
  assert.match(faults.join(), /cannot read old bytes/)
})

test('a field without a default may not go where old code still reads', () => {
  const older = record(a, { name: 'b', type: 'long' })
  assert.deepEqual(releaseFaults(older, record(a), 'BACKWARD'), [])
  assert.match(releaseFaults(older, record(a), 'FULL').join(), /cannot read new bytes/)
})

test('a type may not change', () => {
  const faults = releaseFaults(record(a), record({ name: 'a', type: 'boolean' }), 'BACKWARD')
  assert.match(faults.join(), /cannot read old bytes/)
})

test('a logical type or brand may not change under the same fingerprint', () => {
  const millis = record({ name: 't', type: { type: 'long', logicalType: 'timestamp-millis' } })
  const micros = record({ name: 't', type: { type: 'long', logicalType: 'timestamp-micros' } })
  assert.match(releaseFaults(millis, micros, 'BACKWARD').join(), /same fingerprint/)
  const fen = record({ name: 't', type: { type: 'long', brand: 'Fen' } })
  assert.match(releaseFaults(fen, record({ name: 't', type: 'long' }), 'BACKWARD').join(), /brand/)
})

test('an enum without a default symbol may not be released', () => {
  const kind = { type: 'enum', name: 'K', symbols: ['A'] }
  const faults = releaseFaults(
    record(a),
    record(a, { name: 'k', type: kind, default: 'A' }),
    'BACKWARD',
  )
  assert.deepEqual(faults, ['enum K has no default symbol'])
})

test('a record of another namespace is another to our own decoder', () => {
  const moved = { ...record(a), namespace: 'm' }
  assert.match(releaseFaults(record(a), moved, 'BACKWARD').join(), /our own decoder/)
})

test('a released version can follow every one before it at the level of its topics', () => {
  for (const newer of RELEASED_SCHEMAS) {
    for (const older of RELEASED_SCHEMAS) {
      if (older.name !== newer.name || older.version > newer.version) continue
      const levels = Object.values(TOPICS)
        .filter(({ events }) => (events as readonly string[]).includes(newer.name))
        .map(({ name }) => levelOf(name))
      for (const level of new Set<Level>(['BACKWARD_TRANSITIVE', ...levels])) {
        assert.deepEqual(releaseFaults(older.schema, newer.schema, level), [], newer.name)
      }
    }
  }
})

test('public topics are read by others at both ends, our own by new code first', () => {
  assert.equal(levelOf('public.clearing.claim.v1'), 'FULL_TRANSITIVE')
  assert.equal(levelOf('clearing.claim.v1-tongchou.clearing.ClaimSettled'), 'BACKWARD_TRANSITIVE')
})

/**
 * What may follow two versions: `lost` is a field that only version 1 has without default, `grown`
 * one that neither has. So the direction and the reach of each level show.
 */
const one = schemaOf(record(a, { name: 'lost', type: 'int' }))
const two = schemaOf(record(a))
const NEXT = {
  same: schemaOf(record(a)),
  grown: schemaOf(record(a, { name: 'grown', type: 'int' })),
  grownWithDefault: schemaOf(record(a, { name: 'grown', type: 'int', default: 0 })),
  reread: schemaOf(record(a, { name: 'lost', type: 'string', default: '' })),
  empty: schemaOf(record()),
}

/** Level, and for each of the above who cannot read whose version. */
const levels: Readonly<Record<Level, Readonly<Record<keyof typeof NEXT, string>>>> = {
  NONE: { same: '', grown: '', grownWithDefault: '', reread: '', empty: '' },
  BACKWARD: { same: '', grown: 'new 2', grownWithDefault: '', reread: '', empty: '' },
  BACKWARD_TRANSITIVE: {
    same: '',
    grown: 'new 2, new 1',
    grownWithDefault: '',
    reread: 'new 1',
    empty: '',
  },
  FORWARD: { same: '', grown: '', grownWithDefault: '', reread: '', empty: 'old 2' },
  FORWARD_TRANSITIVE: {
    same: 'old 1',
    grown: 'old 1',
    grownWithDefault: 'old 1',
    reread: 'old 1',
    empty: 'old 2, old 1, old 1',
  },
  FULL: { same: '', grown: 'new 2', grownWithDefault: '', reread: '', empty: 'old 2' },
  FULL_TRANSITIVE: {
    same: 'old 1',
    grown: 'new 2, new 1, old 1',
    grownWithDefault: 'old 1',
    reread: 'new 1, old 1',
    empty: 'old 2, old 1, old 1',
  },
}

for (const level of LEVELS) {
  for (const [name, next] of Object.entries(NEXT)) {
    const expected = levels[level][name as keyof typeof NEXT]
    test(`${level}: ${name} is kept back by ${expected || 'nothing'}`, () => {
      const earlier = [
        { version: 1, schema: one },
        { version: 2, schema: two },
      ]
      const found = obstacles(level, next, earlier)
      assert.equal(found.map(({ reader, version }) => `${reader} ${version}`).join(', '), expected)
    })
  }
}

test('the first version follows nothing', () => {
  for (const level of LEVELS) assert.deepEqual(obstacles(level, one, []), [])
})
