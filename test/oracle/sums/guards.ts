/** P15: contribution rates may change only where the pooled fund runs a deficit. */
import { rateChangeBreaches } from '@tongchou/claims/policy/guards/check.ts'
import { fen } from '@tongchou/contracts/money.ts'
import { documentsOf, PACKS, packPlan } from '../engine/documents.ts'
import { planWith } from '../engine/engine.ts'
import { ofPack } from './dues.ts'
import { big, type Input, type Sum } from './sum.ts'

/** Of the current period; a deficit is below 0. */
function resultOf(input: Input): bigint {
  const result = big(input, 'result')
  return input['isDeficit'] === true ? -result : result
}

const RATES = [899, 900, 901, 1100] as const

function changedTo(baseBp: number) {
  const employees = documentsOf(PACKS).get('P06-employee')
  return planWith(employees, { 'contribution.dues.0.amount': { baseBp, clause: 'E1' } })
}

export const RATE_CHANGE: Sum = {
  name: 'P15 rate change',
  sample: dice => ({
    rate: dice.oneOf(RATES),
    result: dice.oneOf([0n, 1n, dice.amount(0n, 1_000_000_000n)]),
    isDeficit: dice.chance(0.5),
  }),
  // R02; the rate before is 9 %.
  oracle: input => ({ refused: String(input['rate'] !== 900 && resultOf(input) >= 0n) }),
  engine: (() => {
    const from = packPlan('P06-employee')
    if (typeof from === 'string') return from
    const plans = new Map(RATES.map(rate => [rate as number, changedTo(rate)]))
    return ofPack('P15', (guarding, input) => {
      const to = plans.get(Number(input['rate']))
      if (to === undefined || typeof to === 'string') return { refused: to ?? 'no plan' }
      const change = { from, to, currentResultFen: fen(resultOf(input)) }
      return { refused: String(rateChangeBreaches(guarding, change).length > 0) }
    })
  })(),
}
