/** The rate of a band for this claim: stated, raised by points, multiplied by the remote factor. */
import { type BasisPoints, basisPoints, fen, share } from '@tongchou/contracts/money.ts'
import type { Band, Layer, Rate } from '../plan/plan.ts'
import { resolve } from '../plan/rule.ts'
import { need, type Run } from './run.ts'
import { figureOf, ROUNDING, type StepFigure } from './steps.ts'

const WHOLE = basisPoints(10_000)
const NOTHING = basisPoints(0)

/** The rate of a band; null: the policy does not know it, which the run has noted. */
export function rateOf(run: Run, layer: Layer, band: Band): Rate | null {
  const stated = need(run, band.rate).value
  if (stated === null) return null
  const added = pointsAdded(run, band)
  const factor = layer.remoteFactor ? run.factorBp : WHOLE
  if (added === 0 && factor === WHOLE) return stated
  const points = stated.whose === 'fund' ? stated.bp + added : stated.bp - added
  return { whose: stated.whose, bp: scale(clamp(points), basisPoints(factor)) }
}

/** Of both shares, the fund's. */
export function fundShareBp({ whose, bp }: Rate): BasisPoints {
  return whose === 'fund' ? bp : basisPoints(WHOLE - bp)
}

/** Raised rates never pass 100 %. */
function clamp(points: number): BasisPoints {
  if (points > WHOLE) return WHOLE
  return points < 0 ? NOTHING : basisPoints(points)
}

function scale(bp: BasisPoints, factor: BasisPoints): BasisPoints {
  return factor === WHOLE ? bp : basisPoints(Number(share(fen(bp), factor, ROUNDING)))
}

function pointsAdded(run: Run, { plus }: Band): number {
  let points = 0
  for (const rule of plus) points += need(run, rule).value?.bp ?? 0
  return points
}

/** The figures behind a rate, for an explanation. */
export function rateFigures(run: Run, layer: Layer, band: Band): readonly StepFigure[] {
  const leaves = [band.rate, ...band.plus].map(rule => resolve(rule, run.rules))
  const factor =
    layer.remoteFactor && run.plan.remoteFactor !== null
      ? [resolve(run.plan.remoteFactor, run.rules)]
      : []
  return [...leaves, ...factor].map(leaf => figureOf(leaf, leaf.value?.bp ?? null))
}
