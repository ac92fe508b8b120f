/** The ceiling of single requests: the same bodies into a bare Fastify route of another process. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Pool } from 'undici'
import type { BenchClaim } from '../generate/claims.ts'
import { percentile } from '../machine/facts.ts'
import { cpuMicros } from '../machine/processes.ts'
import { CALLERS, CONNECTIONS } from './single.ts'

const SERVER = import.meta.resolve('@tongchou/runtime/http/bare-route.bench.ts')

export type HttpFigures = {
  readonly requestsPerSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** µs a request. */
  readonly serverCpuMicros: number
  readonly generatorCpuMicros: number
}

/** An answer of the usual length; `rounds` over the bodies, the first is the warm-up. */
export async function benchHttp(
  claims: readonly BenchClaim[],
  answer: string,
  rounds = 3,
): Promise<HttpFigures> {
  const server = fork(fileURLToPath(SERVER), [answer], { stdio: 'inherit' })
  const [{ address }] = (await once(server, 'message')) as [{ address: string }]
  const pool = new Pool(address, { connections: CONNECTIONS })
  try {
    await round(pool, claims)
    const before = { server: cpuMicros(server.pid ?? 0), own: cpuMicros(process.pid) }
    const startedMs = performance.now()
    const latencies: number[] = []
    for (let count = 1; count < rounds; count += 1) latencies.push(...(await round(pool, claims)))
    const requests = latencies.length
    return {
      requestsPerSecond: Math.round((requests * 1_000) / (performance.now() - startedMs)),
      p50Ms: percentile(latencies, 50),
      p99Ms: percentile(latencies, 99),
      serverCpuMicros: Math.round((cpuMicros(server.pid ?? 0) - before.server) / requests),
      generatorCpuMicros: Math.round((cpuMicros(process.pid) - before.own) / requests),
    }
  } finally {
    await pool.close()
    server.disconnect()
    await once(server, 'exit')
  }
}

async function round(pool: Pool, claims: readonly BenchClaim[]): Promise<number[]> {
  const latencies: number[] = []
  const rest = claims[Symbol.iterator]()
  const caller = async (): Promise<void> => {
    for (const { body } of rest) {
      const fromMs = performance.now()
      const headers = { 'content-type': 'application/json' }
      const reply = await pool.request({ method: 'POST', path: '/v1/claims', headers, body })
      await reply.body.text()
      latencies.push(performance.now() - fromMs)
    }
  }
  await Promise.all(Array.from({ length: CALLERS }, caller))
  return latencies
}
