/** How long a fund can pay (备付能力), and what of it need not lie ready. */
import { divide, type Fen, fen, remainder } from '@tongchou/contracts/money.ts'
import { fundFacts } from '@tongchou/contracts/policy/dues/contribution.ts'
import { resolve } from '@tongchou/contracts/policy/rule/rule.ts'
import type { BusinessDate } from '@tongchou/contracts/time.ts'
import { ROUNDING } from '../layers/steps.ts'
import type { Plan, Rule } from '../plan/plan.ts'

export type RunwayFacts = {
  readonly on: BusinessDate
  readonly balanceFen: Fen
  /** Of the balance, paid in advance for later years. */
  readonly prepaidFen: Fen
  /** Spending of the period and its months: their ratio is what a month takes. */
  readonly spentFen: Fen
  readonly months: number
}

export type Runway = {
  readonly kind: 'runway'
  /** Hundredths of a month, half up; null: nothing is spent. */
  readonly hundredths: number | null
  /** Less than the policy wants to lie ready. */
  readonly warns: boolean
  /** What lies beyond the working money and belongs into bonds and time deposits. */
  readonly mustInvestFen: Fen | null
}

/**
 * Free balance ÷ average monthly spending. Money paid in advance counts only where the policy says
 * so or says nothing. @source P07-R02, P07-R03; P32-R02
 */
export function runway(
  plan: Plan,
  { on, balanceFen, prepaidFen, spentFen, months }: RunwayFacts,
): Runway {
  const rules = plan.fund.runway
  const facts = fundFacts(on)
  const figure = <T>(rule: Rule<T> | null): T | null =>
    rule === null ? null : resolve(rule, facts).value
  const withoutPrepaid = figure(rules?.withoutPrepaid ?? null) === true
  const freeFen = withoutPrepaid ? remainder(balanceFen, prepaidFen) : balanceFen
  const span = BigInt(months)
  const hundredths = spentFen === 0n ? null : Number(ratio(freeFen * span * 100n, spentFen))
  const warnBelow = figure(rules?.warnBelowMonths ?? null)
  const keep = figure(rules?.keepLiquidMonths ?? null)
  return {
    kind: 'runway',
    hundredths,
    warns: warnBelow !== null && freeFen * span < BigInt(warnBelow) * spentFen,
    mustInvestFen:
      keep === null ? null : remainder(freeFen, fen(ratio(BigInt(keep) * spentFen, span))),
  }
}

function ratio(numerator: bigint, denominator: bigint): bigint {
  return divide(numerator, denominator, ROUNDING)
}
