/** Limits on what a layer takes (封顶线). Four kinds occur; each pack says which one it means. */
import { type Fen, least, remainder, sum, ZERO } from '@tongchou/contracts/money.ts'
import { attributeValue } from '@tongchou/contracts/policy/rule/rule.ts'
import { togetherFen } from '../limits/chronic-limit.ts'
import type { Cap, DiseaseLimits, Layer, Leaf } from '../plan/plan.ts'
import { totalNamed } from '../totals.ts'
import { amountAttribute } from './basis.ts'
import { need, type Run } from './run.ts'
import { amountFigure, step } from './steps.ts'

/**
 * `fundPayment`: what is due, at most what is left of the cap after the year's payments that it
 * counts.
 */
export function limitPayment(run: Run, layer: Layer, dueFen: Fen): Fen {
  const { cap } = layer
  if (cap === null || cap.kind !== 'fundPayment') return dueFen
  if (dueFen === 0n) return dueFen
  const amount = need(run, cap.amount)
  const capFen = raised(run, cap, amount)
  if (capFen === null) return dueFen
  const usedFen = paidBefore(run, cap)
  const roomFen = remainder(capFen, usedFen)
  if (run.sink !== null) {
    const figures = [amountFigure(amount)]
    const asWritten = cap.plus.length === 0 && cap.diseases === null
    const inputs = asWritten ? { usedFen } : { usedFen, capFen }
    run.sink(step('room', layer.id, { inputs, figures, result: roomFen }))
  }
  return least(dueFen, roomFen)
}

/** The cap with what raises it, e.g. carried over from earlier years; null: no limit. */
function raised(run: Run, { plus, diseases }: Cap, { value }: Leaf<Fen | 'unlimited'>): Fen | null {
  if (value === null || value === 'unlimited') return null
  let capFen = value
  for (const name of plus) capFen = sum(capFen, amountAttribute(run, name) ?? ZERO)
  return diseases === null ? capFen : sum(capFen, limitOf(run, diseases))
}

/**
 * Of the diseases that the claim's person has: a disease that is listed twice counts once, one
 * without a limit leaves the claim without a policy. @source P02-R12 and its reading 5
 */
function limitOf(run: Run, { attribute, limits, others, absent }: DiseaseLimits): Fen {
  const text = attributeValue(attribute, run.facts.attributes) ?? ''
  const limitsFen: Fen[] = []
  for (const code of new Set(text.split(';').filter(one => one !== ''))) {
    const rule = limits.get(code)
    const limitFen = rule === undefined ? null : need(run, rule).value
    if (limitFen === null) run.unknown ??= absent
    else limitsFen.push(limitFen)
  }
  const share = need(run, others).value
  return share === null ? ZERO : togetherFen(limitsFen, share)
}

/** The other kinds end the bands: nothing beyond this point of the measure falls to the layer. */
export function endOfMeasure(run: Run, { cap, id }: Layer): Fen | null {
  if (cap === null || cap.kind === 'fundPayment') return null
  const amount = need(run, cap.amount)
  const endFen = raised(run, cap, amount)
  if (run.sink !== null && endFen !== null) {
    run.sink(step('end', id, { figures: [amountFigure(amount)], result: endFen }))
  }
  return endFen
}

function paidBefore({ totals }: Run, { counts }: Cap): Fen {
  let paidFen = ZERO
  for (const name of counts) paidFen = sum(paidFen, totalNamed(totals, name))
  return paidFen
}
