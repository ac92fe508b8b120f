/**
 * The broker is killed and away for a minute while claims keep coming: they are taken, and once it
 * is back all consumers catch up.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { BenchClaim } from '../generate/claims.ts'
import type { BenchBroker } from '../instance/broker.ts'
import { waitUntilDrained } from '../instance/drain.ts'
import type { Answered } from '../instance/proof.ts'
import { closedLoop, type Doors, openLoop } from './single.ts'

export type OutageFigures = {
  readonly awayMs: number
  /** Claims a second that were sent meanwhile. */
  readonly due: number
  readonly claims: number
  /** From the broker's answering again until no consumer is behind. */
  readonly caughtUpMs: number
}

export const OUTAGE_RATE = 100

export async function benchOutage(
  doors: Doors,
  broker: BenchBroker,
  { claims, awayMs }: { readonly claims: readonly BenchClaim[]; readonly awayMs: number },
): Promise<{ readonly figures: OutageFigures; readonly answered: Answered }> {
  await broker.kill()
  const sending = openLoop(doors, claims, OUTAGE_RATE, { waitSeconds: 0 })
  await sleep(awayMs)
  await Promise.all([sending, broker.start()])
  const startedMs = performance.now()
  await waitUntilDrained(doors.ground.pool)
  const caughtUpMs = Math.round(performance.now() - startedMs)
  // sent again, as a hospital does that had no answer: each has the answer of its first time
  const { answered } = await closedLoop(doors, claims)
  const figures = { awayMs, due: OUTAGE_RATE, claims: claims.length, caughtUpMs }
  return { figures, answered }
}
