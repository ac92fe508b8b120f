import type { Decision } from '@tongchou/contracts/decision.ts'
import { refuse } from '@tongchou/contracts/decision.ts'
import type { CoveragePeriod, Scheme } from '@tongchou/contracts/reference/coverage.ts'
import { latestPeriod, STATUSES } from '@tongchou/contracts/reference/coverage.ts'
import type { BusinessDate, Instant } from '@tongchou/contracts/time.ts'
import { businessDateOf, instantFromMs, instantToMs } from '@tongchou/contracts/time.ts'
import type { PersonEvent } from './events.ts'
import type { Enrolled } from './state.ts'

/** In the order in which they are checked, where several apply. */
export type PersonRefusal =
  | { readonly kind: 'unknown-person' }
  | { readonly kind: 'other-region' }
  | { readonly kind: 'personal-data-erased' }
  | { readonly kind: 'date-in-the-future'; readonly field: string; readonly on: BusinessDate }
  | {
      readonly kind: 'period-reversed'
      readonly field: string
      readonly from: BusinessDate
      readonly to: BusinessDate
    }
  | {
      readonly kind: 'status-not-of-scheme'
      readonly scheme: Scheme
      readonly status: string
      readonly allowed: readonly string[]
    }
  | { readonly kind: 'status-before-coverage'; readonly coveredFrom: BusinessDate }
  | {
      readonly kind: 'other-status-that-day'
      readonly status: string
      readonly changedOn: BusinessDate
    }
  /** Names the period that is in the way (EN-03). */
  | ({ readonly kind: 'coverage-overlaps' } & CoveragePeriod)
  /** Names the fields that differ, never their values. */
  | { readonly kind: 'already-enrolled'; readonly differs: readonly string[] }
  | { readonly kind: 'coverage-already-ended'; readonly coveredTo: BusinessDate }
  | { readonly kind: 'filing-for-own-region'; readonly treatmentRegion: string }
  | { readonly kind: 'filing-number-reused'; readonly filingNo: string }
  | { readonly kind: 'unknown-filing'; readonly filingNo: string }
  | { readonly kind: 'cancelled-before-filed'; readonly filedOn: BusinessDate }
  | { readonly kind: 'filing-already-cancelled'; readonly cancelledOn: BusinessDate }
  | { readonly kind: 'valid-before-approval'; readonly approvedOn: BusinessDate }
  | { readonly kind: 'registration-number-reused'; readonly registrationNo: string }
  | { readonly kind: 'unknown-registration'; readonly registrationNo: string }
  | { readonly kind: 'registration-already-ended'; readonly endedOn: BusinessDate }
  | { readonly kind: 'referral-number-reused'; readonly referralNo: string }
  | { readonly kind: 'unknown-referral'; readonly referralNo: string }
  | {
      readonly kind: 'referral-incomplete'
      readonly referralNo: string
      readonly missing: readonly ('reason' | 'disease')[]
    }
  | { readonly kind: 'referral-already-approved'; readonly referralNo: string }
  | { readonly kind: 'referral-not-approved'; readonly referralNo: string }

export type PersonDecision = Decision<PersonEvent, PersonRefusal>
export type Refused = Extract<PersonDecision, { readonly accepted: false }>

/** "In the future" tolerates five minutes (law 14). */
const TOLERANCE_MS = 300_000

export function refuseFuture(field: string, on: BusinessDate, now: Instant): Refused | null {
  const today = businessDateOf(instantFromMs(instantToMs(now) + TOLERANCE_MS))
  return on > today ? refuse({ kind: 'date-in-the-future', field, on }) : null
}

export function refuseReversed(
  field: string,
  from: BusinessDate,
  to: BusinessDate | null,
): Refused | null {
  return to !== null && to < from ? refuse({ kind: 'period-reversed', field, from, to }) : null
}

export function refuseStatus(scheme: Scheme, status: string): Refused | null {
  const allowed = STATUSES[scheme]
  if (allowed.includes(status)) return null
  return refuse({ kind: 'status-not-of-scheme', scheme, status, allowed })
}

/** Refuses an agency whose region is not the one that looks after the person now. */
export function refuseOtherRegion(state: Enrolled, askedBy: string | null): Refused | null {
  const own = askedBy === null || latestPeriod(state.facts).regionCode === askedBy
  return own ? null : refuse({ kind: 'other-region' })
}

/** Refuses a period that shares a day with one that the person has. */
export function refuseOverlap(
  periods: readonly CoveragePeriod[],
  asked: Pick<CoveragePeriod, 'coveredFrom' | 'coveredTo'>,
): Refused | null {
  const other = periods.find(
    ({ coveredFrom, coveredTo }) =>
      (asked.coveredTo === null || coveredFrom <= asked.coveredTo) &&
      (coveredTo === null || asked.coveredFrom <= coveredTo),
  )
  return other === undefined ? null : refuse({ kind: 'coverage-overlaps', ...other })
}
