/** Reads what the language form says of the personal account and of the reserve. */
import { multipleOf } from '@tongchou/contracts/policy/dues/read.ts'
import {
  ACCOUNT_PURPOSES,
  type PersonalAccountDocument,
} from '@tongchou/contracts/policy/language.ts'
import {
  type Figures,
  fenFigure,
  flagFigure,
  rateFigure,
  ruleOf,
} from '@tongchou/contracts/policy/rule/read-rule.ts'
import type { PackDocument } from '@tongchou/contracts/policy-document.ts'
import type { PersonalAccountPlan, RiskReservePlan } from '../plan/money-plan.ts'

export function personalAccountOf(figures: Figures): PersonalAccountPlan | null {
  const doc: PersonalAccountDocument | undefined = figures.pack.personalAccount
  if (doc === undefined) return null
  const path = 'personalAccount'
  const { mayPay = {}, toCard, withdrawalFrom } = doc
  return {
    mayPay: new Map(
      ACCOUNT_PURPOSES.flatMap(purpose => {
        const rule = mayPay[purpose]
        if (rule === undefined) return []
        return [[purpose, ruleOf(rule, `${path}.mayPay.${purpose}`, figures, flagFigure)] as const]
      }),
    ),
    toCard: toCard === undefined ? null : ruleOf(toCard, `${path}.toCard`, figures, rateFigure),
    withdrawalFrom:
      withdrawalFrom === undefined
        ? null
        : ruleOf(withdrawalFrom, `${path}.withdrawalFrom`, figures, fenFigure),
  }
}

export function riskReserveOf(figures: Figures): RiskReservePlan | null {
  const riskReserve: PackDocument['riskReserve'] = figures.pack.riskReserve
  if (riskReserve === null) return null
  return {
    drawBp: multipleOf(riskReserve.draw, 'riskReserve.draw', figures),
    ceilingBp: multipleOf(riskReserve.ceiling, 'riskReserve.ceiling', figures),
  }
}
