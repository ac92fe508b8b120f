import { accept, refuse } from '@tongchou/contracts/decision.ts'
import type { CoverageResumed } from '@tongchou/contracts/events.generated.ts'
import type { CoveragePeriod } from '@tongchou/contracts/reference/coverage.ts'
import { latestPeriod, statusOn } from '@tongchou/contracts/reference/coverage.ts'
import type { BusinessDate } from '@tongchou/contracts/time.ts'
import type { ChangeStatus, EndCoverage, ResumeCoverage } from './commands.ts'
import type { PersonDecision } from './refusals.ts'
import { refuseOtherRegion, refuseOverlap, refuseReversed, refuseStatus } from './refusals.ts'
import type { Enrolled } from './state.ts'

/**
 * Gives the person a status from a day on, past or to come; a status that already holds that day
 * records nothing.
 * Refuses other-region, status-before-coverage, status-not-of-scheme, other-status-that-day.
 */
export function changeStatus({ data }: ChangeStatus, state: Enrolled): PersonDecision {
  const { facts } = state
  const { status, changedOn, askedBy } = data
  const otherRegion = refuseOtherRegion(state, askedBy)
  if (otherRegion !== null) return otherRegion
  const period = periodBegunBy(facts.periods, changedOn)
  if (period === undefined) {
    const coveredFrom = facts.periods[0]?.coveredFrom ?? changedOn
    return refuse({ kind: 'status-before-coverage', coveredFrom })
  }
  const notOfScheme = refuseStatus(period.scheme, status)
  if (notOfScheme !== null) return notOfScheme
  if (statusOn(facts, changedOn, period.scheme) === status) return accept()
  const other = facts.statuses.find(entry => entry.changedOn === changedOn)
  if (other !== undefined) {
    return refuse({ kind: 'other-status-that-day', status: other.status, changedOn })
  }
  const { personId } = facts
  return accept({ type: 'StatusChanged', data: { personId, status, changedOn } })
}

/**
 * Sets the last covered day of the newest period, or brings it forward; it is never put off: that
 * is a new period.
 * Refuses other-region, period-reversed, coverage-already-ended.
 */
export function endCoverage({ data }: EndCoverage, state: Enrolled): PersonDecision {
  const { coveredTo, askedBy } = data
  const period = latestPeriod(state.facts)
  const refused =
    refuseOtherRegion(state, askedBy) ?? refuseReversed('coveredTo', period.coveredFrom, coveredTo)
  if (refused !== null) return refused
  if (period.coveredTo === coveredTo) return accept()
  if (period.coveredTo !== null && period.coveredTo < coveredTo) {
    return refuse({ kind: 'coverage-already-ended', coveredTo: period.coveredTo })
  }
  const { personId } = state.facts
  return accept({ type: 'CoverageEnded', data: { personId, coveredTo } })
}

/**
 * Adds a period that shares no day with another; the same period again records nothing.
 * Refuses period-reversed, status-not-of-scheme, coverage-overlaps.
 */
export function resumeCoverage({ data }: ResumeCoverage, state: Enrolled): PersonDecision {
  const { regionCode, scheme, status, coveredFrom, coveredTo, premiumPaidOn } = data
  const { facts, resumed } = state
  if (resumed.some(other => isSame(other, data))) return accept()
  const reversed = refuseReversed('coveredTo', coveredFrom, coveredTo)
  if (reversed !== null) return reversed
  const refused = refuseStatus(scheme, status) ?? refuseOverlap(facts.periods, data)
  if (refused !== null) return refused
  const { personId } = facts
  return accept({
    type: 'CoverageResumed',
    data: { personId, regionCode, scheme, status, coveredFrom, coveredTo, premiumPaidOn },
  })
}

function isSame(a: CoverageResumed, b: ResumeCoverage['data']): boolean {
  return (
    a.regionCode === b.regionCode &&
    a.scheme === b.scheme &&
    a.status === b.status &&
    a.coveredFrom === b.coveredFrom &&
    a.coveredTo === b.coveredTo &&
    a.premiumPaidOn === b.premiumPaidOn
  )
}

/** The newest period that has begun by the day. */
function periodBegunBy(
  periods: readonly CoveragePeriod[],
  on: BusinessDate,
): CoveragePeriod | undefined {
  return periods.findLast(({ coveredFrom }) => coveredFrom <= on)
}
