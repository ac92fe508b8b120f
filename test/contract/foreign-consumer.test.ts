/**
 * Another organisation's program, in another language, that is told where the AsyncAPI document is
 * and nothing else, comes to every balance and net that our own doors tell.
 */
import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { Readable } from 'node:stream'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { claimIdOf } from '@tongchou/contracts/id.ts'
import { noKafka } from '@tongchou/runtime/kafka/testing.ts'
import { testDatabase } from '@tongchou/runtime/postgres/testing.ts'
import { ask, sendStream } from '../../scripts/cli/http.ts'
import { importFolder } from '../../scripts/cli/import.ts'
import { type Instance, openInstance } from '../../scripts/cli/instance.ts'
import { readRuntimeFile } from '../../scripts/supervisor/runtime-file.ts'
import { sevenPorts } from '../../scripts/supervisor/seven-ports.ts'
import { temporaryFolder } from '../e2e/system/folder.ts'
import { Stores } from '../e2e/system/stores.ts'
import { demoRecords } from '../fixtures/demo-files.ts'
import { ensurePython, noPython } from './python-venv.ts'

const ROOT = path.join(import.meta.dirname, '../..')
const READER = path.join(import.meta.dirname, 'python/read_us.py')
const PERSONS = 60
/** Claims that come after the last window. */
const LATE = 20
const ENTRIES = 'public.funds.journal.v1'

test('a reader in Python with nothing but the AsyncAPI document', {
  skip: (await noKafka('own')) || (await noPython()),
}, async t => {
  const instance = await startOverKafka(t)
  const stores = new Stores(instance.databaseUrl ?? '')
  t.after(() => stores.close())
  await crash(instance, stores)
  await runMonth(instance)
  await stores.quiet()
  await sendAgain(instance, stores)
  const heads = await stores.heads()
  const until = ['--until', `funds=${heads.funds}`, '--until', `clearing=${heads.clearing}`]

  await t.test('comes to every balance and every net, to the fen', async () => {
    const { code, stdout, stderr } = await read(instance, ['--json', ...until])
    assert.equal(code, 0, stderr)
    const found: Found = JSON.parse(stdout)
    assert.deepEqual(found.balances.map(balanceText).sort(), await balances(instance, found))
    assert.ok(found.balances.length > 100)
    assert.deepEqual(found.windows, await windows(instance))
    assert.equal(found.windows.length, 2)
    assert.ok((found.repeated[ENTRIES] ?? 0) > 0, 'nothing came twice')
    assert.ok(found.checkpoints > 0)
  })

  await t.test('says what is missing where the broker has lost records', async () => {
    await lose(instance)
    const { code, stderr } = await read(instance, [])
    assert.equal(code, 1, stderr)
    assert.match(
      stderr,
      /broken promise: public\.funds\.journal\.v1\/3@\d+: hole, \d+ instead of 1/,
    )
  })
})

/** `npm start -- --kafka local` on a database of the test run. */
async function startOverKafka(t: TestContext): Promise<Instance> {
  const dataDir = temporaryFolder()
  const { url } = await testDatabase(t)
  const { port, held } = await sevenPorts()
  const args = ['--data', dataDir, '--port', port, '--kafka', 'local', '--one', '--no-demo']
  const child = spawn(process.execPath, [path.join(ROOT, 'scripts/start.ts'), ...args], {
    // What a busy machine sheds is asked of the runtime's own tests.
    env: { ...process.env, TONGCHOU_DATABASE_URL: url, TONGCHOU_LOOP_DELAY_MS_MAX: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'close')
  t.after(async () => {
    child.kill('SIGTERM')
    await ended
    await held.release()
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 })
  })
  let said = ''
  for await (const text of child.stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    said += text
    if (said.includes('is ready')) break
  }
  assert.match(said, /is ready/)
  child.stdout.resume()
  return openInstance(dataDir)
}

/** `kill -9` of every service between two heartbeats, while nothing else is said. */
async function crash({ dataDir, urlOf }: Instance, { database }: Stores): Promise<void> {
  const told = `select from funds.relay_mark where lines ? 'public.system.heartbeat.v1/0'`
  while ((await database.pool.query(told)).rows.length === 0) await sleep(50)
  for (const { pid } of readRuntimeFile(dataDir)?.processes ?? []) process.kill(pid, 'SIGKILL')
  const ready = () =>
    fetch(`${urlOf('funds')}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    )
  while (await ready()) await sleep(10)
  while (!(await ready())) await sleep(50)
}

type Claims = ReturnType<typeof demoRecords<'claims'>>

/** January of some persons: a window, reversals and a payment, a window, claims in no window. */
async function runMonth(instance: Instance): Promise<void> {
  const { claims, reversals } = partOfJanuary()
  const reversed = new Set(reversals.map(nameOf))
  const late = claims.filter(claim => !reversed.has(nameOf(claim))).slice(-LATE)
  const token = await instance.token({ role: 'centre' })
  await importFolder(instance, folderFor(instance, claims))
  await submit(
    instance,
    claims.filter(claim => !late.includes(claim)),
  )
  const first = await close(instance, 'first')
  const service = await instance.token({ role: 'service' })
  for (const { institutionCode, claimNo } of reversals) {
    const url = `${instance.urlOf('clearing')}/v1/claims/${claimIdOf(institutionCode, claimNo)}`
    const body = { reason: 'other bill' }
    await ask(`${url}/reversal`, { method: 'POST', token: service, body })
  }
  const [net] = first.nets
  const paid = { regionCode: net?.regionCode, reference: 'PAY-1', paidOn: '2025-02-05' }
  const payments = `${instance.urlOf('clearing')}/v1/windows/${first.windowNo}/payments`
  await ask(payments, { method: 'POST', token, body: paid })
  await close(instance, 'second')
  await submit(instance, late)
}

const nameOf = ({ institutionCode, claimNo }: { institutionCode: string; claimNo: string }) =>
  `${institutionCode}/${claimNo}`

function partOfJanuary() {
  const january = demoRecords('claims').filter(claim =>
    (claim.dischargedOn ?? claim.visitedOn ?? '').startsWith('2025-01'),
  )
  const known = new Set(january.map(nameOf))
  const reversals = demoRecords('reversals').filter(reversal => known.has(nameOf(reversal)))
  const reversed = new Set(reversals.map(nameOf))
  const persons = new Set([
    ...january.filter(claim => reversed.has(nameOf(claim))).map(({ personNo }) => personNo),
    ...january.slice(0, PERSONS).map(({ personNo }) => personNo),
  ])
  assert.ok(reversals.length > 0)
  return { claims: january.filter(({ personNo }) => persons.has(personNo)), reversals }
}

/** The demo set with the persons of these claims alone. */
function folderFor({ dataDir }: Instance, claims: Claims): string {
  const folder = path.join(dataDir, 'part')
  const demo = path.join(ROOT, 'test/fixtures/demo')
  mkdirSync(folder)
  for (const name of ['institutions.ndjson', 'catalogue.ndjson', 'policies']) {
    cpSync(path.join(demo, name), path.join(folder, name), { recursive: true })
  }
  const persons = new Set(claims.map(({ personNo }) => personNo))
  for (const name of ['persons', 'filings'] as const) {
    const records = demoRecords(name).filter(({ personNo }) => persons.has(personNo))
    const lines = records.map(record => `${JSON.stringify(record)}\n`)
    writeFileSync(path.join(folder, `${name}.ndjson`), lines.join(''))
  }
  return folder
}

/** What a busy door does not take is sent again. */
async function submit(instance: Instance, claims: Claims): Promise<void> {
  const token = await instance.token({ role: 'service' })
  const url = `${instance.urlOf('clearing')}/v1/claims:batch`
  for (let left = claims; left.length > 0; ) {
    const refused: Claims = []
    const lines = Readable.from(left.map(claim => `${JSON.stringify(claim)}\n`))
    for await (const { line, ok, problem } of sendStream(url, token, lines)) {
      assert.ok(ok || problem?.status === 503, JSON.stringify(problem))
      refused.push(...(ok ? [] : left.slice(line - 1, line)))
    }
    left = refused
  }
}

type Net = { readonly regionCode: string; readonly netFen: number }
type Window = { readonly windowNo: number; readonly label: string; readonly nets: readonly Net[] }

async function close(instance: Instance, label: string): Promise<Window> {
  const token = await instance.token({ role: 'centre' })
  const headers = { prefer: 'wait=30' }
  const url = `${instance.urlOf('clearing')}/v1/windows`
  return ask<Window>(url, { method: 'POST', token, body: { label }, headers })
}

/** Has the relay send a part of the journal once more, as after a crash, and waits until it has. */
async function sendAgain(instance: Instance, stores: Stores): Promise<void> {
  const token = await instance.token({ role: 'operator' })
  const body = { topic: ENTRIES, partition: 0, after: 0 }
  await ask(`${instance.urlOf('funds')}/v1/log/again`, { method: 'POST', token, body })
  const waiting = async () =>
    (await stores.database.pool.query('select from funds.relay_again')).rows.length
  while ((await waiting()) > 0) await sleep(50)
}

type Balance = {
  readonly region: string
  readonly fund: string
  readonly account: string
  readonly counterparty: string | null
  readonly debitFen: number
  readonly creditFen: number
}
type Found = {
  readonly positions: Readonly<Record<'funds' | 'clearing', number>>
  readonly balances: readonly Balance[]
  readonly windows: readonly Window[]
  readonly repeated: Readonly<Record<string, number>>
  readonly checkpoints: number
}

type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string }

async function read(instance: Instance, args: readonly string[]): Promise<Ended> {
  const url = `${instance.urlOf('clearing')}/asyncapi.json`
  const env = {
    ...process.env,
    PYTHONDONTWRITEBYTECODE: '1',
    TONGCHOU_TOKEN: await instance.token({ role: 'auditor' }),
  }
  return promisify(execFile)(await ensurePython(), [READER, url, ...args], {
    env,
    maxBuffer: 1 << 26,
  }).then(
    said => ({ code: 0, ...said }),
    (fault: Ended) => fault,
  )
}

function balanceText({ region, fund, account, counterparty, debitFen, creditFen }: Balance) {
  return `${region}/${fund} ${account} ${counterparty}: ${debitFen} - ${creditFen}`
}

/** What the door of the funds says of the same position, line for line. */
async function balances(instance: Instance, { positions }: Found): Promise<readonly string[]> {
  const token = await instance.token({ role: 'auditor' })
  const rows: string[] = []
  for (let after: string | null = ''; after !== null; ) {
    const query = new URLSearchParams({ limit: '1000', position: String(positions.funds) })
    if (after !== '') query.set('after', after)
    const url = `${instance.urlOf('funds')}/v1/balances?${query}`
    const page: BalancePage = await ask<BalancePage>(url, { token })
    rows.push(...page.balances.map(balanceText))
    after = page.next
  }
  return rows.sort()
}

type BalancePage = { readonly balances: readonly Balance[]; readonly next: string | null }

async function windows(instance: Instance): Promise<readonly Window[]> {
  const token = await instance.token({ role: 'auditor' })
  const url = `${instance.urlOf('clearing')}/v1/windows`
  const list = await ask<{ windows: readonly { windowNo: number }[] }>(url, { token })
  const numbers = list.windows.map(({ windowNo }) => windowNo).sort((a, b) => a - b)
  return Promise.all(
    numbers.map(async number => {
      const { windowNo, label, nets } = await ask<Window>(`${url}/${number}`, { token })
      const rows = nets.map(({ regionCode, netFen }) => ({ regionCode, netFen }))
      rows.sort((a, b) => (a.regionCode < b.regionCode ? -1 : 1))
      return { windowNo, label, nets: rows }
    }),
  )
}

/** Takes the first records of a partition away, which only somebody with all rights can. */
async function lose(instance: Instance): Promise<void> {
  const reply = await fetch(`${instance.urlOf('clearing')}/asyncapi.json`)
  const document = (await reply.json()) as { servers: { 'broker-1': { host: string } } }
  const program = `
import sys
from confluent_kafka import TopicPartition
from confluent_kafka.admin import AdminClient
admin = AdminClient({"bootstrap.servers": sys.argv[1]})
for done in admin.delete_records([TopicPartition(sys.argv[2], 3, 5)]).values():
    done.result()
`
  const { host } = document.servers['broker-1']
  await promisify(execFile)(await ensurePython(), ['-c', program, host, ENTRIES])
}
