/** Which branch of the rules on treatment elsewhere holds. @source RULES.md §4.2 */
import type { Branch, Claim, Filing } from './claim.ts'

const FOR_LONG: readonly Filing['kind'][] = [
  'longTermResidence',
  'retireeResettled',
  'postedWorker',
]

export function branchOf(claim: Claim, deemedFiledFor: readonly string[]): Branch {
  if (claim.treating === claim.home) return 'local'
  if (deemedFiledFor.includes(claim.treating)) return 'deemed'
  const holding = claim.filings.filter(filing => holds(filing, claim))
  if (holding.some(({ kind }) => FOR_LONG.includes(kind))) return 'longTerm'
  if (holding.length > 0) return 'transfer'
  return claim.emergency ? 'unfiledEmergency' : 'unfiled'
}

/** Made and begun by the end date, and not over before the begin date. */
function holds({ filedOn, validFrom, validTo }: Filing, { beginOn, endOn }: Claim): boolean {
  if (filedOn > endOn) return false
  if (validFrom > endOn) return false
  return validTo === null || validTo >= beginOn
}
