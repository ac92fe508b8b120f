import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { after, describe, type TestContext, test } from 'node:test'
import { testDatabase } from '@tongchou/runtime/postgres/testing.ts'
import {
  identify,
  isRunning,
  type ProcessIdentity,
  pause,
  waitUntilGone,
} from '@tongchou/runtime/process/identity.ts'
import { type RuntimeFile, readRuntimeFile } from './supervisor/runtime-file.ts'
import { sevenPorts } from './supervisor/seven-ports.ts'

const START = path.join(import.meta.dirname, 'start.ts')
const FAKE_HOST = path.join(import.meta.dirname, 'supervisor/fake-host.ts')
const PATIENCE_MS = 30_000

type Started = { readonly process: ChildProcess; text(): string; ended: Promise<number | null> }

/** `npm start` without npm, and with services that only say whether they are ready. */
function start(dataDir: string, more: readonly string[], env: NodeJS.ProcessEnv = {}): Started {
  const args = [START, '--data', dataDir, '--host', FAKE_HOST, '--no-demo', ...more]
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env } })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', chunk => {
      text += chunk
    })
  }
  const ended = once(child, 'close').then(([code]) => code as number | null)
  return { process: child, text: () => text, ended }
}

async function until(what: string, happened: () => boolean): Promise<void> {
  const giveUpAt = Date.now() + PATIENCE_MS
  while (!happened()) {
    assert.ok(Date.now() < giveUpAt, `${what} does not happen`)
    await pause(20)
  }
}

async function ready(started: Started): Promise<void> {
  await until(`ready: ${started.text()}`, () => started.text().includes('is ready'))
}

function runtimeOf(dataDir: string): RuntimeFile {
  const found = readRuntimeFile(dataDir)
  assert.ok(found)
  return found
}

function lines(dataDir: string): string[] {
  return readFileSync(path.join(dataDir, 'fake.log'), 'utf8').trim().split('\n')
}

type Place = { readonly dataDir: string; readonly ports: readonly string[] }

describe('npm start', { concurrency: 3 }, () => {
  const parent = mkdtempSync(path.join(os.tmpdir(), 'tongchou start '))
  after(() => rmSync(parent, { recursive: true, force: true }))

  /** A data folder and seven ports that no other test has. */
  async function place(t: TestContext): Promise<Place> {
    const { port, held } = await sevenPorts()
    t.after(held.release)
    return { dataDir: path.join(parent, t.name.slice(0, 20)), ports: ['--port', port] }
  }

  async function database(t: TestContext): Promise<NodeJS.ProcessEnv> {
    const { url } = await testDatabase(t)
    return { TONGCHOU_DATABASE_URL: url }
  }

  test('runs two processes, tells commands where, and stops the door first', async t => {
    const { dataDir, ports } = await place(t)
    const env = await database(t)
    const { TONGCHOU_DATABASE_URL: given } = env
    const instance = start(dataDir, ports, env)
    await ready(instance)
    const { processes, ports: taken, supervisor, databaseUrl } = runtimeOf(dataDir)
    assert.equal(databaseUrl, given)
    assert.equal(supervisor.pid, instance.process.pid)
    assert.equal(statSync(path.join(dataDir, 'runtime.json')).mode & 0o777, 0o600)
    assert.deepEqual(
      Object.values(taken),
      [0, 1, 2, 3, 4, 5, 6].map(i => Number(ports[1]) + i),
    )
    assert.deepEqual(
      processes.map(({ name }) => name),
      ['door', 'worker'],
    )
    assert.match(instance.text(), new RegExp(`funds +│ http://127.0.0.1:${taken.funds}`))
    instance.process.kill('SIGTERM')
    assert.equal(await instance.ended, 0)
    const others = 'enrollment,providers,contributions,claims,fraud,funds'
    assert.deepEqual(lines(dataDir).slice(-2), ['stop clearing', `stop ${others}`])
    assert.ok(processes.every(each => !isRunning(each)))
    assert.equal(existsSync(path.join(dataDir, 'runtime.json')), false)
  })

  test('has one process with --one and one for each service with --each', async t => {
    const { dataDir, ports } = await place(t)
    for (const [option, count] of [
      ['--one', 1],
      ['--each', 7],
    ] as const) {
      const instance = start(dataDir, [...ports, option], await database(t))
      await ready(instance)
      assert.equal(runtimeOf(dataDir).processes.length, count)
      instance.process.kill('SIGINT')
      assert.equal(await instance.ended, 0)
    }
  })

  test('names the part that is not ready, and waits for it', async t => {
    const { dataDir, ports } = await place(t)
    const instance = start(dataDir, ports, await database(t))
    await until('start', () => existsSync(path.join(dataDir, 'logs')))
    writeFileSync(path.join(dataDir, 'claims.hold'), '')
    await until('services', () => existsSync(path.join(dataDir, 'fake.log')))
    await pause(300)
    assert.equal(instance.text().includes('is ready'), false)
    rmSync(path.join(dataDir, 'claims.hold'))
    await ready(instance)
    instance.process.kill('SIGINT')
    assert.equal(await instance.ended, 0)
  })

  test('starts a crashed process again and says how it ended', async t => {
    const { dataDir, ports } = await place(t)
    const instance = start(dataDir, ports, await database(t))
    await ready(instance)
    const [, worker] = runtimeOf(dataDir).processes
    await fetch(`http://127.0.0.1:${runtimeOf(dataDir).ports.claims}/exit/9`).catch(() => null)
    await until('restart', () => runtimeOf(dataDir).processes[1]?.pid !== worker?.pid)
    const told = /worker \(process \d+\) ended on its own: exit code 9/
    await until('said', () => told.test(instance.text()))
    instance.process.kill('SIGINT')
    assert.equal(await instance.ended, 0)
  })

  test('gives up on a process that crashes on and on, and stops everything', async t => {
    const { dataDir, ports } = await place(t)
    const instance = start(dataDir, ports, { ...(await database(t)), FAKE_CRASHES: 'clearing' })
    assert.equal(await instance.ended, 1)
    assert.match(instance.text(), /door ended 5 times within a minute, last with exit code 4/)
    assert.match(instance.text(), / {2}\| cannot go on: told to crash/)
    assert.match(lines(dataDir).at(-1) ?? '', /^stop enrollment/)
  })

  test('is refused where another one runs, and where a port is taken', async t => {
    const { dataDir, ports } = await place(t)
    const first = start(dataDir, ports, await database(t))
    await ready(first)
    const second = start(dataDir, ports, await database(t))
    assert.equal(await second.ended, 1)
    assert.match(second.text(), new RegExp(`in use by process ${first.process.pid} since`))
    const other = start(`${dataDir} too`, ports, await database(t))
    assert.equal(await other.ended, 1)
    assert.match(other.text(), /port \d+ \(clearing\) is taken .* choose other ports with --port/)
    first.process.kill('SIGINT')
    assert.equal(await first.ended, 0)
  })

  test('no process survives kill -9 of the supervisor, and the database is adopted', async t => {
    const { dataDir, ports } = await place(t)
    const own = { TONGCHOU_DATABASE_URL: '' }
    const first = start(dataDir, ports, own)
    await ready(first)
    const { processes, databasePid } = runtimeOf(dataDir)
    first.process.kill('SIGKILL')
    await first.ended
    for (const each of processes) assert.ok(await waitUntilGone(each, PATIENCE_MS))
    const second = start(dataDir, ports, own)
    await ready(second)
    assert.match(second.text(), new RegExp(`going on with the database server ${databasePid}`))
    const server: ProcessIdentity = identify(databasePid ?? 0)
    second.process.kill('SIGINT')
    assert.equal(await second.ended, 0)
    assert.equal(isRunning(server), false)
  })
})
