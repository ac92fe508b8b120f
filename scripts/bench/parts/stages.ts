/**
 * What each stage of a claim costs. One after the other, each service runs alone in its process
 * over the same backlog of claims; the clock of CPU time starts when a third is done, so that start
 * and warm-up are not in it. The views of a service are then fed the same events by themselves and
 * taken off its figure.
 */
import type { ServiceName } from '@tongchou/contracts/services.ts'
import type { BenchClaim } from '../generate/claims.ts'
import { headsOf, lags } from '../instance/drain.ts'
import type { Ground } from '../instance/ground.ts'
import { startMeter } from '../instance/meter.ts'
import { resetStatements, type Statements, statementsSince } from '../instance/statements.ts'
import { sendStream } from './batch.ts'
import { benchViews, type ViewCost } from './views.ts'

const STAGES = [
  { stage: 'door', service: 'clearing', group: 'clearing.view.clearing.events' },
  { stage: 'claims', service: 'claims', group: 'claims.adjudicate' },
  { stage: 'fraud', service: 'fraud', group: 'fraud.score' },
  { stage: 'clearing', service: 'clearing', group: 'clearing.join.adjudication' },
  { stage: 'funds', service: 'funds', group: 'funds.book.claim' },
] as const
export type StageName = (typeof STAGES)[number]['stage']

/** Claims in a batch that the budget counts statements by. */
const BATCH = 300
const POLL_MS = 10

export type StageFigures = {
  readonly stage: StageName | 'views'
  readonly eventsAClaim: number
  readonly statementsABatch: number
  /** µs of CPU a claim. */
  readonly nodeMicros: number
  readonly postgresMicros: number
  readonly claimsPerSecond: number
}

export type StagesFigures = {
  readonly claims: number
  readonly stages: readonly StageFigures[]
  /** The statements that took most of PostgreSQL's time, over all stages. */
  readonly statements: Statements
}

type Cost = ViewCost & { readonly claimsPerSecond: number; readonly statements: Statements }

export async function benchStages(
  ground: Ground,
  claims: readonly BenchClaim[],
): Promise<StagesFigures> {
  const stages: StageFigures[] = []
  const views: ViewCost[] = []
  const statements: Statements[number][] = []
  for (const { stage, service, group } of STAGES) {
    const before = await headsOf(ground.pool)
    const run = { ground, service, group, claims: claims.length }
    const found = await (stage === 'door' ? doorStage(run, claims) : backlogStage(run))
    const heads = await headsOf(ground.pool)
    const seen = await benchViews(ground, service, before, claims.length)
    const events = Number((heads.get(service) ?? 0n) - (before.get(service) ?? 0n))
    stages.push({
      stage,
      eventsAClaim: Math.round((events / claims.length) * 100) / 100,
      ...rounded(less(found, seen)),
      claimsPerSecond: found.claimsPerSecond,
    })
    views.push(seen)
    statements.push(...found.statements)
  }
  const viewsOfAll = { stage: 'views' as const, eventsAClaim: 0, claimsPerSecond: 0 }
  stages.push({ ...viewsOfAll, ...rounded(views.reduce(plus)) })
  const top = statements.toSorted((a, b) => b.microsAClaim - a.microsAClaim).slice(0, 15)
  return { claims: claims.length, stages, statements: top }
}

function plus(a: ViewCost, b: ViewCost): ViewCost {
  return {
    statementsABatch: a.statementsABatch + b.statementsABatch,
    nodeMicros: a.nodeMicros + b.nodeMicros,
    postgresMicros: a.postgresMicros + b.postgresMicros,
  }
}

/** Two measurements are never quite alike: what is left is at least 0. */
function less(a: ViewCost, b: ViewCost): ViewCost {
  return {
    statementsABatch: Math.max(0, a.statementsABatch - b.statementsABatch),
    nodeMicros: Math.max(0, a.nodeMicros - b.nodeMicros),
    postgresMicros: Math.max(0, a.postgresMicros - b.postgresMicros),
  }
}

function rounded({ statementsABatch, nodeMicros, postgresMicros }: ViewCost): ViewCost {
  const tenth = (value: number) => Math.round(value * 10) / 10
  return {
    statementsABatch: tenth(statementsABatch),
    nodeMicros: tenth(nodeMicros),
    postgresMicros: tenth(postgresMicros),
  }
}

type StageRun = {
  readonly ground: Ground
  readonly service: ServiceName
  readonly group: string
  readonly claims: number
}

/** Answers come at once: nobody else runs who could settle. */
async function doorStage(run: StageRun, claims: readonly BenchClaim[]): Promise<Cost> {
  const { ground, service } = run
  const hosts = await ground.start([{ name: service, services: [service] }])
  try {
    const token = await ground.token({ role: 'service' })
    const third = Math.ceil(claims.length / 3)
    const send = (some: readonly BenchClaim[]) =>
      sendStream(ground.urlOf('clearing'), { token, claims: some, waitS: 0 })
    await send(claims.slice(0, third))
    await caughtUp(run)
    const stop = await begin(run, hosts.pids)
    await send(claims.slice(third))
    await caughtUp(run)
    return await stop(claims.length - third)
  } finally {
    await hosts.stop()
  }
}

async function backlogStage(run: StageRun): Promise<Cost> {
  const { ground, service, claims } = run
  const from = await positionOf(run)
  const hosts = await ground.start([{ name: service, services: [service] }])
  try {
    const head = await producerHead(run)
    const third = from + (head - from) / 3n
    while ((await positionOf(run)) < third) await pause()
    const at = await positionOf(run)
    const stop = await begin(run, hosts.pids)
    await caughtUp(run)
    const share = Number(head - at) / Math.max(1, Number(head - from))
    return await stop(Math.max(1, claims * share))
  } finally {
    await hosts.stop()
  }
}

async function begin({ ground }: StageRun, processes: ReadonlyMap<string, number>) {
  await resetStatements(ground.pool)
  const stop = startMeter({ processes, postgresPid: ground.postgresPid })
  return async (claims: number): Promise<Cost> => {
    const { cpuMicros, wallMs } = stop()
    const statements = await statementsSince(ground.pool, claims)
    const calls = statements.reduce((sum, one) => sum + one.calls, 0)
    const { postgres = 0, generator = 0, ...node } = cpuMicros
    const [nodeMicros = 0] = Object.values(node)
    return {
      statementsABatch: (calls * BATCH) / claims,
      nodeMicros: nodeMicros / claims,
      postgresMicros: postgres / claims,
      claimsPerSecond: Math.round((claims * 1_000) / wallMs),
      statements,
    }
  }
}

/** Until every group of the service has had everything. */
async function caughtUp({ ground, service }: StageRun): Promise<void> {
  for (;;) {
    const behind = await lags(ground.pool)
    if (!behind.some(({ group }) => group.startsWith(`${service}.`))) return
    await pause()
  }
}

async function positionOf({ ground, service, group }: StageRun): Promise<bigint> {
  const { rows } = await ground.pool.query<{ pos: string | null }>(
    `select min(position) as pos from ${service}.checkpoint where consumer = $1`,
    [group],
  )
  return BigInt(rows[0]?.pos ?? 0)
}

/** Where the log ends that the group follows. */
async function producerHead({ ground, service, group }: StageRun): Promise<bigint> {
  const { rows } = await ground.pool.query<{ topic: string }>(
    `select topic from ${service}.checkpoint where consumer = $1 limit 1`,
    [group],
  )
  const heads = await headsOf(ground.pool)
  const producer = [...heads.keys()].find(name => rows[0]?.topic.startsWith(`${name}.`))
  return producer === undefined ? 0n : (heads.get(producer) ?? 0n)
}

function pause(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, POLL_MS))
}
