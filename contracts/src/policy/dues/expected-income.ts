/** What the members of a scheme should have brought, against what was booked. */
import { type Fen, fen, minus } from '../../money.ts'
import type { NoPolicy } from '../rule/no-policy.ts'
import { type ContributionFacts, contribution, sumOfParts } from './contribution.ts'
import type { DuesPlan } from './plan.ts'

export type ExpectedIncome = {
  readonly kind: 'expected-income'
  readonly expectedFen: Fen
  /** Booked less expected: interest and other income, or money that did not come. */
  readonly differenceFen: Fen
}

/** For members who all owe the same. @source P06-R04, R05, R09 */
export function expectedIncome(
  plan: DuesPlan,
  asked: ContributionFacts,
  { members, bookedFen }: { readonly members: number; readonly bookedFen: Fen },
): ExpectedIncome | NoPolicy {
  const owed = contribution(plan, asked)
  if (owed.kind === 'no-policy') return owed
  const expectedFen = fen(sumOfParts(owed, () => true) * BigInt(members))
  return { kind: 'expected-income', expectedFen, differenceFen: minus(bookedFen, expectedFen) }
}
