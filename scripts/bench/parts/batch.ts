/**
 * Claims in NDJSON streams over several connections. The figure is claims a second from the first
 * byte sent to the last answer; with `Prefer` absent the door answers a line when its claim is
 * settled.
 */
import { Readable } from 'node:stream'
import { Client } from 'undici'
import type { BenchClaim } from '../generate/claims.ts'
import { waitUntilBooked, waitUntilDrained } from '../instance/drain.ts'
import type { Ground } from '../instance/ground.ts'
import type { Spent } from '../instance/meter.ts'
import { startMeter } from '../instance/meter.ts'
import type { RunningHosts } from '../instance/processes.ts'
import { type Answered, addAnswer, NOTHING_ANSWERED } from '../instance/proof.ts'

const NEWLINE = 0x0a
/** Lines in one write: what a hospital's exporter does. */
const LINES_A_WRITE = 50

export type BatchFigures = {
  readonly claims: number
  readonly linesAClaim: number
  readonly connections: number
  readonly claimsPerSecond: number
  /** Between the first answer and the last one. */
  readonly claimsPerSecondBetweenAnswers: number
  readonly firstAnswerMs: number
  /** From the last answer until the last settlement is in the books. */
  readonly bookedMs: number
  /** From the last answer until every view has had everything. */
  readonly drainMs: number
  /** CPU until the views have had everything, µs a claim by process. */
  readonly cpuMicrosAClaim: Readonly<Record<string, number>>
  readonly othersCores: number
}

export type BatchRun = {
  readonly ground: Ground
  readonly hosts: RunningHosts
  readonly claims: readonly BenchClaim[]
  readonly connections: number
}

export async function runBatch(
  run: BatchRun,
): Promise<{ readonly figures: BatchFigures; readonly answered: Answered }> {
  const { ground, hosts, claims, connections } = run
  const streams = shareOut(claims, connections)
  const token = await ground.token({ role: 'service' })
  const stop = startMeter({ processes: hosts.pids, postgresPid: ground.postgresPid })
  const startedMs = performance.now()
  const sent = await Promise.all(
    streams.map(stream => sendStream(ground.urlOf('clearing'), { token, claims: stream })),
  )
  const lastMs = Math.max(...sent.map(({ lastAnswerMs }) => lastAnswerMs))
  const firstMs = Math.min(...sent.map(({ firstAnswerMs }) => firstAnswerMs))
  const bookedMs = await waitUntilBooked(ground.pool)
  const { drainMs } = await waitUntilDrained(ground.pool)
  const spent = stop()
  const early = sent.reduce((total, { answersOfFirstPiece }) => total + answersOfFirstPiece, 0)
  const figures = {
    claims: claims.length,
    linesAClaim: claims.reduce((total, { lines }) => total + lines, 0) / claims.length,
    connections,
    claimsPerSecond: perSecond(claims.length, lastMs - startedMs),
    claimsPerSecondBetweenAnswers: perSecond(claims.length - early, lastMs - firstMs),
    firstAnswerMs: Math.round(firstMs - startedMs),
    bookedMs,
    drainMs: bookedMs + drainMs,
    cpuMicrosAClaim: aClaim(spent, claims.length),
    othersCores: spent.othersCores,
  }
  let answered = NOTHING_ANSWERED
  for (const { answers } of sent) {
    for (const line of answers.toString('utf8').split('\n')) {
      if (line !== '') answered = addAnswer(answered, line)
    }
  }
  return { figures, answered }
}

function perSecond(count: number, ms: number): number {
  return ms <= 0 ? 0 : Math.round((count * 1_000) / ms)
}

export function aClaim(spent: Spent, claims: number): Record<string, number> {
  return Object.fromEntries(
    Object.entries(spent.cpuMicros).map(([name, micros]) => [name, Math.round(micros / claims)]),
  )
}

function shareOut(claims: readonly BenchClaim[], connections: number): BenchClaim[][] {
  return Array.from({ length: connections }, (_, index) =>
    claims.filter((_claim, at) => at % connections === index),
  )
}

type Sent = {
  readonly firstAnswerMs: number
  readonly lastAnswerMs: number
  readonly answersOfFirstPiece: number
  readonly answers: Buffer
}

export type Stream = {
  readonly token: string
  readonly claims: readonly BenchClaim[]
  /** For `Prefer: wait`; the door waits a minute when it is not said. */
  readonly waitS?: number
}

/** Answers are kept as bytes and read when the clock has stopped. */
export async function sendStream(origin: string, { token, claims, waitS }: Stream): Promise<Sent> {
  const client = new Client(origin, { headersTimeout: 0, bodyTimeout: 0 })
  try {
    const reply = await client.request({
      method: 'POST',
      path: '/v1/claims:batch',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/x-ndjson',
        ...(waitS === undefined ? {} : { prefer: `wait=${waitS}` }),
      },
      body: Readable.from(writes(claims), { objectMode: false }),
    })
    const pieces: Buffer[] = []
    let firstAnswerMs = 0
    let answersOfFirstPiece = 0
    for await (const piece of reply.body as AsyncIterable<Buffer>) {
      if (pieces.length === 0) {
        firstAnswerMs = performance.now()
        answersOfFirstPiece = newlines(piece)
      }
      pieces.push(piece)
    }
    const answers = Buffer.concat(pieces)
    if (reply.statusCode !== 200) throw new Error(`claims:batch: ${answers.toString('utf8')}`)
    return { firstAnswerMs, lastAnswerMs: performance.now(), answersOfFirstPiece, answers }
  } finally {
    await client.close()
  }
}

function newlines(bytes: Buffer): number {
  let count = 0
  for (const byte of bytes) if (byte === NEWLINE) count += 1
  return count
}

const LINE_END = Buffer.from('\n')

function* writes(claims: readonly BenchClaim[]): Generator<Buffer> {
  for (let at = 0; at < claims.length; at += LINES_A_WRITE) {
    const lines = claims.slice(at, at + LINES_A_WRITE)
    yield Buffer.concat(lines.flatMap(({ body }) => [body, LINE_END]))
  }
}
