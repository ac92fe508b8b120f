/** Kills the server while many commit and a consumer follows, then looks at what stands. */
import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RunningSubscription } from '../../message-log/port.ts'
import { openPostgresLog } from '../../message-log/postgres.ts'
import { effectsIn, keyOf, record, TOPIC, until } from '../../message-log/testing.ts'
import { openDatabase } from '../../postgres/database.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../postgres/embedded.ts'
import { openPostgresStore, type PostgresStore } from '../postgres.ts'
import { appendOf, assertIntact, newEvent, newEvents, newStream, readWhole } from '../testing.ts'

/** A durable server of its own in a temporary folder, handed to the work and removed behind it. */
export async function withDurableServer(
  work: (server: EmbeddedPostgres) => Promise<void>,
): Promise<void> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'tongchou-kill-'))
  chmodSync(dataDir, 0o755)
  const server = await startEmbeddedPostgres({
    dataDir,
    log: () => undefined,
    settings: { shared_buffers: '64MB', max_wal_size: '256MB' },
    endWithParent: true,
  })
  try {
    await work(server)
  } finally {
    await server.stop()
    await sleep(300) // the launcher still reads the server's log when it hears of its end
    rmSync(dataDir, { recursive: true, force: true })
  }
}

export type KillOptions = {
  readonly url: string
  /** Process of the server; another one after each start. */
  readonly pid: () => number
  readonly kills: number
}

export type KillCounts = { readonly acknowledged: number; readonly duplicates: number }

export async function killDuringCommits({ url, pid, kills }: KillOptions): Promise<KillCounts> {
  const database = openDatabase({ url, unavailableMs: 30_000 })
  const producer = await openPostgresStore({ database, schema: 'clearing' })
  const consumer = await openPostgresStore({ database, schema: 'claims' })
  const log = openPostgresLog({ stores: new Map([['clearing', producer]]), ttlMs: 2000 })
  const state: State = { stopped: false, appended: [], duplicates: 0 }
  try {
    const running = await record({ producer, consumer, log })
    const callers = Promise.all(
      Array.from({ length: 16 }, () => callAgainAndAgain(producer, state)),
    )
    callers.catch(() => {}) // seen below
    for (let kill = 0; kill < kills; kill++) await killOnce(pid, state)
    state.stopped = true
    await callers
    await checkAll({ producer, consumer }, state, running)
    return { acknowledged: state.appended.length, duplicates: state.duplicates }
  } finally {
    state.stopped = true
    await log.close()
    await Promise.all([producer.close(), consumer.close()])
    await database.close()
  }
}

async function killOnce(pid: () => number, state: State): Promise<void> {
  await sleep(400 + Math.random() * 400)
  const killed = pid()
  for (const each of [killed, ...childrenOf(killed)]) process.kill(each, 'SIGKILL')
  await until('started again', () => pid() !== killed)
  const before = state.appended.length
  await until('commits go on', () => state.appended.length > before + 50)
}

/** Backends are killed in the middle of a commit too; alone, they would finish and answer. */
function childrenOf(pid: number): number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    return children
      .trim()
      .split(' ')
      .map(Number)
      .filter(child => child > 1)
  } catch {
    return [] // no /proc here
  }
}

async function checkAll(
  { producer, consumer }: { readonly producer: PostgresStore; readonly consumer: PostgresStore },
  state: State,
  running: RunningSubscription,
): Promise<void> {
  const events = await readWhole(producer)
  assertIntact(events)
  const ids = events.map(({ id }) => id)
  assert.deepEqual(ids.sort(), state.appended.sort())
  await until('all handled', () => running.handled() === BigInt(events.length))
  assertIntact(await readWhole(consumer))
  const effects = await effectsIn(consumer)
  const said = events.filter(({ type }) => type === 'ClaimSubmitted')
  assert.deepEqual(effects.sort(), said.map(keyOf).sort())
  const positions = await consumer.progress.positions(running.group, TOPIC.name)
  assert.equal(positions.size, 8)
}

type State = { stopped: boolean; readonly appended: string[]; duplicates: number }

/** Two events to a new stream, then one more behind them, until told to stop. */
async function callAgainAndAgain(store: PostgresStore, state: State): Promise<void> {
  while (!state.stopped) {
    const stream = newStream()
    const said = newEvent({ data: Buffer.from(stream) })
    const first = appendOf(stream, [said, newEvent({ type: 'ScoreReceived' })])
    const head = { version: 2, hash: first.hashes[1] ?? first.expected.hash }
    for (const append of [
      first,
      appendOf(stream, newEvents(1, { type: 'AdjudicationReceived' }), head),
    ]) {
      const [outcome] = await store.append([append])
      assert.ok(outcome?.status === 'appended' || outcome?.status === 'duplicate')
      if (outcome.status === 'duplicate') state.duplicates += 1
      state.appended.push(...append.events.map(({ id }) => id))
    }
  }
}
