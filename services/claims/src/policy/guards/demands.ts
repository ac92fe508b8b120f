/** All that a pack is held to beside itself: guards of other packs, and the pack it follows. */
import type { Fen } from '@tongchou/contracts/money.ts'
import type { Problem } from '@tongchou/contracts/policy/rule/problems.ts'
import type { Plan } from '../plan/plan.ts'
import { type Breach, breachesOf, rateChangeBreaches } from './check.ts'
import { successionProblems } from './succession.ts'

/** The pack whose place another takes. */
export type Replaced = {
  readonly plan: Plan
  /** Income less spending of the pooled fund in the year to date; null: nobody says. */
  readonly currentResultFen: Fen | null
  /** The new pack says that it takes the place of this one; else its `supersedes` decides. */
  readonly isNamed?: boolean
}

export type Broken = {
  readonly breaches: readonly Breach[]
  readonly succession: readonly Problem[]
}

/**
 * The same breach under two guard packs is told once for each. A guard pack of one scheme holds no
 * pack of another.
 */
export function demandsOn(plan: Plan, guards: readonly Plan[], replaces?: Replaced): Broken {
  const holding = guards.filter(({ scheme }) => scheme === null || scheme === plan.scheme)
  const breaches = holding.flatMap(guarding => [
    ...breachesOf(guarding, plan),
    ...(replaces === undefined ? [] : rateChanges(guarding, plan, replaces)),
  ])
  if (replaces === undefined) return { breaches, succession: [] }
  const succession = successionProblems(replaces.plan, plan, replaces.isNamed)
  return { breaches, succession }
}

function rateChanges(
  guarding: Plan,
  to: Plan,
  { plan: from, currentResultFen }: Replaced,
): readonly Breach[] {
  return rateChangeBreaches(guarding, { from, to, currentResultFen })
}
