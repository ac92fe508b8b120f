/** Limits on what a layer takes (封顶线). Four kinds occur; each pack says which one it means. */
import { type Fen, least, remainder, sum, ZERO } from '@tongchou/contracts/money.ts'
import type { Cap, Layer } from '../plan/plan.ts'
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
  if (amount.value === null || amount.value === 'unlimited') return dueFen
  const usedFen = paidBefore(run, cap)
  const roomFen = remainder(amount.value, usedFen)
  if (run.sink !== null) {
    const figures = [amountFigure(amount)]
    run.sink(step('room', layer.id, { inputs: { usedFen }, figures, result: roomFen }))
  }
  return least(dueFen, roomFen)
}

/** The other kinds end the bands: nothing beyond this point of the measure falls to the layer. */
export function endOfMeasure(run: Run, { cap }: Layer): Fen | null {
  if (cap === null || cap.kind === 'fundPayment') return null
  const { value } = need(run, cap.amount)
  return value === 'unlimited' ? null : value
}

function paidBefore({ totals }: Run, { counts }: Cap): Fen {
  let paidFen = ZERO
  for (const name of counts) paidFen = sum(paidFen, totals[name])
  return paidFen
}
