/** Whether a pack may take the place of another (替代). */

import { type Problem, problem } from '@tongchou/contracts/policy/rule/problems.ts'
import type { Plan } from '../plan/plan.ts'

/**
 * The new pack must be of the same scheme and region, name the old one where it names any, and take
 * effect later: claims that end before its first day stay with the old one. One that takes effect
 * on the same day corrects the old one, and must name it.
 */
export function successionProblems(
  from: Plan,
  to: Plan,
  isNamed = to.supersedes === from.packId,
): readonly Problem[] {
  const problems: Problem[] = []
  if (from.scheme !== to.scheme || from.region !== to.region) {
    const place = `${from.scheme ?? '-'} ${from.region ?? '-'}`
    problems.push(problem(from.scheme === to.scheme ? 'region' : 'scheme', 'other-place', place))
  }
  if (to.supersedes !== null && to.supersedes !== from.packId) {
    problems.push(problem('supersedes.packId', 'supersedes-other', from.packId))
  }
  const [before, after] = [from.effectiveFrom, to.effectiveFrom]
  const inTime = before === null || after === null || after > before
  if (!inTime && !(isNamed && after === before)) {
    problems.push(problem('effectiveFrom', 'not-later', `${after}, ${before}`))
  }
  return problems
}
