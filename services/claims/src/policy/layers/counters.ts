/** What a claim adds to the running totals of the policy's own. */
import type { Fen } from '@tongchou/contracts/money.ts'
import { NO_OWN, type OwnName, type OwnTotals } from '../totals.ts'
import { basisOf } from './basis.ts'
import { need, type Run } from './run.ts'

/** After all layers have run: `unpaid` is what the person bears in scope. */
export function countOwn(run: Run): OwnTotals {
  const { counters } = run.plan
  if (counters.length === 0) return NO_OWN
  const { kind } = run.facts
  const own: Record<OwnName, Fen> = {}
  for (const { name, kinds, when, of } of counters) {
    const basis = of[kind]
    if (basis === null || !kinds.includes(kind)) continue
    if (when !== null && need(run, when).value !== true) continue
    const amountFen = basisOf(run, basis)
    if (amountFen !== 0n) own[name] = amountFen
  }
  return Object.keys(own).length === 0 ? NO_OWN : own
}
