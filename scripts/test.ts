/**
 * `npm test [-- FILTER…] [--test-name-pattern=TEXT]`: every `*.test.ts` of the workspace but those
 * in `test/slow`, with one database server for the whole run, and one Kafka broker when a test asks
 * for it. A filter is a part of a file's path.
 */
import { glob } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { parseArgs } from 'node:util'
import { keepBroker } from '@tongchou/runtime/kafka/testing/broker-of-run.ts'
import { HOW_TO_GET_KAFKA, NO_KAFKA } from '@tongchou/runtime/kafka/testing.ts'
import { startTestServer } from '@tongchou/runtime/postgres/testing.ts'

const ROOT = path.resolve(import.meta.dirname, '..')
const PATTERN = '{contracts,infra,services,scripts,test}/**/*.test.ts'
const LEFT_OUT = /(^|\/)node_modules(\/|$)|^test\/slow(\/|$)/
/** Three brokers on a busy machine take two minutes. */
const FILE_MS_MAX = 180_000

async function findFiles(filters: readonly string[]): Promise<string[]> {
  const found: string[] = []
  const exclude = (name: string) => LEFT_OUT.test(name)
  for await (const file of glob(PATTERN, { cwd: ROOT, exclude })) {
    if (LEFT_OUT.test(file)) continue
    const wanted = filters.map(filter => path.relative(ROOT, path.resolve(filter)))
    const given = [...filters, ...wanted.filter(each => each !== '')]
    if (filters.length === 0 || given.some(part => file.includes(part))) found.push(file)
  }
  return found.sort().map(file => path.join(ROOT, file))
}

type Outcome = {
  success: boolean
  tests: number
  readonly empty: string[]
  /** Files with tests that were left out because there is no broker. */
  readonly noKafka: Set<string>
}

/** Runs the files in processes of their own. A file without a test in it counts as empty. */
async function runFiles(
  files: readonly string[],
  namePatterns: readonly string[],
): Promise<Outcome> {
  const stream = run({
    files,
    concurrency: Math.max(2, os.availableParallelism()),
    timeout: FILE_MS_MAX,
    testNamePatterns: namePatterns,
  })
  const outcome: Outcome = { success: false, tests: 0, empty: [], noKafka: new Set() }
  const isFile = new Set(files)
  stream.on('test:pass', ({ name, file, skip }) => {
    if (file !== undefined && String(skip).startsWith(NO_KAFKA)) {
      outcome.noKafka.add(path.relative(ROOT, file))
    }
    if (isFile.has(name)) outcome.empty.push(path.relative(ROOT, name))
    else outcome.tests += 1
  })
  stream.on('test:fail', () => {
    outcome.tests += 1
  })
  stream.on('test:summary', ({ file, success }) => {
    if (file === undefined) outcome.success = success
  })
  const report = stream.compose(spec)
  report.pipe(process.stdout)
  await new Promise((resolve, reject) => report.once('end', resolve).once('error', reject))
  return outcome
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'test-name-pattern': { type: 'string', multiple: true, default: [] } },
})
const files = await findFiles(positionals)
if (files.length === 0) {
  console.error(`no test file matches ${positionals.join(' ') || PATTERN}`)
  process.exit(1)
}
const server = await startTestServer()
const keeper = await keepBroker()
const variables = { TONGCHOU_TEST_DATABASE_URL: server.url, ...keeper.environment }
Object.assign(process.env, variables)
const stop = () => Promise.all([server.stop(), keeper.stop()])
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => stop().finally(() => process.exit(1)))
}
const namePatterns = values['test-name-pattern']
const outcome = await runFiles(files, namePatterns).finally(stop)
const empty = namePatterns.length === 0 ? outcome.empty : []
for (const file of empty) console.error(`${file} has no test`)
if (outcome.noKafka.size > 0) {
  const what = [...outcome.noKafka].join(', ')
  console.error(`left out without Apache Kafka: ${what} (${HOW_TO_GET_KAFKA})`)
}
if (outcome.tests === 0) console.error('no test ran')
process.exit(outcome.success && outcome.tests > 0 && empty.length === 0 ? 0 : 1)
