/**
 * `pnpm chaos`: kill -9 of everything, or of one part, under load, again and again; with --kafka
 * over brokers that die, too. A client keeps what it was told; afterwards it asks again and must be
 * told the same, every claim is settled once, the books balance and the audit finds nothing.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from './bench/generate/random.ts'
import { seeded } from './bench/generate/random.ts'
import { amounts } from './chaos/amounts.ts'
import { Brokers } from './chaos/brokers.ts'
import { Client } from './chaos/client.ts'
import type { Verdict } from './chaos/judge.ts'
import { audit, judge, quiet } from './chaos/judge.ts'
import type { ClaimRecord } from './chaos/ledger.ts'
import { Ledger } from './chaos/ledger.ts'
import { Load } from './chaos/load.ts'
import { readChaosOptions } from './chaos/options.ts'
import type { Target } from './chaos/targets.ts'
import { portsInARow, Victim } from './chaos/victim.ts'
import { balancesArrived } from './cli/demo/arrival.ts'
import { DEMO_FOLDER, personKey } from './cli/demo.ts'
import { importFolder } from './cli/import.ts'
import type { Instance } from './cli/instance.ts'
import { recordsOf } from './cli/records.ts'
import { table } from './cli/show.ts'

const options = readChaosOptions(process.argv.slice(2))
const OLDER_ASKED = 300
const FAULTS_SHOWN = 20
const ANSWER_TIMES = 6
const IMPORTS_MOST = 5
const IMPORT_PAUSE_MS = 2000

type Row = readonly [number, Target, string, number, number, number, number, number]
const HEAD = [
  'round',
  'struck',
  'which',
  'after ms',
  'back after ms',
  'acknowledged',
  'asked again',
  'wrong',
]

/** Every target in turn, each cycle in another order. */
function orderOf(random: Random): readonly Target[] {
  const order: Target[] = []
  while (order.length < options.rounds) {
    const cycle = [...options.targets]
    while (cycle.length > 0) order.push(...cycle.splice(random.below(cycle.length), 1))
  }
  return order.slice(0, options.rounds)
}

type Run = {
  readonly victim: Victim
  readonly client: Client
  readonly ledger: Ledger
  readonly load: Load
  readonly random: Random
}

async function round(run: Run, number: number, target: Target): Promise<Row> {
  const { victim, ledger, load, random } = run
  const afterMs = random.between(200, 1500)
  load.go(number)
  await sleep(afterMs)
  const struckAt = performance.now()
  const { gone, what } = await victim.strike(target, random)
  await victim.ready(gone)
  const backMs = Math.round(performance.now() - struckAt)
  await sleep(random.between(100, 500))
  await load.halt()
  const faultsBefore = ledger.faults.length
  const asked = await askAgain(run)
  const wrong = ledger.faults.length - faultsBefore
  return [number, target, what, afterMs, backMs, ledger.claims.length, asked, wrong]
}

let askedUpTo = 0

/** Sends again what was acknowledged since the last time, and some of the rest; every window. */
async function askAgain({ client, ledger, random }: Run): Promise<number> {
  const { claims } = ledger
  const older = Array.from({ length: Math.min(OLDER_ASKED, askedUpTo) }, () =>
    random.below(askedUpTo),
  )
  const asked = [...claims.slice(askedUpTo), ...new Set(older.map(at => claims[at]))]
  askedUpTo = claims.length
  const again = asked.filter(told => told !== undefined)
  await client.submitAll(again.map(({ claim }) => claim))
  for (const { claim, claimId, reason } of again) {
    if (reason !== null) await client.reverse(claim, claimId, reason)
  }
  for (const windowNo of ledger.windows.keys()) await client.readWindow(windowNo)
  for (const personNo of ledger.persons) await client.readPerson(personNo)
  return again.length
}

/** A busy machine refuses now and then; what is sent again changes nothing. */
async function importAll(instance: Instance): Promise<void> {
  for (let failures = 1; ; failures++) {
    try {
      await importFolder(instance, DEMO_FOLDER)
      return
    } catch (fault) {
      if (failures === IMPORTS_MOST) throw fault
      await sleep(IMPORT_PAUSE_MS)
    }
  }
}

/** True when everything holds. The rounds are told also when one of them fails. */
async function main(victim: Victim): Promise<boolean> {
  victim.start()
  const instance = await victim.ready()
  await importAll(instance)
  await balancesArrived(instance, DEMO_FOLDER, await personKey(instance))
  const tokens = {
    service: await instance.token({ role: 'service' }),
    centre: await instance.token({ role: 'centre' }),
  }
  const ledger = new Ledger()
  const client = new Client({ instance, doors: victim.doors(instance), ledger, tokens })
  const claims = await recordsOf<ClaimRecord>(DEMO_FOLDER, 'claims')
  const load = new Load({ client, ledger, claims, seed: options.seed, known: options.whole })
  const run = { victim, client, ledger, load, random: seeded(options.seed) }
  const rows: Row[] = []
  try {
    for (const [index, target] of orderOf(run.random).entries()) {
      rows.push(await round(run, index + 1, target))
      console.error(HEAD.map((name, column) => `${name} ${rows.at(-1)?.[column]}`).join(' · '))
    }
  } finally {
    console.log(table(HEAD, rows))
    for (const fault of ledger.faults.slice(0, FAULTS_SHOWN)) console.log(`  ${fault}`)
  }
  return finish(run, instance)
}

async function finish(run: Run, instance: Instance): Promise<boolean> {
  if (options.whole) await run.load.finish()
  askedUpTo = 0
  await askAgain(run)
  await run.client.closeWindow('the last one')
  await quiet(instance)
  await answerAll(run)
  const verdicts = [
    ...(await judge(instance, run.ledger)),
    ...(options.whole ? await amounts(DEMO_FOLDER, run.ledger) : []),
  ]
  await run.client.close()
  await run.victim.stop()
  return told([
    ...verdicts,
    audit(instance.dataDir, 'when it is stopped', run.ledger.claims.length),
  ])
}

/** What is under way on a slow machine is waited for; the judge names what stays so. */
async function answerAll({ client, ledger }: Run): Promise<void> {
  for (let times = 0; times < ANSWER_TIMES; times++) {
    const open = ledger.claims.filter(({ state }) => state === 'submitted')
    if (open.length === 0) return
    await client.submitAll(open.map(({ claim }) => claim))
  }
}

function told(verdicts: readonly Verdict[]): boolean {
  const rows = verdicts.map(({ check, holds, figure }) => [check, holds ? 'yes' : 'NO', figure])
  console.log(table(['check', 'holds', 'figure'], rows))
  return verdicts.every(({ holds }) => holds)
}

const dataDir = options.dataDir ?? mkdtempSync(path.join(os.tmpdir(), 'tongchou-chaos-'))
if (options.dataDir !== null) mkdirSync(dataDir)
console.log(`seed ${options.seed}, ${options.rounds} rounds, data in ${dataDir}`)
const { brokers: count, layout } = options
const brokers = count === null ? null : await Brokers.open(dataDir, count)
const victim = new Victim({ dataDir, port: await portsInARow(), layout, brokers })
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void victim.stop().finally(() => process.exit(1)))
}
let holds = false
try {
  holds = await main(victim)
} finally {
  await victim.stop()
  await brokers?.close()
  if (holds && options.dataDir === null) rmSync(dataDir, { recursive: true, force: true })
}
console.log(holds ? 'Everything holds.' : `Something does not hold; the data are in ${dataDir}`)
process.exitCode = holds ? 0 : 1
