/** `pnpm check [--fix]`: format, lint, types and the rules of STYLE.md, one after the other. */
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import Table from 'cli-table3'

const ROOT = path.resolve(import.meta.dirname, '..')
const BIN = path.join(ROOT, 'node_modules/.bin')

type Step = { readonly name: string; readonly file: string; readonly args: readonly string[] }
type Result = { readonly name: string; readonly outcome: string; readonly seconds: string }

function steps(fix: boolean): Step[] {
  const tidy = globSync('test/tidy/*.test.ts', { cwd: ROOT })
  const biome = path.join(BIN, 'biome')
  return [
    { name: 'format and lint', file: biome, args: fix ? ['check', '--write', '.'] : ['ci', '.'] },
    { name: 'types', file: path.join(BIN, 'tsc'), args: ['--noEmit'] },
    { name: 'tidy', file: process.execPath, args: tidy.length > 0 ? ['--test', ...tidy] : [] },
  ]
}

function runStep({ name, file, args }: Step): Result {
  const { PATH: search } = process.env
  if (args.length === 0) return { name, outcome: 'nothing to run', seconds: '' }
  console.log(`\n${name}: ${path.basename(file)} ${args.join(' ')}`)
  const startedAt = performance.now()
  const done = spawnSync(file, args, {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, PATH: `${BIN}${path.delimiter}${search}` },
  })
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1)
  if (done.error) console.error(`${file} does not start: ${done.error.message}`)
  const outcome = done.status === 0 ? 'ok' : `failed (${done.signal ?? `exit ${done.status}`})`
  return { name, outcome, seconds }
}

const { values } = parseArgs({ options: { fix: { type: 'boolean', default: false } } })
const results = steps(values.fix).map(runStep)
const table = new Table({ head: ['check', 'result', 'seconds'], style: { head: [], border: [] } })
for (const { name, outcome, seconds } of results) table.push([name, outcome, seconds])
console.log(`\n${table.toString()}`)
process.exit(results.some(({ outcome }) => outcome.startsWith('failed')) ? 1 : 0)
