/** Reads what the language form says of premiums. */
import { basisPoints, fen } from '../../money.ts'
import type { CountLeaf, RuleDocument } from '../../policy-document.ts'
import { isBusinessDate } from '../../time.ts'
import type {
  BaseDocument,
  ContributionDocument,
  DayLeaf,
  DueDocument,
  DueLeaf,
} from '../language.ts'
import type { Leaf, Rule } from '../rule/plan.ts'
import { problem } from '../rule/problems.ts'
import { unknown } from '../rule/read.ts'
import {
  countFigure,
  type Figures,
  fenFigure,
  flagFigure,
  leafOf,
  ruleOf,
} from '../rule/read-rule.ts'
import { leavesOf } from '../rule/rule.ts'
import type { ContributionBase, ContributionPlan, Due, DueAmount } from './plan.ts'

type Multiple = Parameters<typeof leafOf<{ readonly bp: number | null }, number>>[0]

export function contributionOf(figures: Figures): ContributionPlan | null {
  const { contribution } = figures.pack
  if (contribution === null) return null
  const { base, dues, dueOn, lateFee } = contribution
  return {
    per: contribution.per ?? 'year',
    base: base === null ? null : baseOf(base, figures),
    dues: dues.map((due, index) => {
      const earlier = dues.slice(0, index).map(({ id }) => id)
      return dueOf(due, `contribution.dues.${index}`, { figures, earlier })
    }),
    dueOn: dueOn === undefined ? null : dueOnOf(dueOn, figures),
    lateFee: lateFee === undefined ? null : lateFeeOf(lateFee, figures),
  }
}

/** Days that every year has: 29 February is none. */
function dueOnOf(doc: RuleDocument<DayLeaf>, figures: Figures): Rule<string> {
  const rule = ruleOf(doc, 'contribution.dueOn', figures, dayFigure)
  for (const { value, path } of leavesOf(rule)) {
    if (value !== null && !isBusinessDate(`2001-${value}`)) {
      figures.problems.push(problem(path, 'not-a-date', value))
    }
  }
  return rule
}

function dayFigure({ monthDay }: DayLeaf): string | null {
  return monthDay
}

function lateFeeOf(
  { noticeDays, perDay }: NonNullable<ContributionDocument['lateFee']>,
  figures: Figures,
): ContributionPlan['lateFee'] {
  const path = 'contribution.lateFee'
  return {
    noticeDays: ruleOf<CountLeaf, number>(noticeDays, `${path}.noticeDays`, figures, countFigure),
    perDayBp: multipleOf(perDay, `${path}.perDay`, figures),
  }
}

function baseOf(doc: BaseDocument, figures: Figures): ContributionBase | null {
  const path = 'contribution.base'
  const counts =
    doc.counts === undefined ? null : ruleOf(doc.counts, `${path}.counts`, figures, flagFigure)
  const { floor, ceiling, amount, given } = doc
  const kinds = [floor, amount, given].filter(found => found !== undefined)
  if (kinds.length !== 1) figures.problems.push(problem(path, 'base-not-one', `${kinds.length}`))
  if (floor !== undefined && ceiling !== undefined) {
    return {
      kind: 'wage',
      counts,
      floorBp: multipleOf(floor, `${path}.floor`, figures),
      ceilingBp: multipleOf(ceiling, `${path}.ceiling`, figures),
    }
  }
  if (amount !== undefined) {
    return { kind: 'stated', counts, amount: ruleOf(amount, `${path}.amount`, figures, fenFigure) }
  }
  return given === undefined
    ? null
    : { kind: 'given', counts, name: given, absent: handedIn(given) }
}

function handedIn(name: string): Leaf<never> {
  const missing = { en: `${name} must be handed in`, zh: `须提供 ${name}` }
  return unknown('contribution.base.given', missing, { sources: [], readings: [] })
}

function dueOf(
  doc: DueDocument,
  path: string,
  { figures, earlier }: { readonly figures: Figures; readonly earlier: readonly string[] },
): Due {
  const { when, less = [] } = doc
  for (const id of less) {
    if (!earlier.includes(id)) figures.problems.push(problem(`${path}.less`, 'unknown-due', id))
  }
  return {
    id: doc.id,
    payer: doc.payer,
    to: doc.to,
    when: when === undefined ? null : ruleOf(when, `${path}.when`, figures, flagFigure),
    amount: ruleOf(doc.amount, `${path}.amount`, figures, dueFigure),
    less,
    withinBase: doc.withinBase ?? false,
  }
}

function dueFigure({ fen: amount, baseBp }: DueLeaf): DueAmount | null | undefined {
  if ((amount === undefined) === (baseBp === undefined)) return undefined
  if (amount !== undefined && amount !== null) return { kind: 'fixed', amountFen: fen(amount) }
  if (baseBp === undefined || baseBp === null) return null
  return { kind: 'ofBase', rateBp: basisPoints(baseBp) }
}

/** Multiples of an average wage, or daily rates: no `BasisPoints`, they may pass 100 %. */
export function multipleOf(doc: Multiple, path: string, figures: Figures): Leaf<number> {
  return leafOf(doc, path, figures, ({ bp }) => bp)
}
