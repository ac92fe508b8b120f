/**
 * `pnpm chaos`: kill -9 of everything, or of one part, under load, again and again. A client keeps
 * what it was told; afterwards it sends everything again and must be told the same, every claim is
 * settled once, the books balance and the audit finds nothing.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Command } from 'commander'
import { Client as Postgres } from 'pg'
import type { Target } from './chaos/instance.ts'
import { TARGETS, Victim } from './chaos/instance.ts'
import type { ClaimRecord } from './chaos/load.ts'
import { Client } from './chaos/load.ts'
import { DEMO_FOLDER } from './cli/demo.ts'
import { ask } from './cli/http.ts'
import { importFolder } from './cli/import.ts'
import type { Instance } from './cli/instance.ts'
import { recordsOf } from './cli/records.ts'
import { table } from './cli/show.ts'

type Given = {
  readonly rounds: string
  readonly claims: string
  readonly seed: string
  readonly port: string
  readonly short?: boolean
  readonly keep?: boolean
}

const given = new Command('pnpm chaos')
  .description('kill -9 under load, again and again; everything acknowledged must hold')
  .option('--rounds <n>', 'kills', '20')
  .option('--claims <n>', 'claims of a round', '600')
  .option('--seed <n>', 'repeats targets and moments', String(Date.now() % 1_000_000))
  .option('--port <n>', 'first of seven ports', '17480')
  .option('--short', '4 rounds: every target once')
  .option('--keep', 'keep the data directory')
  .parse()
  .opts<Given>()

const rounds = given.short ? TARGETS.length : Number(given.rounds)
const perRound = given.short ? 300 : Number(given.claims)

/** Numerical Recipes' linear congruential generator: enough to choose moments that can be repeated. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

type Row = readonly [number, Target, number, number, number, string]

/** Kills the target while a batch and single requests are under way, then waits for it to be back. */
async function round(
  victim: Victim,
  client: Client,
  claims: readonly ClaimRecord[],
  target: Target,
  delayMs: number,
): Promise<readonly [number, string]> {
  const half = Math.floor(claims.length * 0.8)
  const load = Promise.all([
    client.sendBatch(claims.slice(0, half)),
    client.sendSingles(claims.slice(half)),
  ])
  await sleep(delayMs)
  victim.kill(target)
  const startedMs = performance.now()
  const [batch, singles] = await load
  if (target === 'everything') await victim.start()
  else await victim.ready()
  const backS = ((performance.now() - startedMs) / 1000).toFixed(1)
  return [batch + singles, backS]
}

/** Sends until every claim has its final answer. */
async function sendAgain(client: Client, claims: readonly ClaimRecord[]): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt++) {
    if ((await client.sendBatch(claims)) === claims.length) return
    await sleep(500)
  }
  throw new Error('claims kept being refused after everything was back')
}

async function settledOnce(instance: Instance): Promise<{ events: number; claims: number }> {
  const database = new Postgres({ connectionString: instance.databaseUrl ?? '' })
  await database.connect()
  const { rows } = await database.query<{ events: string; claims: string }>(
    `select count(*) events, count(distinct stream) claims
     from clearing.event where type = 'ClaimSettled'`,
  )
  await database.end()
  return { events: Number(rows[0]?.events), claims: Number(rows[0]?.claims) }
}

async function main(): Promise<void> {
  console.log(`seed ${given.seed}: pnpm chaos --rounds ${rounds} --seed ${given.seed}`)
  const dataDir = mkdtempSync(join(tmpdir(), 'tongchou-chaos-'))
  const victim = new Victim(dataDir, Number(given.port))
  const random = randomFrom(Number(given.seed))
  const instance = await victim.start()
  try {
    await importFolder(instance, DEMO_FOLDER)
    const all = await recordsOf<ClaimRecord>(DEMO_FOLDER, 'claims')
    const claims = all.slice(0, rounds * perRound)
    const client = new Client(await instance.token({ role: 'service' }), instance)
    const rows: Row[] = []
    for (let index = 0; index < rounds; index++) {
      const target = TARGETS[index % TARGETS.length] ?? 'everything'
      const delayMs = Math.round(30 + random() * perRound * 0.6)
      const part = claims.slice(index * perRound, (index + 1) * perRound)
      const [answered, backS] = await round(victim, client, part, target, delayMs)
      await sendAgain(client, claims.slice(0, (index + 1) * perRound))
      rows.push([index + 1, target, delayMs, answered, client.acknowledged.size, backS])
      console.error(`round ${index + 1} of ${rounds}: ${target} killed after ${delayMs} ms`)
    }
    const head = ['round', 'killed', 'after ms', 'answered before', 'acknowledged', 'back after s']
    console.log(table(head, rows))
    await judge(instance, client, claims.length, dataDir)
  } finally {
    await victim.stop()
    if (!given.keep) rmSync(dataDir, { recursive: true, force: true })
  }
}

async function judge(
  instance: Instance,
  client: Client,
  claims: number,
  dataDir: string,
): Promise<void> {
  await sleep(3000)
  const token = await instance.token({ role: 'centre' })
  const books = await ask<{ ok: boolean }>(`${instance.urlOf('funds')}/v1/self-check`, { token })
  const settled = await settledOnce(instance)
  const script = join(import.meta.dirname, 'tongchou.ts')
  const audit = spawnSync(process.execPath, [script, '--data-dir', dataDir, 'audit', 'verify'], {
    encoding: 'utf8',
  })
  const checks: readonly (readonly [string, boolean, string])[] = [
    [
      'every claim acknowledged',
      client.acknowledged.size === claims,
      `${client.acknowledged.size}`,
    ],
    ['every answer the same when sent again', client.changed.length === 0, client.changed.join()],
    [
      'settled exactly once',
      settled.events === claims && settled.claims === claims,
      `${settled.events}`,
    ],
    ['books balance', books.ok, ''],
    ['audit finds nothing', audit.status === 0, audit.status === 0 ? '' : audit.stdout],
  ]
  console.log(
    table(
      ['check', 'holds', 'figure'],
      checks.map(([what, ok, text]) => [what, ok ? 'yes' : 'NO', text]),
    ),
  )
  if (checks.some(([, ok]) => !ok)) process.exitCode = 1
}

await main()
