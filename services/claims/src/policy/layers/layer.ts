/** Runs one fund layer: does it apply, what does it share, how much of that, up to which cap. */
import {
  type BasisPoints,
  basisPoints,
  type Fen,
  least,
  sum,
  ZERO,
} from '@tongchou/contracts/money.ts'
import type { Layer } from '../plan/plan.ts'
import { totalNamed } from '../totals.ts'
import { basisOf, isBesideScope, unpaid } from './basis.ts'
import { limitPayment } from './cap.ts'
import { fundShareBp, rateFigures, rateOf } from './rate.ts'
import { type LayerRun, need, type Run } from './run.ts'
import { figureOf, ROUNDING, step } from './steps.ts'
import { shareBands } from './tiers.ts'

export function runLayer(run: Run, layer: Layer): void {
  const done = applies(run, layer) ? pay(run, layer) : paysNothing(layer)
  run.layers.push(done)
  run.paidFen = sum(run.paidFen, done.paidFen)
  if (!isBesideScope(layer.of)) run.paidInScopeFen = sum(run.paidInScopeFen, done.paidFen)
}

function applies(run: Run, { when, id }: Layer): boolean {
  if (when === null) return true
  const leaf = need(run, when)
  const result = leaf.value === true
  if (run.sink !== null) {
    run.sink(step('applies', id, { figures: [figureOf(leaf, leaf.value)], result }))
  }
  return result
}

function pay(run: Run, layer: Layer): LayerRun {
  const basisFen = basisOf(run, layer.of)
  const { insideFen, dueFen } = shareBands(run, layer, basisFen)
  run.sink?.(
    step('due', layer.id, {
      inputs: { basis: layer.of.kind, basisFen, insideFen },
      result: dueFen,
    }),
  )
  const allowedFen = limitPayment(run, layer, dueFen)
  const paidFen = withinScope(run, layer, allowedFen)
  const leftInScope = paidFen === allowedFen ? {} : { unpaidFen: paidFen }
  run.sink?.(step('paid', layer.id, { inputs: { dueFen, ...leftInScope }, result: paidFen }))
  return { layer, basisFen, insideFen, dueFen, paidFen }
}

function paysNothing(layer: Layer): LayerRun {
  return { layer, basisFen: ZERO, insideFen: ZERO, dueFen: ZERO, paidFen: ZERO }
}

/** No layer pays what an earlier one has paid already, however the layers overlap. */
function withinScope(run: Run, { of }: Layer, paidFen: Fen): Fen {
  return isBesideScope(of) ? paidFen : least(paidFen, unpaid(run))
}

/**
 * The pooled fund's rate on the first fen above the deductible, after the remote factor: 0 without
 * a layer of that fund, and beyond its last band.
 */
export function firstRate(run: Run, layers: readonly Layer[]): BasisPoints {
  const layer = layers.find(({ payer }) => payer === 'pooled')
  if (layer === undefined) return basisPoints(0)
  const atFen = layer.measure === null ? ZERO : totalNamed(run.totals, layer.measure)
  for (const band of layer.bands) {
    const endFen = band.to === null ? null : need(run, band.to).value
    if (endFen !== null && endFen <= atFen) continue
    const rate = rateOf(run, layer, band)
    const result = rate === null ? basisPoints(0) : fundShareBp(rate)
    if (run.sink !== null) {
      const figures = rateFigures(run, layer, band)
      const inputs = { factorBp: layer.remoteFactor ? run.factorBp : null }
      run.sink(step('pooledRate', layer.id, { inputs, figures, rounding: ROUNDING, result }))
    }
    return result
  }
  return basisPoints(0)
}
