/**
 * One request a claim with `Prefer: wait`. Open loop: sent at a fixed rate whatever comes back,
 * each latency counted from the moment it was due, so a slow answer is not hidden by the ones it
 * holds up. Closed loop: a number of callers, each sending when its answer has come.
 */
import { Pool } from 'undici'
import type { BenchClaim } from '../generate/claims.ts'
import type { Ground } from '../instance/ground.ts'
import type { Spent } from '../instance/meter.ts'
import { startMeter } from '../instance/meter.ts'
import type { RunningHosts } from '../instance/processes.ts'
import { type Answered, addAnswer, NOTHING_ANSWERED } from '../instance/proof.ts'
import { percentile } from '../machine/facts.ts'
import { aClaim } from './batch.ts'

const WAIT_S = 10
const AGAIN_S_MAX = 5
export const CONNECTIONS = 256
export const CALLERS = 200

export type SingleFigures = {
  readonly how: 'open loop' | 'closed loop'
  /** Requests a second that were due; null in a closed loop. */
  readonly due: number | null
  readonly claims: number
  /** Requests sent again because the door had said that it was overloaded. */
  readonly sentAgain: number
  readonly claimsPerSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
  readonly cpuMicrosAClaim: Readonly<Record<string, number>>
  readonly othersCores: number
}

export type Doors = {
  readonly ground: Ground
  readonly hosts: RunningHosts
}

export type SingleRun = { readonly figures: SingleFigures; readonly answered: Answered }

export async function openLoop(
  doors: Doors,
  claims: readonly BenchClaim[],
  due: number,
  { waitSeconds = WAIT_S }: { readonly waitSeconds?: number } = {},
): Promise<SingleRun> {
  return measure(doors, claims, { due, waitSeconds }, async send => {
    const startedMs = performance.now()
    const pending: Promise<void>[] = []
    for (const [index, claim] of claims.entries()) {
      const dueMs = startedMs + (index * 1_000) / due
      while (performance.now() < dueMs) await aWhile(dueMs - performance.now())
      pending.push(send(claim, dueMs))
    }
    await Promise.all(pending)
  })
}

export async function closedLoop(doors: Doors, claims: readonly BenchClaim[]): Promise<SingleRun> {
  return measure(doors, claims, { due: null, waitSeconds: WAIT_S }, async send => {
    const rest = claims[Symbol.iterator]()
    const caller = async (): Promise<void> => {
      for (const claim of rest) await send(claim, performance.now())
    }
    await Promise.all(Array.from({ length: CALLERS }, caller))
  })
}

/** Up to 1 ms too long, which counts against the answer: turning the loop would take a core. */
function aWhile(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, Math.max(1, ms)))
}

type Send = (claim: BenchClaim, dueMs: number) => Promise<void>

async function measure(
  { ground, hosts }: Doors,
  claims: readonly BenchClaim[],
  { due, waitSeconds }: { readonly due: number | null; readonly waitSeconds: number },
  run: (send: Send) => Promise<void>,
): Promise<SingleRun> {
  const tokens = await tokensOf(ground, claims)
  const pool = new Pool(ground.urlOf('clearing'), { connections: CONNECTIONS })
  const answers: string[] = []
  const latencies: number[] = []
  const stop = startMeter({ processes: hosts.pids, postgresPid: ground.postgresPid })
  const startedMs = performance.now()
  let lastMs = startedMs
  let sentAgain = 0
  await run(async ({ institutionCode, body }, dueMs) => {
    const authorization = tokens.get(institutionCode) ?? ''
    for (;;) {
      const { text, againMs } = await ask(pool, { authorization, body, waitSeconds })
      lastMs = performance.now()
      if (againMs === undefined) {
        latencies.push(lastMs - dueMs)
        answers.push(text)
        return
      }
      sentAgain += 1
      await new Promise(resolve => setTimeout(resolve, againMs))
    }
  })
  const spent = stop()
  await pool.close()
  const figures = {
    how: due === null ? ('closed loop' as const) : ('open loop' as const),
    due,
    claims: claims.length,
    sentAgain,
    claimsPerSecond: Math.round((claims.length * 1_000) / (lastMs - startedMs)),
    ...latencyOf(latencies),
    ...costOf(spent, claims.length),
  }
  return { figures, answered: answers.reduce(addAnswer, NOTHING_ANSWERED) }
}

type Asked = {
  readonly text: string
  /** Set when the door could not answer now: nothing was stored, and the same may be sent again. */
  readonly againMs?: number
}

type Asking = {
  readonly authorization: string
  readonly body: Buffer
  readonly waitSeconds: number
}

async function ask(pool: Pool, { authorization, body, waitSeconds }: Asking): Promise<Asked> {
  const reply = await pool.request({
    method: 'POST',
    path: '/v1/claims',
    headers: { authorization, 'content-type': 'application/json', prefer: `wait=${waitSeconds}` },
    body,
  })
  const text = await reply.body.text()
  if (reply.statusCode !== 503) return { text }
  const seconds = Number(reply.headers['retry-after'] ?? 1)
  return { text, againMs: Math.min(seconds, AGAIN_S_MAX) * 1_000 }
}

function latencyOf(latencies: readonly number[]) {
  const at = (percent: number) => Math.round(percentile(latencies, percent) * 10) / 10
  return { p50Ms: at(50), p99Ms: at(99), maxMs: at(100) }
}

function costOf(spent: Spent, claims: number) {
  return { cpuMicrosAClaim: aClaim(spent, claims), othersCores: spent.othersCores }
}

/** Each hospital and pharmacy with a token of its own, as in the field. */
async function tokensOf(
  { token }: Ground,
  claims: readonly BenchClaim[],
): Promise<ReadonlyMap<string, string>> {
  const tokens = new Map<string, string>()
  for (const institution of new Set(claims.map(({ institutionCode }) => institutionCode))) {
    tokens.set(institution, `Bearer ${await token({ role: 'hospital', institution })}`)
  }
  return tokens
}
