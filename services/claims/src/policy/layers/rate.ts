/** The rate of a band for this claim: stated, raised by points, multiplied by the remote factor. */
import { type BasisPoints, basisPoints, fen, share } from '@tongchou/contracts/money.ts'
import { resolve } from '@tongchou/contracts/policy/rule/rule.ts'
import type { Band, Layer, Rate } from '../plan/plan.ts'
import { need, type Run } from './run.ts'
import { figureOf, ROUNDING, type StepFigure } from './steps.ts'

const WHOLE = basisPoints(10_000)
const NOTHING = basisPoints(0)

/** The rate of a band; null: the policy does not know it, which the run has noted. */
export function rateOf(run: Run, layer: Layer, band: Band): Rate | null {
  const stated = need(run, band.rate).value
  if (stated === null) return null
  const points = pointsOf(run, band.plus) - pointsOf(run, band.minus)
  const factor = layer.remoteFactor ? run.factorBp : WHOLE
  if (points === 0 && factor === WHOLE && band.times.length === 0 && band.floor === null) {
    return stated
  }
  const raised = stated.whose === 'fund' ? stated.bp + points : stated.bp - points
  return notBelow(
    run,
    band,
    multiplied(run, band, { whose: stated.whose, bp: clamp(raised) }, factor),
  )
}

/** Factors multiply the fund's share, also where the source states the person's. */
function multiplied(run: Run, { times }: Band, { whose, bp }: Rate, factor: number): Rate {
  let fund = whose === 'fund' ? bp : basisPoints(WHOLE - bp)
  for (const rule of times) fund = scale(fund, need(run, rule).value?.bp ?? WHOLE)
  fund = scale(fund, basisPoints(factor))
  return whose === 'fund' ? { whose, bp: fund } : { whose, bp: basisPoints(WHOLE - fund) }
}

function notBelow(run: Run, { floor }: Band, rate: Rate): Rate {
  if (floor === null) return rate
  const least = need(run, floor).value
  return least === null || fundShareBp(rate) >= fundShareBp(least) ? rate : least
}

/** Of both shares, the fund's. */
export function fundShareBp({ whose, bp }: Rate): BasisPoints {
  return whose === 'fund' ? bp : basisPoints(WHOLE - bp)
}

/** Raised rates never pass 100 %, lowered ones never fall below 0. */
function clamp(points: number): BasisPoints {
  if (points > WHOLE) return WHOLE
  return points < 0 ? NOTHING : basisPoints(points)
}

function scale(bp: BasisPoints, factor: BasisPoints): BasisPoints {
  return factor === WHOLE ? bp : basisPoints(Number(share(fen(bp), factor, ROUNDING)))
}

function pointsOf(run: Run, rules: Band['plus']): number {
  let points = 0
  for (const rule of rules) points += need(run, rule).value?.bp ?? 0
  return points
}

/** The figures behind a rate, for an explanation. */
export function rateFigures(run: Run, layer: Layer, band: Band): readonly StepFigure[] {
  const { rate, plus, minus, times, floor } = band
  const rules = [rate, ...plus, ...minus, ...times, ...(floor === null ? [] : [floor])]
  const leaves = rules.map(rule => resolve(rule, run.rules))
  const factor =
    layer.remoteFactor && run.plan.remoteFactor !== null
      ? [resolve(run.plan.remoteFactor, run.rules)]
      : []
  return [...leaves, ...factor].map(leaf => figureOf(leaf, leaf.value?.bp ?? null))
}
