/**
 * The engine: a compiled policy, the facts of a claim and the person's totals give the shares of
 * the claim.
 */
import { assert } from '@tongchou/contracts/decision.ts'
import {
  type BasisPoints,
  basisPoints,
  type Fen,
  minus,
  sum,
  ZERO,
} from '@tongchou/contracts/money.ts'
import { resolve } from '@tongchou/contracts/policy/rule/rule.ts'
import type { Text } from '@tongchou/contracts/policy-document.ts'
import type { BenefitFacts } from './facts.ts'
import { payFromAccount } from './layers/account.ts'
import { countOwn } from './layers/counters.ts'
import { takeDeductible } from './layers/deductible.ts'
import { accountOnly, effectOf } from './layers/effect.ts'
import { filingBranch } from './layers/filing.ts'
import { firstRate, runLayer } from './layers/layer.ts'
import { need, type Run, startRun } from './layers/run.ts'
import { figureOf, type Sink, type Step, step } from './layers/steps.ts'
import { isWaitingOver } from './layers/waiting.ts'
import type { BenefitOutcome, LayerPayment, NoPolicy } from './outcome.ts'
import { misfitOf } from './plan/misfit.ts'
import type { Benefit, Leaf, Payer, Plan } from './plan/plan.ts'
import type { BenefitTotals } from './totals.ts'

/**
 * The shares of one claim, or why the policy computes none. Pure: the same plan, facts and totals
 * give the same fen for ever. Amounts are not negative; throws AssertionFault when the parts miss
 * the total.
 */
export function adjudicate(
  plan: Plan,
  facts: BenefitFacts,
  totals: BenefitTotals,
): BenefitOutcome | NoPolicy {
  return settle(plan, { facts, totals, sink: null })
}

export type Explanation = {
  readonly outcome: BenefitOutcome | NoPolicy
  readonly steps: readonly Step[]
  readonly packHash: string
  readonly assumptions: readonly Text[]
}

/** The same computation with every step written down. Its outcome is the one `adjudicate` gives. */
export function explain(plan: Plan, facts: BenefitFacts, totals: BenefitTotals): Explanation {
  const steps: Step[] = []
  const outcome = settle(plan, { facts, totals, sink: found => steps.push(found) })
  return { outcome, steps, packHash: plan.hash, assumptions: plan.assumptions }
}

type Claim = {
  readonly facts: BenefitFacts
  readonly totals: BenefitTotals
  readonly sink: Sink
}

function settle(plan: Plan, claim: Claim): BenefitOutcome | NoPolicy {
  const { facts } = claim
  assert(partsOf(facts) === facts.totalFen, 'the split of a claim misses its total')
  const misfit = misfitOf(plan, facts)
  if (misfit !== null) return misfit
  const benefit = plan.benefits[facts.kind]
  if (benefit.kind === 'gap') {
    const { path, missing, sources } = benefit
    return { kind: 'no-policy', because: 'unknown', packId: plan.packId, path, missing, sources }
  }
  const run = startRun(plan, claim, filingBranch(facts, plan.deemedFiledFor))
  const { insuredRegion, treatingRegion } = facts
  run.sink?.(
    step('filing', 'filing', { inputs: { insuredRegion, treatingRegion }, result: run.filing }),
  )
  return runBenefit(run, benefit)
}

function partsOf({ fullSelfFen, overLimitFen, firstShareFen, inScopeFen }: BenefitFacts): bigint {
  return fullSelfFen + overLimitFen + firstShareFen + inScopeFen
}

function runBenefit(run: Run, benefit: Benefit): BenefitOutcome | NoPolicy {
  if (run.plan.remoteFactor !== null && benefit.layers.length > 0) {
    run.factorBp = need(run, run.plan.remoteFactor).value?.bp ?? 0
  }
  const entitled = isEntitled(run, benefit)
  const fundBp = entitled ? firstRate(run, benefit.layers) : basisPoints(0)
  const covered = entitled && !(benefit.zeroRateIsNotCovered && fundBp === 0)
  if (covered) {
    if (benefit.deductible === null) run.aboveDeductibleFen = run.facts.inScopeFen
    else takeDeductible(run, benefit.deductible)
    for (const layer of benefit.layers) runLayer(run, layer)
    run.own = countOwn(run)
  }
  if (run.unknown !== null) return unknownOf(run.plan, run.unknown)
  const accountFen = payFromAccount(run, benefit.account)
  return outcomeOf(run, { covered, fundBp, accountFen })
}

/**
 * One flag that is known not to hold decides, whatever the others are; only without one is an
 * unknown flag a reason to refuse.
 */
function isEntitled(run: Run, { covered, waiting }: Benefit): boolean {
  let open: Leaf<unknown> | null = null
  for (const rule of covered) {
    const leaf = resolve(rule, run.rules)
    run.sink?.(
      step('covered', 'covered', {
        figures: [figureOf(leaf, leaf.value)],
        result: leaf.value,
      }),
    )
    if (leaf.value === false) return false
    if (leaf.value === null) open ??= leaf
  }
  const over = waiting === null || isWaitingOver(run, waiting)
  if (over === false) return false
  run.unknown ??= open ?? (over === true ? null : over)
  return run.unknown === null
}

type Shares = {
  readonly covered: boolean
  readonly fundBp: BasisPoints
  readonly accountFen: Fen
}

function outcomeOf(run: Run, { covered, fundBp, accountFen }: Shares): BenefitOutcome {
  const { totalFen } = run.facts
  const cashFen = minus(minus(totalFen, run.paidFen), accountFen)
  run.sink?.(
    step('cash', 'cash', {
      inputs: { totalFen, fundsFen: run.paidFen, accountFen },
      result: cashFen,
    }),
  )
  const pooledFen = paidBy(run, 'pooled')
  const catastrophicFen = paidBy(run, 'catastrophic')
  const largeAmountFen = paidBy(run, 'largeAmount')
  return {
    kind: 'adjudicated',
    filing: run.filing,
    fundBp,
    deductibleFen: run.deductibleFen,
    layers: paymentsOf(run, accountFen),
    pooledFen,
    catastrophicFen,
    largeAmountFen,
    civilServantFen: paidBy(run, 'civilServant'),
    assistanceFen: paidBy(run, 'assistance'),
    accountFen,
    cashFen,
    totalFen,
    ladderPosition: run.ladderPosition,
    effect: covered
      ? effectOf(run, { pooledFen, catastrophicFen, largeAmountFen, accountFen })
      : accountOnly(accountFen),
  }
}

function paidBy({ layers }: Run, payer: Payer): Fen {
  let paid = ZERO
  for (const { layer, paidFen } of layers) if (layer.payer === payer) paid = sum(paid, paidFen)
  return paid
}

function paymentsOf({ layers, plan }: Run, accountFen: Fen): readonly LayerPayment[] {
  const payments: LayerPayment[] = []
  for (const { layer, paidFen } of layers) {
    const { id, payer, payerFund } = layer
    if (paidFen > 0n) payments.push({ layer: id, payer, payerFund, amountFen: paidFen })
  }
  if (accountFen > 0n) {
    const payerFund = `${plan.scheme}.account`
    payments.push({ layer: 'account', payer: 'account', payerFund, amountFen: accountFen })
  }
  return payments
}

function unknownOf({ packId }: Plan, { path, missing, sources }: Leaf<unknown>): NoPolicy {
  return { kind: 'no-policy', because: 'unknown', packId, path, missing, sources }
}
