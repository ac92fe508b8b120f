/** What one claim adds to the running totals of its year. */
import { type Fen, minus, negate, ZERO } from '@tongchou/contracts/money.ts'
import { NO_EFFECT, type TotalsDelta } from '../totals.ts'
import type { Run } from './run.ts'

/** A claim that the policy does not cover, and a purchase at a pharmacy: the account alone. */
export function accountOnly(paidFen: Fen): TotalsDelta {
  return { ...NO_EFFECT, accountFen: negate(paidFen) }
}

/** What a covered claim adds to the year. */
export function effectOf(
  { facts, deductibleFen, aboveDeductibleFen, own }: Run,
  paid: Readonly<Record<'pooledFen' | 'catastrophicFen' | 'largeAmountFen' | 'accountFen', Fen>>,
): TotalsDelta {
  const accountFen = negate(paid.accountFen)
  const { kind, level, inScopeFen } = facts
  if (kind === 'pharmacy') return { ...accountOnly(paid.accountFen), own }
  if (kind === 'outpatient') {
    const { pooledFen: paidOutFen } = paid
    return {
      ...NO_EFFECT,
      dedOutFen: deductibleFen,
      paidOutFen,
      costOutFen: inScopeFen,
      own,
      accountFen,
    }
  }
  const stay = kind === 'inpatient'
  return {
    stays: stay ? 1 : 0,
    stayLevel: stay ? level : null,
    dedInFen: stay ? deductibleFen : ZERO,
    dedChronicFen: stay ? ZERO : deductibleFen,
    dedOutFen: ZERO,
    paidInFen: paid.pooledFen,
    paidOutFen: ZERO,
    paidCatFen: paid.catastrophicFen,
    paidLargeFen: paid.largeAmountFen,
    burdenFen: minus(inScopeFen, paid.pooledFen),
    aboveDeductibleFen,
    costInFen: inScopeFen,
    costOutFen: ZERO,
    own,
    accountFen,
  }
}
