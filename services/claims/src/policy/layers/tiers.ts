/** Shares a part of the claim between fund and person, band by band (分段累加). */
import {
  type Fen,
  greatest,
  least,
  minus,
  remainder,
  share,
  sum,
  ZERO,
} from '@tongchou/contracts/money.ts'
import { resolve } from '@tongchou/contracts/policy/rule/rule.ts'
import type { Band, Layer, Rate, Rule } from '../plan/plan.ts'
import { totalNamed } from '../totals.ts'
import { endOfMeasure } from './cap.ts'
import { rateFigures, rateOf } from './rate.ts'
import { need, type Run } from './run.ts'
import { figureOf, ROUNDING, type StepFigure, step } from './steps.ts'

/** The part inside the bands, and the fund's share of it. */
export type Shared = { readonly insideFen: Fen; readonly dueFen: Fen }

/**
 * The claim lies on the layer's measure as the interval (before, before + amount]; each band
 * covers (start, to] and shares its overlap at its rate. The stated share is rounded, the other
 * is the rest.
 */
export function shareBands(run: Run, layer: Layer, amountFen: Fen): Shared {
  const beforeFen = layer.measure === null ? ZERO : totalNamed(run.totals, layer.measure)
  const capFen = endOfMeasure(run, layer)
  const reachFen = sum(beforeFen, amountFen)
  const afterFen = capFen === null ? reachFen : least(reachFen, capFen)
  let startFen = amountOf(run, layer.from)
  let insideFen = ZERO
  let dueFen = ZERO
  for (const band of layer.bands) {
    if (startFen >= afterFen) break
    const endFen = band.to === null ? afterFen : least(afterFen, amountOf(run, band.to))
    const overlapFen = remainder(endFen, greatest(startFen, beforeFen))
    if (overlapFen > 0n) {
      insideFen = sum(insideFen, overlapFen)
      dueFen = sum(dueFen, shareOne(run, { layer, band, overlapFen, startFen, beforeFen }))
    }
    startFen = greatest(startFen, endFen)
  }
  return { insideFen, dueFen }
}

type Overlap = {
  readonly layer: Layer
  readonly band: Band
  readonly overlapFen: Fen
  readonly startFen: Fen
  readonly beforeFen: Fen
}

function shareOne(run: Run, overlap: Overlap): Fen {
  const rate = rateOf(run, overlap.layer, overlap.band)
  if (rate === null) return ZERO
  const fundFen = fundShare(overlap.overlapFen, rate)
  if (run.sink !== null) explain(run, overlap, { rate, fundFen })
  return fundFen
}

/**
 * The fund's share; where the person's is stated, that one is rounded and the fund pays the rest.
 */
export function fundShare(amountFen: Fen, { whose, bp }: Rate): Fen {
  const statedFen = share(amountFen, bp, ROUNDING)
  return whose === 'fund' ? statedFen : minus(amountFen, statedFen)
}

function amountOf(run: Run, rule: Rule<Fen> | null): Fen {
  return rule === null ? ZERO : (need(run, rule).value ?? ZERO)
}

/** Where the band begins and where it ends, as far as the policy states it. */
function endFigures(run: Run, layer: Layer, band: Band): readonly StepFigure[] {
  const at = layer.bands.indexOf(band)
  const begin = at === 0 ? layer.from : (layer.bands[at - 1]?.to ?? null)
  return [begin, band.to].flatMap(rule => {
    if (rule === null) return []
    const leaf = resolve(rule, run.rules)
    return [figureOf(leaf, leaf.value)]
  })
}

function explain(
  run: Run,
  { layer, band, overlapFen, startFen, beforeFen }: Overlap,
  { rate, fundFen }: { readonly rate: Rate; readonly fundFen: Fen },
): void {
  const toFen = band.to === null ? null : amountOf(run, band.to)
  const { whose, bp } = rate
  run.sink?.(
    step('band', layer.id, {
      inputs: {
        overlapFen,
        beforeFen,
        startFen,
        toFen,
        rateBp: bp,
        stated: whose,
        factorBp: layer.remoteFactor ? run.factorBp : null,
      },
      figures: [...rateFigures(run, layer, band), ...endFigures(run, layer, band)],
      rounding: ROUNDING,
      result: fundFen,
    }),
  )
}
