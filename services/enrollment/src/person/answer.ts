/** A person's state as the doors tell it. */
import { refuse } from '@tongchou/contracts/decision.ts'
import type { CoverageJson, PersonJson } from '@tongchou/contracts/http/person.ts'
import { fenToJson } from '@tongchou/contracts/money.ts'
import type { CoverageFacts } from '@tongchou/contracts/reference/coverage.ts'
import { coveredOn, latestPeriod, statusOn } from '@tongchou/contracts/reference/coverage.ts'
import type { BusinessDate } from '@tongchou/contracts/time.ts'
import { within } from '@tongchou/contracts/time.ts'
import type { PersonalData } from '../personal-data/seal.ts'
import type { Refused } from './refusals.ts'
import type { Enrolled, PersonState, Referral } from './state.ts'

/** `personal` is told to the agency of the person's region alone. */
export function personJson(state: Enrolled, personal: PersonalData | null): PersonJson {
  const { personId, sex, bornOn, periods, statuses, filings, diseases = [] } = state.facts
  const answer = {
    personId,
    sex,
    bornOn,
    periods: [...periods],
    statuses: [...statuses],
    filings: [...filings],
    diseases: [...diseases],
    referrals: [...state.referrals.values()].map(referralJson),
    erased: state.personal === null,
  }
  if (personal === null) return answer
  const { lastYearWageFen: wage } = personal
  const lastYearWageFen = wage === null ? null : fenToJson(wage)
  return { ...answer, personal: { ...personal, lastYearWageFen } }
}

function referralJson({ requested, approved, returnedOn }: Referral) {
  const { personId: _, ...asked } = requested
  const { certificateNo = null, approvedOn = null } = approved ?? {}
  return { ...asked, certificateNo, approvedOn, returnedOn }
}

export function coverageJson(facts: CoverageFacts, on: BusinessDate): CoverageJson {
  const period = coveredOn(facts, on) ?? null
  return {
    personId: facts.personId,
    on,
    covered: period !== null,
    period,
    status: period === null ? null : statusOn(facts, on, period.scheme),
    filings: facts.filings.filter(({ validFrom, validTo }) => within(on, validFrom, validTo)),
  }
}

/** Refuses who reads from a region that does not look after the person; null reads all regions. */
export function refuseReading(state: PersonState, region: string | null): Refused | null {
  if (state.status === 'unknown') return refuse({ kind: 'unknown-person' })
  if (region === null || latestPeriod(state.facts).regionCode === region) return null
  return refuse({ kind: 'other-region' })
}
