/**
 * What the account tells of the years before a claim's, where the policy asks for it: the totals
 * are its own, the years of cover come with the claim (law 1), so that a replay tells the same.
 */
import { decodeInsuredYears, INSURED_YEARS } from '@tongchou/contracts/reference/insured-years.ts'
import { yearOf } from '@tongchou/contracts/time.ts'
import type { BenefitFacts } from '../../policy/facts.ts'
import type { Plan } from '../../policy/plan/plan.ts'
import { historyAttributes, type PastYear } from '../../policy/years/history.ts'
import { type AccountState, yearAt } from '../state.ts'
import { creditsOf } from './credits.ts'
import { borneIn, episodeOf } from './episodes.ts'

export type ToldAttributes = Readonly<Record<string, string>>

const NOTHING: ToldAttributes = {}

/**
 * The attributes that the policy draws from the years as they stand now, closed or not. A claim
 * that does not say in which years the person was insured tells of none: nothing is guessed.
 */
export function historyFor(
  plan: Plan,
  facts: Pick<BenefitFacts, 'attributes' | 'endOn' | 'status'>,
  state: Pick<AccountState, 'years' | 'credited' | 'episodes' | 'balanceFen'>,
): ToldAttributes {
  if (plan.history.length === 0) return NOTHING
  const told: Record<string, string> = {}
  const episode = episodeOf(facts.attributes)
  const account = {
    creditsFen: creditsOf(state, yearOf(facts.endOn)),
    borneFen: episode === null ? null : borneIn(state.episodes, episode),
  }
  const attributes = historyAttributes(plan, pastYears(facts, state), account)
  for (const name in attributes) told[name] = String(attributes[name])
  return told
}

/** The claim's facts with what the account told; without any they are the same. */
export function withHistory(facts: BenefitFacts, told: ToldAttributes): BenefitFacts {
  for (const _name in told) return { ...facts, attributes: { ...facts.attributes, ...told } }
  return facts
}

/** From the first insured year to the one before the claim's, each of them. */
function pastYears(
  facts: Pick<BenefitFacts, 'attributes' | 'endOn' | 'status'>,
  state: Pick<AccountState, 'years'>,
): readonly PastYear[] {
  const insured = decodeInsuredYears(String(facts.attributes[INSURED_YEARS] ?? ''))
  const [first] = insured
  if (first === undefined) return []
  const byYear = new Map(insured.map(entry => [entry.year, entry]))
  const past: PastYear[] = []
  for (let year = first.year; year < yearOf(facts.endOn); year += 1) {
    const { totals } = yearAt(state, year)
    const entry = byYear.get(year)
    past.push(
      entry === undefined
        ? { year, totals, wholeYear: false, uninsured: true, status: facts.status }
        : { year, totals, wholeYear: entry.whole, status: entry.status },
    )
  }
  return past
}
