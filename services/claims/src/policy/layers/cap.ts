/** Limits on what a layer takes (封顶线). Four kinds occur; each pack says which one it means. */
import { type Fen, least, remainder, sum, ZERO } from '@tongchou/contracts/money.ts'
import type { Cap, Layer, Leaf } from '../plan/plan.ts'
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
    const inputs = cap.plus.length === 0 ? { usedFen } : { usedFen, capFen }
    run.sink(step('room', layer.id, { inputs, figures, result: roomFen }))
  }
  return least(dueFen, roomFen)
}

/** The cap with what raises it, e.g. carried over from earlier years; null: no limit. */
function raised(run: Run, { plus }: Cap, { value }: Leaf<Fen | 'unlimited'>): Fen | null {
  if (value === null || value === 'unlimited') return null
  let capFen = value
  for (const name of plus) capFen = sum(capFen, amountAttribute(run, name) ?? ZERO)
  return capFen
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
