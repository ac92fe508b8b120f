/** One history through both programs, and the first thing in which they differ. */
import type { BenefitOutcome, NoPolicy } from '@tongchou/claims/policy/outcome.ts'
import type { BenefitTotals } from '@tongchou/claims/policy/totals.ts'
import { type Asked, openAccount } from '../engine/engine.ts'
import { type Case, isPaid, yearsOf } from '../random/person.ts'
import {
  balance,
  type Claim,
  type History,
  type NoRule,
  type Paid,
  type Policy,
  type Settled,
  totalOf,
  yearOf,
} from '../words/claim.ts'
import { total } from '../words/fen.ts'
import { comparedParts } from './parts.ts'

export type Pair = Asked & {
  readonly policy: Policy
  /** Figures that are not compared, and why. */
  readonly open: { readonly figures: readonly string[]; readonly because: string } | null
}

export type Figures = Readonly<Record<string, bigint | string>>

export type Difference = {
  /** Place in the steps; the number of steps where only the year's totals differ. */
  readonly at: number
  readonly oracle: Figures
  readonly engine: Figures
}
export type Compared = {
  readonly claims: number
  /** Claims that both say no rule computes. */
  readonly refused: number
  readonly difference: Difference | null
}

export function compare({ policy, open, ...asked }: Pair, { opening, steps }: Case): Compared {
  const account = openAccount(asked, opening)
  let standing: readonly Settled[] = []
  let claims = 0
  let refused = 0
  for (const [at, step] of steps.entries()) {
    if (step === 'reverse') {
      account.reverse()
      standing = standing.slice(0, -1)
      continue
    }
    claims += 1
    const paid = policy.settle(step, { earlier: standing, opening })
    const oracle = oracleFigures(step, paid)
    const settlement = account.settle(step)
    const engine = engineFigures(settlement.outcome)
    if (step.inScope === 0n && !isPaid(paid) && engine['result'] === 'computed') {
      // With nothing in scope no figure is missed: whether it is refused or comes to nothing.
      account.reverse()
      refused += 1
      continue
    }
    if (!same(oracle, engine, open?.figures)) {
      return { claims, refused, difference: { at, oracle, engine } }
    }
    const parts = comparedParts({ plan: asked.plan, policy }, step, settlement)
    if (parts !== null) return { claims, refused, difference: { at, ...parts } }
    if (isPaid(paid)) standing = [...standing, { claim: step, paid }]
    else refused += 1
  }
  const difference = compareYears({ opening, steps }, standing, account.totals)
  return { claims, refused, difference }
}

/** Two refusals are the same whatever their reasons. */
export function same(oracle: Figures, engine: Figures, open: readonly string[] = []): boolean {
  if (oracle['result'] === 'no rule' && engine['result'] === 'no rule') return true
  const names = Object.keys({ ...oracle, ...engine }).filter(name => !open.includes(name))
  return names.every(name => oracle[name] === engine[name])
}

function oracleFigures(claim: Claim, paid: Paid | NoRule): Figures {
  if (!isPaid(paid)) return { result: 'no rule', reason: paid.noRule }
  const { counts: _, ...figures } = paid
  const notCash = totalOf(claim) - paid.cash
  return { result: 'computed', ...figures, notCash, total: totalOf(claim) }
}

function engineFigures(outcome: BenefitOutcome | NoPolicy): Figures {
  if (outcome.kind !== 'adjudicated') {
    const { because, path, missing } = outcome
    return { result: 'no rule', reason: `${because} ${path}: ${missing.en}` }
  }
  return {
    result: 'computed',
    branch: outcome.filing,
    fundBp: BigInt(outcome.fundBp),
    deductible: outcome.deductibleFen,
    pooled: outcome.pooledFen,
    catastrophic: outcome.catastrophicFen,
    largeAmount: outcome.largeAmountFen,
    civilServant: outcome.civilServantFen,
    assistance: outcome.assistanceFen,
    account: outcome.accountFen,
    cash: outcome.cashFen,
    notCash: total(outcome.layers.map(({ amountFen }) => amountFen)),
    total: outcome.totalFen,
  }
}

/** The engine's running totals against sums over the list, for each year that was touched. */
function compareYears(
  whole: Case,
  earlier: readonly Settled[],
  totals: (year: string) => BenefitTotals,
): Difference | null {
  for (const year of yearsOf(whole)) {
    const oracle = oracleYear({ earlier, opening: whole.opening }, year)
    const engine = engineYear(totals(year), year)
    if (!same(oracle, engine)) return { at: whole.steps.length, oracle, engine }
  }
  return null
}

function oracleYear(history: History, year: string): Figures {
  const counted = history.earlier.filter(({ claim, paid }) => paid.counts && yearOf(claim) === year)
  const of = (...kinds: readonly Claim['kind'][]) =>
    counted.filter(({ claim }) => kinds.includes(claim.kind))
  const sum = (claims: readonly Settled[], amount: (settled: Settled) => bigint) =>
    total(claims.map(amount))
  const inward = of('inpatient', 'chronic')
  return {
    result: 'totals',
    year,
    stays: BigInt(of('inpatient').length),
    dedIn: sum(of('inpatient'), ({ paid }) => paid.deductible),
    dedChronic: sum(of('chronic'), ({ paid }) => paid.deductible),
    dedOut: sum(of('outpatient'), ({ paid }) => paid.deductible),
    paidIn: sum(inward, ({ paid }) => paid.pooled),
    paidOut: sum(of('outpatient'), ({ paid }) => paid.pooled),
    paidCat: sum(counted, ({ paid }) => paid.catastrophic),
    paidLarge: sum(counted, ({ paid }) => paid.largeAmount),
    burden: sum(inward, ({ claim, paid }) => claim.inScope - paid.pooled),
    aboveDeductible: sum(inward, ({ claim, paid }) => claim.inScope - paid.deductible),
    costIn: sum(inward, ({ claim }) => claim.inScope),
    costOut: sum(of('outpatient'), ({ claim }) => claim.inScope),
    account: balance(history),
  }
}

function engineYear(totals: BenefitTotals, year: string): Figures {
  return {
    result: 'totals',
    year,
    stays: BigInt(totals.stays.total),
    dedIn: totals.dedInFen,
    dedChronic: totals.dedChronicFen,
    dedOut: totals.dedOutFen,
    paidIn: totals.paidInFen,
    paidOut: totals.paidOutFen,
    paidCat: totals.paidCatFen,
    paidLarge: totals.paidLargeFen,
    burden: totals.burdenFen,
    aboveDeductible: totals.aboveDeductibleFen,
    costIn: totals.costInFen,
    costOut: totals.costOutFen,
    account: totals.accountFen,
  }
}
