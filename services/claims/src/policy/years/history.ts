/**
 * What the years before say about a person, as attributes of this year's claims: years in a row
 * without a claim, what was not used of a limit, the cost of last year.
 */
import { type Fen, remainder, sum, ZERO } from '@tongchou/contracts/money.ts'
import { type RuleFacts, resolve } from '@tongchou/contracts/policy/rule/rule.ts'
import type { Attributes } from '../facts.ts'
import type { History } from '../plan/money-plan.ts'
import type { Plan, Rule } from '../plan/plan.ts'
import type { FenTotal, YearTotals } from '../totals.ts'

export type PastYear = {
  readonly year: number
  readonly totals: YearTotals
  /** A year in which the person was insured for a part only neither counts nor goes on. */
  readonly wholeYear: boolean
  /** Not a day was covered: the year had no limit and its total is none of the insurance. */
  readonly uninsured?: boolean
  readonly status: string
}

/** What the account itself tells of a claim. */
export type AccountNow = {
  /** What it holds of the credits of the claim's year. @source P01-R21 */
  readonly creditsFen: Fen
  /**
   * Deductibles borne before in the claim's episode of care; null: it names none.
   * @source P03-R31
   */
  readonly borneFen: Fen | null
}

/**
 * The attributes that the plan draws from past years, oldest first; nothing that a year does not
 * know is guessed: a figure that is missing leaves its attribute out. @source P03-R16 to
 * R25
 */
export function historyAttributes(
  plan: Plan,
  past: readonly PastYear[],
  account: AccountNow | null = null,
): Attributes {
  const attributes: Record<string, string> = {}
  for (const history of plan.history) {
    const value = told(history, past, account)
    if (value !== null) attributes[history.attribute] = String(value)
  }
  return attributes
}

function told(history: History, past: readonly PastYear[], now: AccountNow | null): bigint | null {
  switch (history.kind) {
    case 'streak':
      return streak(history, past)
    case 'unused':
      return unused(history, past)
    case 'lastYear':
      return lastYear(past.at(-1), history.total)
    case 'creditsOfYear':
      return now?.creditsFen ?? null
    case 'episode':
      return now?.borneFen ?? null
    case 'insuredYears':
      return past.reduce((years, { wholeYear }) => (wholeYear ? years + 1n : 0n), 0n)
  }
}

function lastYear(year: PastYear | undefined, total: FenTotal): bigint | null {
  return year === undefined || year.uninsured === true ? null : year.totals[total]
}

type Limited = Extract<History, { atMost: Rule<Fen> }>

/** Each year is held to the amount that the years before it had earned. */
function streak(history: Limited, past: readonly PastYear[]): bigint | null {
  let years = 0n
  for (const year of past) {
    const known = { [history.attribute]: String(years) }
    const limitFen = resolve(history.atMost, factsOf(year, known)).value
    if (limitFen === null) return null
    years = year.wholeYear && year.totals[history.total] <= limitFen ? years + 1n : 0n
  }
  return years
}

function unused(history: Limited, past: readonly PastYear[]): bigint | null {
  let leftFen = ZERO
  for (const year of past) {
    if (year.uninsured === true) continue
    const limitFen = resolve(history.atMost, factsOf(year, {})).value
    if (limitFen === null) return null
    leftFen = sum(leftFen, remainder(limitFen, year.totals[history.total]))
  }
  return leftFen
}

function factsOf({ year, status }: PastYear, attributes: Attributes): RuleFacts {
  return {
    status,
    attributes,
    year: String(year),
    level: null,
    filing: 'local',
    age: null,
    kind: null,
    on: null,
    emergency: null,
    totals: null,
  }
}
