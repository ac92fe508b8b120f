/** Reads what a pack demands of others (contracts/policies/pack.schema.json, `guards`). */
import { basisPoints, fen } from '@tongchou/contracts/money.ts'
import type { GuardDocument } from '@tongchou/contracts/policy/language.ts'
import { problem } from '@tongchou/contracts/policy/rule/problems.ts'
import { type Figures, originOf } from '@tongchou/contracts/policy/rule/read-rule.ts'
import type { Guard } from '../plan/money-plan.ts'

export function guardsOf(figures: Figures): readonly Guard[] {
  return (figures.pack.guards ?? []).flatMap((doc, index) => {
    const path = `guards.${index}`
    const guard = guardOf(doc, path, figures)
    if (guard === null) figures.problems.push(problem(path, 'not-one-figure', doc.kind))
    return guard === null ? [] : [guard]
  })
}

/** Null: the kind and the figure do not belong together. */
function guardOf(doc: GuardDocument, path: string, figures: Figures): Guard | null {
  const { id, severity, scheme, bp, fen: amount } = doc
  const { sources } = originOf(doc, path, figures)
  if (sources.length === 0) figures.problems.push(problem(path, 'number-without-source', 'neither'))
  const common = { id, severity, scheme: scheme ?? null, sources }
  switch (doc.kind) {
    case 'fundRateAtLeast':
      return bp === undefined || amount !== undefined
        ? null
        : { ...common, kind: doc.kind, bp: basisPoints(bp) }
    case 'capAtLeast':
      return amount === undefined || bp !== undefined
        ? null
        : { ...common, kind: doc.kind, amountFen: fen(amount) }
    case 'rateChangeOnlyInDeficit':
      return bp !== undefined || amount !== undefined ? null : { ...common, kind: doc.kind }
  }
}
