/**
 * The product's engine as the oracle asks it: a plan, a claim, the totals of the claim's year. All
 * that the two have in common is the form of a claim and of an answer.
 */
import { adjudicate } from '@tongchou/claims/policy/adjudicate.ts'
import type { BenefitFacts } from '@tongchou/claims/policy/facts.ts'
import { loadPolicy } from '@tongchou/claims/policy/load.ts'
import type { BenefitOutcome, NoPolicy } from '@tongchou/claims/policy/outcome.ts'
import type { Plan } from '@tongchou/claims/policy/plan/plan.ts'
import {
  apply,
  type BenefitTotals,
  EMPTY_YEAR,
  totalsOf,
  undo,
  type YearTotals,
} from '@tongchou/claims/policy/totals.ts'
import { fen } from '@tongchou/contracts/money.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import { type Claim, totalOf, yearOf } from '../words/claim.ts'

export type { Plan } from '@tongchou/claims/policy/plan/plan.ts'

/** The plan, or in words why the document is refused. */
export function planOf(document: unknown): Plan | string {
  const loaded = loadPolicy(document)
  return loaded.ok
    ? loaded.plan
    : loaded.problems.map(problem => JSON.stringify(problem)).join('; ')
}

/** One person's account in the engine's own terms: totals by year, the balance over all years. */
export type Account = {
  readonly settle: (claim: Claim) => BenefitOutcome | NoPolicy
  /** Takes back the last claim that stands. */
  readonly reverse: () => void
  readonly totals: (year: string) => BenefitTotals
}

export function openAccount(plan: Plan, scheme: BenefitFacts['scheme'], opening: bigint): Account {
  const years = new Map<string, YearTotals>()
  const standing: { readonly year: string; readonly effect: BenefitOutcome['effect'] }[] = []
  let accountFen = fen(opening)
  const totals = (year: string) => totalsOf(years.get(year) ?? EMPTY_YEAR, accountFen)
  const keep = (year: string, after: BenefitTotals) => {
    const { accountFen: left, ...ofYear } = after
    years.set(year, ofYear)
    accountFen = left
  }
  return {
    totals,
    settle: claim => {
      const year = yearOf(claim)
      const outcome = adjudicate(plan, factsOf(claim, scheme), totals(year))
      if (outcome.kind === 'adjudicated') {
        standing.push({ year, effect: outcome.effect })
        keep(year, apply(totals(year), outcome.effect))
      }
      return outcome
    },
    reverse: () => {
      const last = standing.pop()
      if (last !== undefined) keep(last.year, undo(totals(last.year), last.effect))
    },
  }
}

function factsOf(claim: Claim, scheme: BenefitFacts['scheme']): BenefitFacts {
  return {
    kind: claim.kind,
    level: claim.level,
    insuredRegion: claim.home,
    treatingRegion: claim.treating,
    scheme,
    status: claim.status,
    ageOnYearStart: claim.age,
    beginOn: businessDate(claim.beginOn),
    endOn: businessDate(claim.endOn),
    emergency: claim.emergency,
    filings: claim.filings.map(({ kind, filedOn, validFrom, validTo }) => ({
      kind,
      filedOn: businessDate(filedOn),
      validFrom: businessDate(validFrom),
      validTo: validTo === null ? null : businessDate(validTo),
    })),
    fullSelfFen: fen(claim.fullSelf),
    overLimitFen: fen(claim.overLimit),
    firstShareFen: fen(claim.firstShare),
    inScopeFen: fen(claim.inScope),
    totalFen: fen(totalOf(claim)),
    useAccount: claim.useAccount,
    attributes: claim.says,
  }
}
