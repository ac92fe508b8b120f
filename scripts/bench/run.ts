/**
 * The parts in order, on one ground: what needs no services first, then claims, then the logs they
 * left.
 */
import { benchAppend, benchRead } from '@tongchou/runtime/event-store/store.bench.ts'
import { createDatabase } from '@tongchou/runtime/postgres/embedded.ts'
import { LAYOUTS } from '../supervisor/layout.ts'
import { ClaimSource } from './generate/claims.ts'
import { readRegions } from './generate/reference.ts'
import { type BenchBroker, openBenchBroker } from './instance/broker.ts'
import { waitUntilDrained } from './instance/drain.ts'
import type { Ground } from './instance/ground.ts'
import { openGround } from './instance/ground.ts'
import { watchOthers } from './instance/meter.ts'
import type { RunningHosts } from './instance/processes.ts'
import type { Answered } from './instance/proof.ts'
import { countStores, faultsBetween } from './instance/proof.ts'
import { STATEMENT_SETTINGS } from './instance/statements.ts'
import { peakBytes, treeMemoryBytes } from './machine/processes.ts'
import { waitUntilQuiet } from './machine/quiet.ts'
import type { Options, Part } from './options.ts'
import { benchAudit } from './parts/audit.ts'
import { runBatch } from './parts/batch.ts'
import { benchBroker } from './parts/broker.ts'
import { benchHttp } from './parts/http.ts'
import { benchKernel } from './parts/kernel.ts'
import { benchOutage, OUTAGE_RATE } from './parts/outage.ts'
import { benchReplay } from './parts/replay.ts'
import { closedLoop, type Doors, openLoop } from './parts/single.ts'
import { benchStages } from './parts/stages.ts'
import { benchWhatIf } from './parts/what-if.ts'
import { monotonicMicros, type Window } from './report/profile.ts'
import type { Results } from './report/results.ts'

const CONNECTIONS = 4
const RATES = [200, 1_000]
/** Over a broker on the same two cores, where 1,000/s is more than goes. */
const KAFKA_RATES = [200]
const STAGE_CLAIMS = 30_000
/** After so many the compilers of V8 have seen everything and plans are made. */
const WARM_UP_CLAIMS = 10_000
/** One by one they take another way through the door than in batches. */
const SINGLE_WARM_UP_CLAIMS = 2_000
const MINUTE_MS = 60_000
const MEBIBYTE = 2 ** 20

export type Run = {
  readonly options: Options
  readonly dataDir: string
  readonly profileDir: string | undefined
  readonly results: Results
  readonly source: ClaimSource
  /** When claims were measured: what a profile is looked at for. */
  readonly windows: Window[]
  readonly say: (line: string) => void
}

export function claimSource({ seed, persons }: Options): ClaimSource {
  return new ClaimSource({ seed, persons, regions: readRegions() })
}

function wants({ options }: Run, ...parts: readonly Part[]): boolean {
  return parts.some(part => options.only.includes(part))
}

export async function runParts(run: Run): Promise<void> {
  const { dataDir } = run
  const broker = run.options.kafka ? await openBenchBroker(dataDir) : null
  const env: Record<string, string> = broker === null ? {} : { TONGCHOU_KAFKA: broker.bootstrap }
  const ground = await openGround(dataDir, {}, env)
  try {
    await storeParts(run, ground)
    if (broker !== null && wants(run, 'broker')) {
      const work = () => benchBroker(broker)
      run.results.broker = await watched(run, ground, { part: 'broker', work })
    }
    if (wants(run, 'batch', 'single', 'outage')) await claimParts(run, ground, broker)
    await logParts(run, ground)
  } finally {
    await ground.close()
    await broker?.close()
  }
  if (wants(run, 'stages')) await stagesPart(run)
}

/** Notes how busy others were meanwhile. */
async function watched<T>(
  { options, results, say }: Run,
  ground: Ground,
  { part, work }: { readonly part: Part; readonly work: () => T | Promise<T> },
): Promise<T> {
  await waitUntilQuiet(options.quiet * MINUTE_MS)
  say(part)
  const stop = watchOthers(ground.postgresPid)
  const found = await work()
  results.othersCores[part] = stop()
  return found
}

async function storeParts(run: Run, ground: Ground): Promise<void> {
  const { options, results } = run
  if (wants(run, 'kernel')) {
    results.kernel = await watched(run, ground, { part: 'kernel', work: benchKernel })
  }
  if (wants(run, 'what-if')) {
    results.whatIf = await watched(run, ground, { part: 'what-if', work: benchWhatIf })
  }
  if (!wants(run, 'append', 'replay', 'audit')) return
  const events = options.short ? 6_000 : 30_000
  const url = await createDatabase(ground.serverUrl, 'bench_store')
  if (wants(run, 'append')) {
    const work = () => benchAppend(url, { events })
    results.append = await watched(run, ground, { part: 'append', work })
  }
  if (wants(run, 'replay', 'audit')) results.read = await benchRead(url, { events: events * 2 })
}

async function claimParts(run: Run, ground: Ground, broker: BenchBroker | null): Promise<void> {
  const { options, profileDir, say } = run
  say(broker === null ? 'starting door and worker' : 'starting the services')
  const layout = broker === null ? LAYOUTS.two : LAYOUTS.each
  const hosts = await ground.start(layout, profileDir)
  try {
    say('warm-up')
    const warmUp = run.source.take(Math.min(WARM_UP_CLAIMS, options.claims))
    await proven(run, ground, () =>
      runBatch({ ground, hosts, claims: warmUp, connections: CONNECTIONS }),
    )
    run.windows.pop()
    if (wants(run, 'batch')) await batchPart(run, ground, hosts)
    if (wants(run, 'single')) await singlePart(run, ground, hosts)
    if (broker !== null && wants(run, 'outage')) await outagePart(run, { ground, hosts }, broker)
    run.results.memoryMiB = memoryOf(ground, hosts, broker)
  } finally {
    await hosts.stop()
  }
}

async function batchPart(run: Run, ground: Ground, hosts: RunningHosts): Promise<void> {
  const { options, results, source, say } = run
  const send = (count: number, lines: number | null) =>
    proven(run, ground, () =>
      runBatch({ ground, hosts, claims: source.take(count, lines), connections: CONNECTIONS }),
    )
  say(`${options.claims} claims in ${CONNECTIONS} streams`)
  const { figures, events } = await send(options.claims, null)
  results.batch = figures
  results.eventsAClaim = Math.round((events / options.claims) * 100) / 100
  say('the same with 10 lines a claim')
  results.batchOfTenLines = (await send(Math.ceil(options.claims / 3), 10)).figures
}

async function singlePart(run: Run, ground: Ground, hosts: RunningHosts): Promise<void> {
  const { options, results, source, say } = run
  const doors = { ground, hosts }
  const seconds = options.short ? 5 : 15
  const single = []
  say('warm-up of single requests')
  const warmUp = source.take(options.short ? 500 : SINGLE_WARM_UP_CLAIMS)
  await proven(run, ground, () => openLoop(doors, warmUp, RATES[0] ?? 0))
  run.windows.pop()
  for (const rate of options.kafka ? KAFKA_RATES : RATES) {
    say(`single requests, ${rate} a second`)
    const claims = source.take(rate * seconds)
    single.push((await proven(run, ground, () => openLoop(doors, claims, rate))).figures)
  }
  say('single requests, as many as go')
  const claims = source.take(Math.ceil(options.claims / 2))
  single.push((await proven(run, ground, () => closedLoop(doors, claims))).figures)
  results.single = single
}

/** Runs with everything drained before and after, and notes what SQL says against it. */
async function proven<F>(
  { options, results, windows }: Run,
  { pool }: Ground,
  measure: () => Promise<{ readonly figures: F; readonly answered: Answered }>,
): Promise<{ readonly figures: F; readonly events: number }> {
  await waitUntilDrained(pool)
  await waitUntilQuiet(options.quiet * MINUTE_MS)
  const before = await countStores(pool)
  const fromMicros = monotonicMicros()
  const { figures, answered } = await measure()
  windows.push({ fromMicros, toMicros: monotonicMicros() })
  await waitUntilDrained(pool)
  const after = await countStores(pool)
  results.faults.push(...faultsBetween(before, after, answered))
  const ends = (heads: ReadonlyMap<string, bigint>) =>
    [...heads.values()].reduce((sum, head) => sum + head, 0n)
  return { figures, events: Number(ends(after.heads) - ends(before.heads)) }
}

async function outagePart(run: Run, doors: Doors, broker: BenchBroker): Promise<void> {
  const { options, results, source, say } = run
  const seconds = options.short ? 15 : 60
  say(`the broker is away for ${seconds} s under load`)
  const claims = source.take(OUTAGE_RATE * seconds)
  const measure = () => benchOutage(doors, broker, { claims, awayMs: seconds * 1_000 })
  results.outage = (await proven(run, doors.ground, measure)).figures
}

function memoryOf(
  ground: Ground,
  hosts: RunningHosts,
  broker: BenchBroker | null,
): Record<string, number> {
  const services = [...hosts.pids].map(([name, pid]) => [name, peakBytes(pid)] as const)
  const bytes = [
    ...services,
    ['postgres', treeMemoryBytes(ground.postgresPid)] as const,
    ...(broker === null ? [] : [['broker', peakBytes(broker.pid())] as const]),
  ]
  return Object.fromEntries(bytes.map(([name, size]) => [name, Math.round(size / MEBIBYTE)]))
}

async function logParts(run: Run, ground: Ground): Promise<void> {
  const { results, source, options } = run
  if (wants(run, 'http')) {
    const claims = source.take(options.short ? 2_000 : 10_000)
    const work = () => benchHttp(claims, ANSWER)
    results.http = await watched(run, ground, { part: 'http', work })
  }
  if (wants(run, 'replay')) {
    const work = () => benchReplay(ground)
    results.replay = await watched(run, ground, { part: 'replay', work })
  }
  if (wants(run, 'audit')) {
    const work = () => benchAudit(ground)
    results.audit = await watched(run, ground, { part: 'audit', work })
  }
}

/** As long as the answer to a settled claim. */
const ANSWER = JSON.stringify({ claimId: 'x'.repeat(36), shares: 'x'.repeat(640) })

async function stagesPart(run: Run): Promise<void> {
  const { dataDir, options, results, source, say } = run
  say('stages one by one')
  const ground = await openGround(dataDir, STATEMENT_SETTINGS)
  try {
    results.stages = await benchStages(ground, source.take(Math.min(options.claims, STAGE_CLAIMS)))
  } finally {
    await ground.close()
  }
}
