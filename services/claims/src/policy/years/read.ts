/** Reads what earlier years say (contracts/policies/pack.schema.json, `history`). */
import type { HistoryDocument } from '@tongchou/contracts/policy/language.ts'
import { problem } from '@tongchou/contracts/policy/rule/problems.ts'
import {
  attributeOf,
  type Figures,
  fenFigure,
  ruleOf,
} from '@tongchou/contracts/policy/rule/read-rule.ts'
import type { History } from '../plan/money-plan.ts'
import { FEN_TOTALS } from '../totals.ts'

export function historyOf(figures: Figures): readonly History[] {
  return Object.entries(figures.pack.history ?? {}).flatMap(([attribute, doc]) => {
    const path = `history.${attribute}`
    attributeOf(attribute, path, figures)
    const history = oneOf(attribute, doc, figures)
    if (history === null) figures.problems.push(problem(path, 'not-one-figure', doc.kind))
    return history === null ? [] : [history]
  })
}

/** Null: the kind asks for other members than stand there. */
function oneOf(attribute: string, doc: HistoryDocument, figures: Figures): History | null {
  const { kind, atMost } = doc
  if (kind === 'insuredYears' || kind === 'creditsOfYear' || kind === 'episode') {
    return doc.total === undefined && atMost === undefined ? { attribute, kind } : null
  }
  const total = FEN_TOTALS.find(name => name === doc.total)
  if (total === undefined) return null
  if (kind === 'lastYear') return atMost === undefined ? { attribute, kind, total } : null
  if (atMost === undefined) return null
  const path = `history.${attribute}.atMost`
  return { attribute, kind, total, atMost: ruleOf(atMost, path, figures, fenFigure) }
}
