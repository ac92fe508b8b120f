import type { BusinessDate } from '@tongchou/contracts/time.ts'
import type { Stay } from '../state.ts'
import type { Rule } from './rule.ts'

/**
 * Two stays of one person share a day other than a day of discharge = admission. Only inpatient
 * claims are stays.
 * @source data/demo/RULES.md §1 (overlapping-stays)
 */
export const overlappingStays: Rule = (claim, { stays }) => {
  if (claim.kind !== 'inpatient') return null
  let count = 0
  let first: Stay | null = null
  for (const stay of stays) {
    if (!sharesDays(claim, stay)) continue
    count += 1
    first ??= stay
  }
  if (first === null) return null
  const { from, to } = sharedDays(claim, first)
  const detail = `the days ${from} to ${to} belong to another stay of the person`
  return { count, detail, otherClaimId: first.claimId }
}

type Days = Pick<Stay, 'beginOn' | 'endOn'>

/** A single shared day may be the day on which one stay ends and the other begins. */
export function sharesDays(a: Days, b: Days): boolean {
  const { from, to } = sharedDays(a, b)
  if (from !== to) return from < to
  return a.endOn !== b.beginOn && b.endOn !== a.beginOn
}

/** The later begin and the earlier end; `from` after `to` when no day is shared. */
function sharedDays(a: Days, b: Days) {
  const [, from] = inOrder(a.beginOn, b.beginOn)
  const [to] = inOrder(a.endOn, b.endOn)
  return { from, to }
}

function inOrder(a: BusinessDate, b: BusinessDate): readonly [BusinessDate, BusinessDate] {
  return a <= b ? [a, b] : [b, a]
}
