/** Which part of a claim a layer shares, or a counter counts. */
import { assert } from '@tongchou/contracts/decision.ts'
import { type Fen, fen, least, minus, ZERO } from '@tongchou/contracts/money.ts'
import { attributeValue } from '@tongchou/contracts/policy/rule/rule.ts'
import type { Basis } from '../plan/plan.ts'
import type { LayerRun, Run } from './run.ts'

export function basisOf(run: Run, of: Basis): Fen {
  switch (of.kind) {
    case 'inScope':
      return run.facts.inScopeFen
    case 'firstShare':
      return run.facts.firstShareFen
    case 'overLimit':
      return run.facts.overLimitFen
    case 'aboveDeductible':
      return run.aboveDeductibleFen
    case 'unpaid':
      return unpaid(run)
    case 'given':
      return given(run, of)
    default:
      return ofLayer(earlier(run, of.layer), of.kind)
  }
}

/** In scope and not paid by any layer yet. */
export function unpaid({ facts, paidInScopeFen }: Run): Fen {
  return minus(facts.inScopeFen, paidInScopeFen)
}

/** First shares and what lies over a price limit are out of scope: paid beside the scope. */
export function isBesideScope({ kind }: Basis): boolean {
  return kind === 'firstShare' || kind === 'overLimit'
}

function ofLayer(
  { basisFen, insideFen, dueFen, paidFen }: LayerRun,
  kind: 'cutByCap' | 'coinsurance' | 'beyond' | 'paidBy',
): Fen {
  switch (kind) {
    case 'cutByCap':
      return minus(dueFen, paidFen)
    case 'coinsurance':
      return minus(insideFen, dueFen)
    case 'beyond':
      return minus(basisFen, insideFen)
    case 'paidBy':
      return paidFen
  }
}

function earlier(run: Run, index: number): LayerRun {
  const found = run.layers[index]
  assert(found !== undefined, 'a part is taken from a layer that has not run')
  return found
}

/**
 * An amount that another payer hands over with the claim, at most what is in scope. A claim that
 * lacks it is refused: it is not 0.
 */
function given(run: Run, { attribute, absent }: Extract<Basis, { kind: 'given' }>): Fen {
  const amountFen = amountAttribute(run, attribute)
  if (amountFen === null) {
    run.unknown ??= absent
    return ZERO
  }
  return least(amountFen, run.facts.inScopeFen)
}

/** An attribute that is an amount in fen; null where the claim has none. */
export function amountAttribute({ facts }: Run, attribute: string): Fen | null {
  const text = attributeValue(attribute, facts.attributes)
  return text !== null && /^\d{1,16}$/.test(text) ? fen(BigInt(text)) : null
}
