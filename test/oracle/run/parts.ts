/**
 * The parts of one claim on which both programs agree: its explanation, computed again from the
 * leaves, and the shares of its lines.
 */
import type { BenefitOutcome } from '@tongchou/claims/policy/outcome.ts'
import { lineShares, type Plan, type Settlement } from '../engine/engine.ts'
import { fromLeaves, treeFault } from '../engine/leaves.ts'
import type { Claim, Policy } from '../words/claim.ts'
import { total } from '../words/fen.ts'
import { linesOf, onLines, type Payment } from '../words/lines.ts'
import type { Figures } from './compare.ts'

type Both = { readonly oracle: Figures; readonly engine: Figures }

/** Null: they agree in each part, or nothing was computed. */
export function comparedParts(
  { plan, policy }: { readonly plan: Plan; readonly policy: Policy },
  claim: Claim,
  { outcome, explained }: Settlement,
): Both | null {
  if (outcome.kind !== 'adjudicated') return null
  return explanationOf(claim, outcome, explained()) ?? linesDiffer(plan, policy, claim, outcome)
}

function explanationOf(
  claim: Claim,
  outcome: BenefitOutcome,
  { steps, places, outcome: told }: ReturnType<Settlement['explained']>,
): Both | null {
  const again = fromLeaves(steps, claim)
  const fault = typeof again === 'string' ? again : treeFault(places)
  if (fault !== null) return { oracle: { leaves: fault }, engine: figuresOf(outcome) }
  if (typeof again === 'string') return null
  const { branch, deductible, payments, cash } = again
  const oracle = { branch, deductible, cash, paid: written(payments) }
  return (
    differing(oracle, figuresOf(outcome)) ??
    (told.kind === 'adjudicated' ? differing(oracle, figuresOf(told)) : nothing(told.path, outcome))
  )
}

function nothing(path: string, outcome: BenefitOutcome): Both {
  return { oracle: figuresOf(outcome), engine: { 'not explained': path } }
}

function figuresOf({ filing, deductibleFen, cashFen, layers }: BenefitOutcome): Figures {
  const paid = layers.map(({ layer, amountFen }) => ({ layer, amount: amountFen }))
  return { branch: filing, deductible: deductibleFen, cash: cashFen, paid: written(paid) }
}

function written(payments: readonly Payment[]): string {
  return payments.map(({ layer, amount }) => `${layer} ${amount}`).join(', ')
}

function linesDiffer(
  plan: Plan,
  { accountPays }: Policy,
  claim: Claim,
  outcome: BenefitOutcome,
): Both | null {
  const lines = linesOf(claim)
  const payments = outcome.layers.map(({ layer, amountFen }) => ({ layer, amount: amountFen }))
  const oracle = onLines(lines, payments, accountPays?.(claim) ?? 'allButFullSelf')
  const sums = [...payments.map(({ amount }) => amount), outcome.cashFen]
  for (const [at, sum] of sums.entries()) {
    if (total(oracle.map(line => line[at] ?? 0n)) !== sum) throw new Error('the lines miss a share')
  }
  const engine = lineShares(plan, outcome, { kind: claim.kind, lines })
  return differing(lineFigures(oracle), engine === null ? { lines: 'none' } : lineFigures(engine))
}

function lineFigures(shares: readonly (readonly bigint[])[]): Figures {
  return Object.fromEntries(shares.map((line, at) => [`line ${at + 1}`, line.join(' + ')]))
}

function differing(oracle: Figures, engine: Figures): Both | null {
  const names = Object.keys({ ...oracle, ...engine })
  return names.every(name => oracle[name] === engine[name]) ? null : { oracle, engine }
}
