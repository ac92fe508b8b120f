/**
 * When balances are struck: often enough that any past state is near a cut, rarely enough to cost
 * nothing.
 */
import { businessDateOf } from '@tongchou/contracts/time.ts'
import type { Booked, Books } from './books.ts'

/** Entries between two cuts, at least: some 40 ms to fold. */
export const ENTRIES_BETWEEN_CUTS = 16_384n
/**
 * Entries for each account that a cut writes down: what cuts cost stays a fraction of what they
 * cut.
 */
const ENTRIES_FOR_EACH_ACCOUNT = 2n

export type LastCut = { readonly position: bigint; readonly entries: bigint }

export const NO_CUT: LastCut = { position: 0n, entries: 0n }

/** True when enough was booked since the last cut. Asked after an event is in. */
export function isDue(books: Books, last: LastCut): boolean {
  const since = books.standing.entries - last.entries
  const size = BigInt(books.size) * ENTRIES_FOR_EACH_ACCOUNT
  return since >= (size > ENTRIES_BETWEEN_CUTS ? size : ENTRIES_BETWEEN_CUTS)
}

/**
 * True when the next event is booked on a later day: the balances at the end of the day are struck.
 */
export function endsDay(books: Books, next: Booked, last: LastCut): boolean {
  const { position, bookedAt } = books.standing
  if (bookedAt === null || position === last.position) return false
  return businessDateOf(next.at) > businessDateOf(bookedAt)
}
