import type { Bill } from '../state.ts'
import type { Rule } from './rule.ts'

/**
 * The same person, days and lines in any order (law 15: the fingerprint) under another number or at
 * another institution. The same number at the same institution is the same claim and never gets
 * here twice.
 * @source DESIGN.md §3.15; data/demo/RULES.md §1 (same-bill-twice)
 */
export const sameBillTwice: Rule = (claim, { bills }) => {
  let count = 0
  let first: Bill | null = null
  for (const bill of bills) {
    if (bill.fingerprint !== claim.fingerprint) continue
    count += 1
    first ??= bill
  }
  if (first === null) return null
  const detail = 'the same days and lines stand in another claim of the person'
  return { count, detail, otherClaimId: first.claimId }
}
