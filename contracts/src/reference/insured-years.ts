/**
 * The years before a claim in which a person was insured, as the claim carries them to the benefit
 * account. Cover of every region and scheme counts: a move adds the years.
 * @source capabilities EN-11, EN-13
 */
import { assert } from '../decision.ts'
import type { BusinessDate } from '../time.ts'
import { addDays, businessDate, yearOf } from '../time.ts'
import { type CoverageFacts, type CoveragePeriod, statusOn } from './coverage.ts'

/** The attribute; no pack can declare this name. */
export const INSURED_YEARS = 'insured.years'

/** The text of the attribute. */
export const INSURED_YEARS_TEXT = '^(\\d{4}:(whole|part):[a-z]+(,(?!$)|$))*$'

export type InsuredYear = {
  readonly year: number
  /** Every day of the calendar year was covered. */
  readonly whole: boolean
  /** On the last covered day. */
  readonly status: string
}

/** Oldest first; years without a covered day are left out. */
export function insuredYears(facts: CoverageFacts, before: number): readonly InsuredYear[] {
  const first = facts.periods[0]
  if (first === undefined) return []
  const years: InsuredYear[] = []
  for (let year = yearOf(first.coveredFrom); year < before; year += 1) {
    const insured = insuredIn(facts, year)
    if (insured !== null) years.push(insured)
  }
  return years
}

function insuredIn(facts: CoverageFacts, year: number): InsuredYear | null {
  const begin = businessDate(`${year}-01-01`)
  const end = businessDate(`${year}-12-31`)
  let next = begin
  let last: CoveragePeriod | null = null
  let lastDay = begin
  for (const period of facts.periods) {
    const { coveredFrom, coveredTo } = period
    if (coveredFrom > end || (coveredTo !== null && coveredTo < begin)) continue
    last = period
    lastDay = coveredTo === null || coveredTo > end ? end : coveredTo
    if (coveredFrom <= next) next = addDays(lastDay, 1)
  }
  if (last === null) return null
  return { year, whole: next > end, status: statusOn(facts, lastDay, last.scheme) }
}

/** First day of the unbroken cover, of whatever region and scheme, in which the day lies. */
export function insuredSince(facts: CoverageFacts, on: BusinessDate): BusinessDate | null {
  let since: BusinessDate | null = null
  let next: BusinessDate | null = null
  for (const { coveredFrom, coveredTo } of facts.periods) {
    if (coveredFrom > on) break
    if (since === null || next === null || coveredFrom > next) since = coveredFrom
    if (coveredTo === null || coveredTo >= on) return since
    next = addDays(coveredTo, 1)
  }
  return null
}

/** `2023:whole:adult,2024:part:adult`. */
export function encodeInsuredYears(years: readonly InsuredYear[]): string {
  return years
    .map(({ year, whole, status }) => `${year}:${whole ? 'whole' : 'part'}:${status}`)
    .join(',')
}

/** The inverse; other text is a bug of the caller. */
export function decodeInsuredYears(text: string): readonly InsuredYear[] {
  if (text === '') return []
  return text.split(',').map(entry => {
    const [year = '', cover, status] = entry.split(':')
    assert(/^\d{4}$/.test(year) && status !== undefined, `no insured year: ${entry}`)
    return { year: Number(year), whole: cover === 'whole', status }
  })
}
