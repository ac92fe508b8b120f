import type { BusinessDate, Instant } from '@tongchou/contracts/time.ts'
import { businessDateOf, instantFromMs, instantToMs } from '@tongchou/contracts/time.ts'

/** "In the future" tolerates five minutes (law 14). */
const TOLERANCE_MS = 300_000

export function isFuture(on: BusinessDate, now: Instant): boolean {
  return on > businessDateOf(instantFromMs(instantToMs(now) + TOLERANCE_MS))
}
