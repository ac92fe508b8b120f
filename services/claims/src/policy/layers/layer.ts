/** Runs one fund layer: does it apply, what does it share, how much of that, up to which cap. */
import { assert } from '@tongchou/contracts/decision.ts'
import {
  type BasisPoints,
  basisPoints,
  type Fen,
  minus,
  sum,
  ZERO,
} from '@tongchou/contracts/money.ts'
import type { Layer } from '../plan/plan.ts'
import { limitPayment } from './cap.ts'
import { fundShareBp, rateFigures, rateOf } from './rate.ts'
import { type LayerRun, need, type Run } from './run.ts'
import { figureOf, ROUNDING, step } from './steps.ts'
import { shareBands } from './tiers.ts'

export function runLayer(run: Run, layer: Layer): void {
  const done = applies(run, layer) ? pay(run, layer) : paysNothing(layer)
  run.layers.push(done)
  run.paidFen = sum(run.paidFen, done.paidFen)
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
  const basisFen = basisOf(run, layer)
  const { insideFen, dueFen } = shareBands(run, layer, basisFen)
  run.sink?.(
    step('due', layer.id, {
      inputs: { basis: layer.of.kind, basisFen, insideFen },
      result: dueFen,
    }),
  )
  const paidFen = limitPayment(run, layer, dueFen)
  run.sink?.(step('paid', layer.id, { inputs: { dueFen }, result: paidFen }))
  return { layer, insideFen, dueFen, paidFen }
}

function paysNothing(layer: Layer): LayerRun {
  return { layer, insideFen: ZERO, dueFen: ZERO, paidFen: ZERO }
}

function basisOf(run: Run, { of, id }: Layer): Fen {
  switch (of.kind) {
    case 'inScope':
      return run.facts.inScopeFen
    case 'aboveDeductible':
      return run.aboveDeductibleFen
    case 'unpaid':
      return minus(run.facts.inScopeFen, run.paidFen)
    case 'cutByCap': {
      const { dueFen, paidFen } = earlier(run, of.layer, id)
      return minus(dueFen, paidFen)
    }
    case 'coinsurance': {
      const { insideFen, dueFen } = earlier(run, of.layer, id)
      return minus(insideFen, dueFen)
    }
  }
}

function earlier(run: Run, index: number, id: string): LayerRun {
  const found = run.layers[index]
  assert(found !== undefined, `layer ${id} takes from a layer that has not run`)
  return found
}

/**
 * The first layer's rate for the fund on the first fen above the deductible, after the remote
 * factor: 0 without layers, and beyond the last band.
 */
export function firstRate(run: Run, layers: readonly Layer[]): BasisPoints {
  const [layer] = layers
  if (layer === undefined) return basisPoints(0)
  const atFen = layer.measure === null ? ZERO : run.totals[layer.measure]
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
