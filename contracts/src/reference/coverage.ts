/**
 * What the coverage topic says of one person, folded: periods, statuses, filings. Pure and
 * immutable, so that the owner decides on it and others keep it as one row of a view.
 */
import { assert, unreachable } from '../decision.ts'
import type {
  CoverageResumed,
  FilingFact,
  FilingMade,
  PersonEnrolled,
} from '../events.generated.ts'
import type { PersonId } from '../id.ts'
import type { BusinessDate } from '../time.ts'
import { within } from '../time.ts'
import type { TOPICS } from '../topics.ts'
import { type Disease, diseaseEnded, withDisease } from './diseases.ts'
import type { EventOn } from './event.ts'

export type CoverageEvent = EventOn<typeof TOPICS.coverage>
export type Scheme = PersonEnrolled['scheme']

/** The statuses that a person of a scheme can have. */
export const STATUSES: Readonly<Record<Scheme, readonly string[]>> = {
  employee: ['active', 'retired'],
  resident: ['adult', 'child'],
}

/** Both days are covered; an absent end is open. Periods of a person never overlap. */
export type CoveragePeriod = {
  readonly regionCode: string
  readonly scheme: Scheme
  readonly coveredFrom: BusinessDate
  readonly coveredTo: BusinessDate | null
  /** Absent where enrolment does not know it. */
  readonly premiumPaidOn?: BusinessDate
}

/** Status under a scheme from a day on. */
export type StatusFrom = {
  readonly scheme: Scheme
  readonly status: string
  readonly changedOn: BusinessDate
}

export type CoverageFacts = {
  readonly personId: PersonId
  readonly sex: 'M' | 'F'
  readonly bornOn: BusinessDate
  /** By first day; never empty. */
  readonly periods: readonly CoveragePeriod[]
  /** By day; on one day the later fact stands last. Never empty. */
  readonly statuses: readonly StatusFrom[]
  /** In the order in which they were made. A cancelled filing ends on the day of cancellation. */
  readonly filings: readonly FilingFact[]
  /** In the order in which they were registered; absent where there never was one. */
  readonly diseases?: readonly Disease[]
}

/** Facts after one more event; `undefined` before the person is enrolled. */
export function applyCoverage(
  before: CoverageFacts | undefined,
  event: CoverageEvent,
): CoverageFacts {
  if (event.type === 'PersonEnrolled') {
    assert(before === undefined, `${event.data.personId} is enrolled twice`)
    return enrolled(event.data)
  }
  assert(before !== undefined, `${event.type} of ${event.data.personId}, who is not enrolled`)
  switch (event.type) {
    case 'StatusChanged': {
      const { status, changedOn } = event.data
      const { scheme } = lastPeriodUpTo(before, changedOn)
      return { ...before, statuses: withStatus(before.statuses, { scheme, status, changedOn }) }
    }
    case 'CoverageEnded':
      return { ...before, periods: endedOn(before.periods, event.data.coveredTo) }
    case 'CoverageResumed': {
      const { scheme, status, coveredFrom } = event.data
      return {
        ...before,
        periods: sortedBy([...before.periods, periodOf(event.data)], from),
        statuses: withStatus(before.statuses, { scheme, status, changedOn: coveredFrom }),
      }
    }
    case 'FilingMade':
      return { ...before, filings: [...before.filings, filingOf(event.data)] }
    case 'FilingCancelled': {
      const { filingNo, cancelledOn } = event.data
      return { ...before, filings: cancelled(before.filings, filingNo, cancelledOn) }
    }
    case 'DiseaseRegistered':
      return { ...before, diseases: withDisease(before.diseases ?? [], event.data) }
    case 'DiseaseRegistrationEnded': {
      const { registrationNo, endedOn } = event.data
      return { ...before, diseases: diseaseEnded(before.diseases ?? [], registrationNo, endedOn) }
    }
    default:
      return unreachable(event)
  }
}

/** The period that covers a day; undefined when none does. */
export function coveredOn(facts: CoverageFacts, on: BusinessDate): CoveragePeriod | undefined {
  return facts.periods.find(({ coveredFrom, coveredTo }) => within(on, coveredFrom, coveredTo))
}

/** The newest period: whose region looks after the person. */
export function latestPeriod(facts: CoverageFacts): CoveragePeriod {
  const last = facts.periods.at(-1)
  assert(last !== undefined, `${facts.personId} has no period`)
  return last
}

/**
 * Status on a day: that of the last change up to it; before all changes the first one. With a
 * scheme, among that scheme's statuses only: a stay that outlasts a move between schemes keeps a
 * status of its own scheme.
 * @source data/demo/RULES.md §2 "Status"
 */
export function statusOn(facts: CoverageFacts, on: BusinessDate, scheme?: Scheme): string {
  const own = facts.statuses.filter(entry => scheme === undefined || entry.scheme === scheme)
  const entry = own.findLast(({ changedOn }) => changedOn <= on) ?? own[0] ?? facts.statuses[0]
  assert(entry !== undefined, `${facts.personId} has no status`)
  return entry.status
}

/** Filings for treatment in a region, those that a cancellation voided from the start left out. */
export function filingsFor(facts: CoverageFacts, treatmentRegion: string): readonly FilingFact[] {
  return facts.filings.filter(
    filing =>
      filing.treatmentRegion === treatmentRegion &&
      (filing.validTo === null || filing.validTo >= filing.validFrom),
  )
}

/** Equal facts give equal text: `applyCoverage` makes fields in one order, which text keeps. */
export function encodeCoverage(facts: CoverageFacts): string {
  return JSON.stringify(facts)
}

/** Facts from text that `encodeCoverage` made; other text is a bug of the caller. */
export function decodeCoverage(text: string): CoverageFacts {
  return JSON.parse(text) as CoverageFacts
}

function enrolled(data: PersonEnrolled): CoverageFacts {
  const { personId, sex, bornOn, scheme, status, coveredFrom } = data
  return {
    personId,
    sex,
    bornOn,
    periods: [periodOf(data)],
    statuses: [{ scheme, status, changedOn: coveredFrom }],
    filings: [],
  }
}

function periodOf(data: PersonEnrolled | CoverageResumed): CoveragePeriod {
  const { regionCode, scheme, coveredFrom, coveredTo, premiumPaidOn } = data
  const period = { regionCode, scheme, coveredFrom, coveredTo }
  return premiumPaidOn === null ? period : { ...period, premiumPaidOn }
}

function lastPeriodUpTo(facts: CoverageFacts, on: BusinessDate): CoveragePeriod {
  const period = facts.periods.findLast(({ coveredFrom }) => coveredFrom <= on) ?? facts.periods[0]
  assert(period !== undefined, `${facts.personId} has no period`)
  return period
}

function endedOn(
  periods: readonly CoveragePeriod[],
  coveredTo: BusinessDate,
): readonly CoveragePeriod[] {
  const index = periods.findLastIndex(({ coveredFrom }) => coveredFrom <= coveredTo)
  assert(index >= 0, `no period begins by ${coveredTo}`)
  return periods.map((period, at) => (at === index ? { ...period, coveredTo } : period))
}

function withStatus(statuses: readonly StatusFrom[], entry: StatusFrom): readonly StatusFrom[] {
  return sortedBy([...statuses, entry], ({ changedOn }) => changedOn)
}

function cancelled(
  filings: readonly FilingFact[],
  filingNo: string,
  cancelledOn: BusinessDate,
): readonly FilingFact[] {
  return filings.map(filing => {
    if (filing.filingNo !== filingNo) return filing
    const sooner = filing.validTo === null || cancelledOn < filing.validTo
    return sooner ? { ...filing, validTo: cancelledOn } : filing
  })
}

function filingOf(filing: FilingMade): FilingFact {
  const { filingNo, kind, treatmentRegion, filedOn, validFrom, validTo } = filing
  return { filingNo, kind, treatmentRegion, filedOn, validFrom, validTo }
}

function from(period: CoveragePeriod): string {
  return period.coveredFrom
}

/** A stable sort: equal keys keep their order. */
function sortedBy<T>(entries: readonly T[], key: (entry: T) => string): readonly T[] {
  return entries.toSorted((a, b) => (key(a) === key(b) ? 0 : key(a) < key(b) ? -1 : 1))
}
