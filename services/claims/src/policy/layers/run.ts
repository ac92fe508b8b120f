/** The working state of one adjudication: a claim on its way through the layers of a plan. */
import { type Fen, ZERO } from '@tongchou/contracts/money.ts'
import { type RuleFacts, resolve } from '@tongchou/contracts/policy/rule/rule.ts'
import type { BenefitFacts, FilingBranch } from '../facts.ts'
import type { Layer, Leaf, Plan, Rule } from '../plan/plan.ts'
import { type BenefitTotals, NO_OWN, type OwnTotals } from '../totals.ts'
import type { Sink } from './steps.ts'

/** What a layer did with the part of the claim that fell to it. */
export type LayerRun = {
  readonly layer: Layer
  readonly basisFen: Fen
  /** In the layer's bands, whoever bears it. */
  readonly insideFen: Fen
  /** The fund's part of it before the cap. */
  readonly dueFen: Fen
  readonly paidFen: Fen
}

export type Run = {
  readonly plan: Plan
  readonly facts: BenefitFacts
  readonly totals: BenefitTotals
  readonly sink: Sink
  readonly rules: RuleFacts
  readonly filing: FilingBranch
  /** Of the remote factor; 10000 where the plan has none. */
  factorBp: number
  ladderPosition: number
  deductibleFen: Fen
  aboveDeductibleFen: Fen
  readonly layers: LayerRun[]
  /** What the claim adds to the counters of the policy's own. */
  own: OwnTotals
  /** Σ paid by the layers so far. */
  paidFen: Fen
  /** Of that, what was in scope. */
  paidInScopeFen: Fen
  /** The first figure that the claim needs and no source gives: the run ends with no policy. */
  unknown: Leaf<unknown> | null
}

export function startRun(
  plan: Plan,
  claim: { readonly facts: BenefitFacts; readonly totals: BenefitTotals; readonly sink: Sink },
  filing: FilingBranch,
): Run {
  const { facts } = claim
  const rules: RuleFacts = {
    status: facts.status,
    level: facts.level,
    filing,
    year: facts.endOn.slice(0, 4),
    age: facts.ageOnYearStart ?? null,
    attributes: facts.attributes,
    kind: facts.kind,
    on: facts.endOn,
    emergency: facts.emergency,
    totals: claim.totals,
  }
  return {
    plan,
    facts,
    totals: claim.totals,
    sink: claim.sink,
    rules,
    filing,
    factorBp: 10_000,
    ladderPosition: 0,
    deductibleFen: ZERO,
    aboveDeductibleFen: ZERO,
    layers: [],
    own: NO_OWN,
    paidFen: ZERO,
    paidInScopeFen: ZERO,
    unknown: null,
  }
}

/**
 * The figure of a rule for this claim; an unknown one is noted, and the caller goes on with null.
 */
export function need<T>(run: Run, rule: Rule<T>): Leaf<T> {
  const leaf = resolve(rule, run.rules)
  if (leaf.value === null) run.unknown ??= leaf
  return leaf
}
