/**
 * When everything that was said has been heard: checkpoints against the ends of the logs, by SQL.
 */
import type { ServiceName } from '@tongchou/contracts/services.ts'
import { SERVICES } from '@tongchou/contracts/services.ts'
import type { Pool } from 'pg'

const POLL_MS = 20
const DRAIN_MS_MAX = 120_000

/** Topics are named after the service that says them; other checkpoints follow no log. */
function producerOf(topic: string): ServiceName | undefined {
  return SERVICES.find(service => topic.startsWith(`${service}.`))
}

export type Lag = { readonly group: string; readonly topic: string; readonly positions: bigint }

/** Groups that have not had everything, the furthest behind first. */
export async function lags(pool: Pool): Promise<Lag[]> {
  const heads = await headsOf(pool)
  const parts = SERVICES.map(
    schema => `select consumer, topic, min(position) as position from ${schema}.checkpoint
      group by consumer, topic`,
  )
  const { rows } = await pool.query<{ consumer: string; topic: string; position: string }>(
    parts.join(' union all '),
  )
  return rows
    .flatMap(({ consumer, topic, position }) => {
      const producer = producerOf(topic)
      if (producer === undefined) return []
      const positions = (heads.get(producer) ?? 0n) - BigInt(position)
      return [{ group: consumer, topic, positions }]
    })
    .filter(({ positions }) => positions > 0n)
    .sort((a, b) => Number(b.positions - a.positions))
}

/** Where each service's log ends. */
export async function headsOf(pool: Pool): Promise<ReadonlyMap<ServiceName, bigint>> {
  const parts = SERVICES.map(schema => `select '${schema}' as service, pos from ${schema}.head`)
  const { rows } = await pool.query<{ service: ServiceName; pos: string }>(
    parts.join(' union all '),
  )
  return new Map(rows.map(({ service, pos }) => [service, BigInt(pos)]))
}

/** Twice in a row without a lag: what a consumer heard last may have made it say something. */
export async function waitUntilDrained(pool: Pool): Promise<{ readonly drainMs: number }> {
  const startedMs = performance.now()
  let drainedMs = 0
  for (let quiet = 0; quiet < 2; ) {
    const behind = await lags(pool)
    drainedMs = quiet === 0 ? performance.now() - startedMs : drainedMs
    quiet = behind.length === 0 ? quiet + 1 : 0
    if (performance.now() - startedMs > DRAIN_MS_MAX) {
      const worst = behind.map(
        ({ group, topic, positions }) => `${group} on ${topic}: ${positions}`,
      )
      throw new Error(`not drained after ${DRAIN_MS_MAX / 1_000} s: ${worst.join('; ')}`)
    }
    await new Promise(resolve => setTimeout(resolve, POLL_MS))
  }
  return { drainMs: Math.round(drainedMs) }
}

/** Until the books have every settlement that stands in clearing's log now; ms. */
export async function waitUntilBooked(pool: Pool): Promise<number> {
  const startedMs = performance.now()
  const { rows } = await pool.query<{ pos: string }>(
    `select coalesce(max(pos), 0) as pos from clearing.event where type = 'ClaimSettled'`,
  )
  const last = BigInt(rows[0]?.pos ?? 0)
  for (;;) {
    const found = await pool.query<{ pos: string }>(
      `select coalesce(min(position), 0) as pos from funds.checkpoint
       where consumer = 'funds.book.claim'`,
    )
    if (BigInt(found.rows[0]?.pos ?? 0) >= last) return Math.round(performance.now() - startedMs)
    if (performance.now() - startedMs > DRAIN_MS_MAX) throw new Error('the books stay behind')
    await new Promise(resolve => setTimeout(resolve, POLL_MS))
  }
}
