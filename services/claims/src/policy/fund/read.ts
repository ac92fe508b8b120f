/** Reads what the language form says of a fund: runway, total budget, penalties. */

import { basisPoints } from '@tongchou/contracts/money.ts'
import type { FundDocument, MonthlyLeaf } from '@tongchou/contracts/policy/language.ts'
import {
  countFigure,
  type Figures,
  flagFigure,
  rateFigure,
  ruleOf,
} from '@tongchou/contracts/policy/rule/read-rule.ts'
import type { CountLeaf, FlagLeaf, RuleDocument } from '@tongchou/contracts/policy-document.ts'
import type {
  FundPlan,
  Monthly,
  PenaltyPlan,
  RunwayPlan,
  TotalBudgetPlan,
} from '../plan/money-plan.ts'
import type { Rule } from '../plan/plan.ts'

export function fundOf(figures: Figures): FundPlan {
  const { runway, totalBudget, penalty } = figures.pack.fund ?? {}
  return {
    runway: runway === undefined ? null : runwayOf(runway, figures),
    totalBudget: totalBudget === undefined ? null : totalBudgetOf(totalBudget, figures),
    penalty: penalty === undefined ? null : penaltyOf(penalty, figures),
  }
}

function countOf(doc: RuleDocument<CountLeaf>, path: string, figures: Figures): Rule<number> {
  return ruleOf(doc, path, figures, countFigure)
}

function runwayOf(doc: NonNullable<FundDocument['runway']>, figures: Figures): RunwayPlan {
  const path = 'fund.runway'
  const count = (name: 'warnBelowMonths' | 'keepLiquidMonths'): Rule<number> | null => {
    const rule = doc[name]
    return rule === undefined ? null : countOf(rule, `${path}.${name}`, figures)
  }
  const flag: RuleDocument<FlagLeaf> | undefined = doc.withoutPrepaid
  return {
    withoutPrepaid:
      flag === undefined ? null : ruleOf(flag, `${path}.withoutPrepaid`, figures, flagFigure),
    warnBelowMonths: count('warnBelowMonths'),
    keepLiquidMonths: count('keepLiquidMonths'),
  }
}

function totalBudgetOf(
  { monthly, payByDay, surplusKept, overspendShare }: NonNullable<FundDocument['totalBudget']>,
  figures: Figures,
): TotalBudgetPlan {
  const path = 'fund.totalBudget'
  return {
    monthly: ruleOf(monthly, `${path}.monthly`, figures, monthlyFigure),
    payByDay: payByDay === undefined ? null : countOf(payByDay, `${path}.payByDay`, figures),
    surplusKept: ruleOf(surplusKept, `${path}.surplusKept`, figures, rateFigure),
    overspendShare: ruleOf(overspendShare, `${path}.overspendShare`, figures, rateFigure),
  }
}

function monthlyFigure({ quotaTwelfth, lastMonthBp }: MonthlyLeaf): Monthly | null | undefined {
  if ((quotaTwelfth === undefined) === (lastMonthBp === undefined)) return undefined
  if (quotaTwelfth === true) return { kind: 'quotaTwelfth' }
  if (lastMonthBp === undefined || lastMonthBp === null) return null
  return { kind: 'lastMonth', bp: basisPoints(lastMonthBp) }
}

function penaltyOf(doc: NonNullable<FundDocument['penalty']>, figures: Figures): PenaltyPlan {
  const count = (name: keyof PenaltyPlan): Rule<number> =>
    countOf(doc[name], `fund.penalty.${name}`, figures)
  return {
    fineTimesMin: count('fineTimesMin'),
    fineTimesMax: count('fineTimesMax'),
    suspensionMonthsMin: count('suspensionMonthsMin'),
    suspensionMonthsMax: count('suspensionMonthsMax'),
  }
}
