/** The outcome of the engine as the event that is kept. */
import type { ClaimAdjudicated, Layer } from '@tongchou/contracts/events.generated.ts'
import type { ClaimId, PersonId } from '@tongchou/contracts/id.ts'
import { type Fen, greatest, sum, ZERO } from '@tongchou/contracts/money.ts'
import { yearOf } from '@tongchou/contracts/time.ts'
import type { BenefitFacts } from '../policy/facts.ts'
import type { BenefitOutcome, LayerPayment } from '../policy/outcome.ts'
import {
  type BenefitTotals,
  deltaToMap,
  totalsOf,
  totalsToMap,
  type YearTotals,
} from '../policy/totals.ts'
import { factsToKeep } from './facts.ts'
import type { ToldAttributes } from './years/history.ts'

/** Every personal account is money of this fund, whatever the scheme of the claim. */
const ACCOUNT_FUND = 'employee.account'

export type Adjudication = {
  readonly claimId: ClaimId
  readonly personId: PersonId
  readonly institutionCode: string
  readonly facts: BenefitFacts
  readonly history: ToldAttributes
  readonly packHash: string
  readonly before: YearTotals
  readonly balanceBeforeFen: Fen
}

/** What the engine may count on: an account below 0 pays nothing. */
export function totalsFor(before: YearTotals, balanceFen: Fen): BenefitTotals {
  return totalsOf(before, greatest(ZERO, balanceFen))
}

export function otherFundOf(outcome: BenefitOutcome): Fen {
  return sum(outcome.largeAmountFen, outcome.civilServantFen, outcome.assistanceFen)
}

/**
 * Layers that pay something, with the fund of the insured region; Σ = pooled + catastrophic + other
 * + account.
 */
export function layersOf({ layers }: BenefitOutcome): readonly Layer[] {
  return layers.map(layerOf)
}

function layerOf({ layer, payer, payerFund, amountFen }: LayerPayment): Layer {
  return { layer, fund: payer === 'account' ? ACCOUNT_FUND : payerFund, amountFen }
}

export function adjudicatedBy(given: Adjudication, outcome: BenefitOutcome): ClaimAdjudicated {
  const { claimId, personId, institutionCode, facts, packHash, before, balanceBeforeFen } = given
  const { insuredRegion, treatingRegion, scheme, status, kind, endOn } = facts
  const { fullSelfFen, overLimitFen, firstShareFen, inScopeFen, totalFen } = facts
  const { filing, fundBp, deductibleFen, pooledFen, catastrophicFen, accountFen, cashFen } = outcome
  return {
    claimId,
    personId,
    institutionCode,
    insuredRegion,
    treatingRegion,
    scheme,
    status,
    kind,
    endOn,
    packHash,
    filing,
    fundBp,
    fullSelfFen,
    overLimitFen,
    firstShareFen,
    inScopeFen,
    deductibleFen,
    pooledFen,
    catastrophicFen,
    otherFundFen: otherFundOf(outcome),
    accountFen,
    cashFen,
    totalFen,
    layers: layersOf(outcome),
    year: yearOf(endOn),
    before: totalsToMap(before),
    effect: deltaToMap(outcome.effect),
    balanceBeforeFen,
    facts: factsToKeep(facts, given.history),
  }
}
