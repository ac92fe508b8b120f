/** The collection rate (征缴率) against its bound. */
import type { Fen } from '@tongchou/contracts/money.ts'

/** @source capability CO-12 (各市基金征缴率要达到98%以上) */
const WANTED_PERCENT = 98n

/** In basis points, rounded down; null where nothing is due. */
export function rateOf(receivedFen: Fen, dueFen: Fen): number | null {
  return dueFen === 0n ? null : Number((receivedFen * 10_000n) / dueFen)
}

/** To the fen, whatever the rounded rate says. */
export function isReached(receivedFen: Fen, dueFen: Fen): boolean {
  return receivedFen * 100n >= dueFen * WANTED_PERCENT
}
