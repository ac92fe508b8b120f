/**
 * The product's engine as the oracle asks it: a plan, a claim, the totals of the claim's year. All
 * that the two have in common is the form of a claim and of an answer.
 */
import { lineSharesOf } from '@tongchou/claims/explanation/lines.ts'
import { placesOf } from '@tongchou/claims/explanation/tree.ts'
import { adjudicate, explain } from '@tongchou/claims/policy/adjudicate.ts'
import type { BenefitFacts } from '@tongchou/claims/policy/facts.ts'
import { loadPolicy, type NotLoaded } from '@tongchou/claims/policy/load.ts'
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
import { historyAttributes, type PastYear } from '@tongchou/claims/policy/years/history.ts'
import { fen } from '@tongchou/contracts/money.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import { type Claim, totalOf, yearOf } from '../words/claim.ts'
import type { Line } from '../words/lines.ts'
import type { Place, ToldStep } from './leaves.ts'

export type { Plan } from '@tongchou/claims/policy/plan/plan.ts'

/** The plan, or in words why the document is refused. */
export function planOf(document: unknown): Plan | string {
  const loaded = loadPolicy(document)
  return loaded.ok ? loaded.plan : whyNot(loaded)
}

function whyNot({ problems }: NotLoaded): string {
  return problems.map(problem => JSON.stringify(problem)).join('; ')
}

/** The plan of an area's pack that builds on another one and sets some of its places. */
export function planWith(parent: unknown, set: Readonly<Record<string, unknown>>): Plan | string {
  const above = loadPolicy(parent)
  if (!above.ok) return whyNot(above)
  const { document, hash } = above
  if (!('packId' in document)) return 'only a pack in the language can be built on'
  const { packId, effectiveFrom } = document
  const override = {
    form: 'override',
    packId: `${packId}-area`,
    name: { en: 'An area', zh: '某地' },
    parent: { packId, hash },
    region: null,
    effectiveFrom,
    effectiveTo: null,
    documents: { E: { title: '某地文件', number: null, effective: null } },
    clauses: { E1: { document: 'E', quote: '原文' } },
    readings: {},
    set,
  }
  const loaded = loadPolicy(override, { parents: [document] })
  return loaded.ok ? loaded.plan : whyNot(loaded)
}

export type Settlement = {
  readonly outcome: BenefitOutcome | NoPolicy
  /** The same claim explained, from the same totals; computed when asked for. */
  readonly explained: () => Explained
}

export type Explained = {
  readonly outcome: BenefitOutcome | NoPolicy
  readonly steps: readonly ToldStep[]
  readonly places: readonly Place[]
}

/** One person's account in the engine's own terms: totals by year, the balance over all years. */
export type Account = {
  readonly settle: (claim: Claim) => Settlement
  /** Takes back the last claim that stands. */
  readonly reverse: () => void
  readonly totals: (year: string) => BenefitTotals
}

export type Asked = {
  readonly plan: Plan
  readonly scheme: BenefitFacts['scheme']
  /** The first insured year where earlier years say something; null where they do not. */
  readonly remembersFrom: number | null
}

export function openAccount({ plan, scheme, remembersFrom }: Asked, opening: bigint): Account {
  const years = new Map<string, YearTotals>()
  const standing: { readonly year: string; readonly effect: BenefitOutcome['effect'] }[] = []
  let accountFen = fen(opening)
  const totals = (year: string) => totalsOf(years.get(year) ?? EMPTY_YEAR, accountFen)
  const keep = (year: string, after: BenefitTotals) => {
    const { accountFen: left, ...ofYear } = after
    years.set(year, ofYear)
    accountFen = left
  }
  const pastOf = ({ status, endOn }: Claim) => {
    if (remembersFrom === null) return {}
    const past: PastYear[] = []
    for (let year = remembersFrom; year < Number(endOn.slice(0, 4)); year += 1) {
      past.push({ year, totals: totals(String(year)), wholeYear: true, status })
    }
    return historyAttributes(plan, past)
  }
  return {
    totals,
    settle: claim => {
      const year = yearOf(claim)
      const attributes = { ...pastOf(claim), ...claim.says }
      const facts = { ...factsOf(claim, scheme), attributes }
      const before = totals(year)
      const outcome = adjudicate(plan, facts, before)
      if (outcome.kind === 'adjudicated') {
        standing.push({ year, effect: outcome.effect })
        keep(year, apply(before, outcome.effect))
      }
      const explained = () => {
        const { steps, outcome: again } = explain(plan, facts, before)
        return { outcome: again, steps, places: placesOf(steps) }
      }
      return { outcome, explained }
    },
    reverse: () => {
      const last = standing.pop()
      if (last !== undefined) keep(last.year, undo(totals(last.year), last.effect))
    },
  }
}

/** By line, what each layer pays and what is paid in cash; null where the engine gives none. */
export function lineShares(
  plan: Plan,
  outcome: BenefitOutcome,
  { kind, lines }: { readonly kind: Claim['kind']; readonly lines: readonly Line[] },
): readonly (readonly bigint[])[] | null {
  const split = lines.map(({ inScope, firstShare, overLimit, fullSelf }) => ({
    inScopeFen: fen(inScope),
    firstShareFen: fen(firstShare),
    overLimitFen: fen(overLimit),
    fullSelfFen: fen(fullSelf),
    amountFen: fen(inScope + firstShare + overLimit + fullSelf),
  }))
  const shares = lineSharesOf(split, outcome, plan.benefits[kind])
  if (shares === null) return null
  return shares.map(({ layers, cashFen }) => [...layers.map(({ amountFen }) => amountFen), cashFen])
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
    attributes: {},
  }
}
