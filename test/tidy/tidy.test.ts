/** STYLE.md as a test: every rule marked ◆ there. A ratchet: limits only tighten. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { test } from 'node:test'
import { SERVICES } from '@tongchou/contracts/services.ts'

const ROOT = join(import.meta.dirname, '../..')
const PLACES = ['contracts', 'infra', 'services', 'scripts', 'test', '.ci']
const SKIPPED = new Set(['node_modules', 'fixtures', '.cache'])
const FORBIDDEN_NAMES = /^(common|shared|utils?|helpers?|core|misc)(\.|$)/

function* walk(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (SKIPPED.has(entry.name)) continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* walk(path)
    else yield path
  }
}

const files = PLACES.flatMap(place => [...walk(join(ROOT, place))]).map(path =>
  relative(ROOT, path),
)
const sources = files.filter(path => path.endsWith('.ts') && !path.endsWith('.generated.ts'))
const text = new Map(sources.map(path => [path, readFileSync(join(ROOT, path), 'utf8')]))
const isTest = (path: string) => path.endsWith('.test.ts') || path.startsWith('test/')

/** An address, or a test's name, which is a fact and no code. */
const UNBREAKABLE = /https?:\/\/|^\s*(?:test|it)\(['`]/

/** Files whose length is a table's or a suite's. */
const LONG_BY_NATURE = new Set<string>([])

function violations(
  paths: readonly string[],
  check: (source: string, path: string) => string | null,
): string[] {
  return paths.flatMap(path => {
    const fault = check(text.get(path) ?? '', path)
    return fault === null ? [] : [`${path}: ${fault}`]
  })
}

test('no file or folder has a name that says nothing', () => {
  const bad = files.filter(path => path.split('/').some(part => FORBIDDEN_NAMES.test(part)))
  assert.deepEqual(bad, [])
})

test('files are named in kebab-case', () => {
  const bad = sources.filter(
    path =>
      !/^[a-z0-9]+(-[a-z0-9]+)*(\.(property|postgres))?(\.(test|bench))?\.ts$/.test(basename(path)),
  )
  assert.deepEqual(bad, [])
})

test('no folder holds more than 15 source files', () => {
  const counts = new Map<string, number>()
  for (const path of sources) counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1)
  assert.deepEqual(
    [...counts].filter(([, count]) => count > 15),
    [],
  )
})

test('source files have at most 300 lines, tests at most 500, lines at most 100 columns', () => {
  const bad = violations(sources, (source, path) => {
    const lines = source.split('\n')
    const limit = isTest(path) ? 500 : 300
    if (lines.length > limit + 1 && !LONG_BY_NATURE.has(path)) return `${lines.length - 1} lines`
    const wide = lines.findIndex(line => [...line].length > 100 && !UNBREAKABLE.test(line))
    return wide < 0 ? null : `line ${wide + 1} is wider than 100 columns`
  })
  assert.deepEqual(bad, [])
})

test('no function is longer than 70 lines', () => {
  const bad = violations(
    sources.filter(path => !isTest(path)),
    source => {
      const lines = source.split('\n')
      for (const [index, line] of lines.entries()) {
        const match = /^(\s*)(?:export )?(?:async )?function\*? \w+/.exec(line)
        if (match === null) continue
        const end = lines.findIndex((other, at) => at > index && other === `${match[1]}}`)
        if (end - index > 70) return `function at line ${index + 1} has ${end - index + 1} lines`
      }
      return null
    },
  )
  assert.deepEqual(bad, [])
})

const BANNED: readonly (readonly [string, RegExp])[] = [
  ['enum', /^\s*(export )?(const )?enum \w/m],
  ['namespace', /^\s*(export )?(declare )?namespace \w/m],
  ['any', /(:|<|as|extends) any\b(?! )/],
  ['an undated TODO', /\b(TODO|FIXME)\b(?!.*\d{4}-\d{2}-\d{2})/],
  ['a barrel', /^export \* from/m],
  ['NODE_ENV', /NODE_ENV/],
  ['a relative import without its ending', /from '\.{1,2}\/[^']*(?<!\.ts|\.json|\.mjs)'/],
]

test('nothing that Node does not strip, no any, no barrels, no undated TODO, no NODE_ENV', () => {
  const bad = violations(
    sources.filter(path => path !== 'test/tidy/tidy.test.ts'),
    source => {
      const code = source.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
      return BANNED.find(([, pattern]) => pattern.test(code))?.[0] ?? null
    },
  )
  assert.deepEqual(bad, [])
  assert.deepEqual(
    sources.filter(path => basename(path) === 'index.ts'),
    [],
  )
})

/** Pure: every file of a noun or policy folder but these. */
const EDGE_NAMES = [
  ...['app', 'main', 'config', 'ports', 'routes', 'queries', 'publish', 'view', '.*-routes'],
  ...['.*-api', 'submit', 'batch', 'waiting', 'known', 'check', 'close', 'load', 'drill-down'],
  ...['.*\\.test', '.*\\.bench'],
]
const EDGE = new RegExp(`(^|/)(${EDGE_NAMES.join('|')})\\.ts$|/(consume|run|testing)/`)

const IMPURE =
  /\b(Date\.now|new Date\(\)|Math\.random|process\.|setTimeout|setInterval|await |console\.)/

test('pure files have no clock, random, process, logger or await', () => {
  const pure = sources.filter(
    path => /^services\/[a-z]+\/src\/[a-z-]+\//.test(path) && !EDGE.test(path),
  )
  assert.ok(pure.length > 20)
  const bad = violations(
    pure,
    source => IMPURE.exec(source.replaceAll(/\/\*[\s\S]*?\*\//g, ''))?.[0] ?? null,
  )
  assert.deepEqual(bad, [])
})

test('imports go one way: services meet only in contracts, contracts know nobody', () => {
  const bad = violations(sources, (source, path) => {
    const imports = [...source.matchAll(/from '@tongchou\/([a-z]+)\//g)].map(
      match => match[1] ?? '',
    )
    if (path.startsWith('contracts/')) return imports.find(name => name !== 'contracts') ?? null
    if (path.startsWith('infra/')) {
      return imports.find(name => name !== 'contracts' && name !== 'runtime') ?? null
    }
    const service = /^services\/([a-z]+)\//.exec(path)?.[1]
    if (service === undefined) return null
    const others = SERVICES.filter(name => name !== service) as readonly string[]
    return imports.find(name => others.includes(name)) ?? null
  })
  assert.deepEqual(bad, [])
})

test('a decider and its evolve end in unreachable, never in a silent default', () => {
  const bad = violations(
    sources.filter(path => /\/(decide|state)\.ts$/.test(path) && path.startsWith('services/')),
    source => {
      const switches = source.match(/switch \(/g)?.length ?? 0
      const ends = source.match(/unreachable\(/g)?.length ?? 0
      return ends < switches ? `${switches} switches, ${ends} unreachable` : null
    },
  )
  assert.deepEqual(bad, [])
})

test('money meets no float: no division or multiplication of numbers called …Fen', () => {
  const bad = violations(
    sources.filter(path => !isTest(path) && !path.includes('bench')),
    source => /Number\([^)]*Fen\)\s*[*/]|parseFloat|toFixed\(2\)/.exec(source)?.[0] ?? null,
  )
  assert.deepEqual(bad, [])
})

test('every service has its page, and every workspace package its licence', () => {
  for (const service of SERVICES) {
    assert.ok(files.includes(`services/${service}/README.md`), `services/${service}/README.md`)
  }
})
