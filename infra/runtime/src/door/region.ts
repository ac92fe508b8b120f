import type { Caller } from '../auth/caller.ts'
import { notAllowed } from '../auth/caller.ts'

/**
 * Region that an agency acts for; null for the centre, which acts for all. Throws `not-allowed` for
 * every other role: routes ask `requireRole('agency', 'centre')` first.
 */
export function actingRegion(caller: Caller): string | null {
  if (caller.role === 'agency') return caller.region
  if (caller.role === 'centre') return null
  throw notAllowed(`${caller.role} acts for no region`)
}

/** True when the caller may write the data of the region. */
export function actsFor(caller: Caller, regionCode: string): boolean {
  const region = actingRegion(caller)
  return region === null || region === regionCode
}
