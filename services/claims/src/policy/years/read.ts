/** Reads what earlier years say (contracts/policies/pack.schema.json, `history`). */
import type { History } from '../plan/money-plan.ts'
import { problem } from '../plan/problems.ts'
import { attributeOf, type Figures, fenFigure, ruleOf } from '../plan/read-rule.ts'
import { FEN_TOTALS } from '../totals.ts'

export function historyOf(figures: Figures): readonly History[] {
  return Object.entries(figures.pack.history ?? {}).flatMap(([attribute, doc]): History[] => {
    const path = `history.${attribute}`
    attributeOf(attribute, path, figures)
    const total = FEN_TOTALS.find(name => name === doc.total)
    if (total === undefined) {
      figures.problems.push(problem(`${path}.total`, 'unknown-total', doc.total))
      return []
    }
    const { kind, atMost } = doc
    if ((kind === 'lastYear') !== (atMost === undefined)) {
      figures.problems.push(problem(`${path}.atMost`, 'not-one-figure', kind))
      return []
    }
    if (kind === 'lastYear' || atMost === undefined) return [{ attribute, total, kind: 'lastYear' }]
    return [
      { attribute, total, kind, atMost: ruleOf(atMost, `${path}.atMost`, figures, fenFigure) },
    ]
  })
}
