/**
 * Judges the figures of a plan: what a wrong table or pack looks like although its shape is
 * right.
 */
import { type Fen, least, ZERO } from '@tongchou/contracts/money.ts'
import { type Problem, problem } from '@tongchou/contracts/policy/rule/problems.ts'
import { statusesOf } from '@tongchou/contracts/policy/rule/read.ts'
import { leavesOf } from '@tongchou/contracts/policy/rule/rule.ts'
import { KINDS, type Kind } from '../facts.ts'
import type { Band, Benefit, Cap, Layer, Plan, Rule } from './plan.ts'

export function checkPlan(plan: Plan): readonly Problem[] {
  return [
    ...checkDates(plan),
    ...checkStatuses(plan),
    ...KINDS.flatMap(kind => checkBenefit(plan, kind)),
  ]
}

function checkDates({ effectiveFrom, effectiveTo }: Plan): readonly Problem[] {
  if (effectiveFrom === null || effectiveTo === null || effectiveFrom <= effectiveTo) return []
  return [problem('effectiveTo', 'ends-before-it-begins', effectiveTo)]
}

function checkStatuses({ scheme, statuses }: Plan): readonly Problem[] {
  const allowed = statusesOf(scheme)
  return [
    ...statuses
      .filter(status => !allowed.includes(status))
      .map(status => problem('statuses', 'unknown-status', status)),
    ...(scheme === null ? [] : allowed)
      .filter(status => !statuses.includes(status))
      .map(status => problem('statuses', 'status-missing', status)),
  ]
}

function checkBenefit(plan: Plan, kind: Kind): readonly Problem[] {
  const benefit = plan.benefits[kind]
  if (benefit.kind === 'gap') return []
  return [...checkLadders(benefit), ...benefit.layers.flatMap(layer => checkLayer(layer, plan))]
}

function checkLadders({ deductible }: Benefit): readonly Problem[] {
  if (deductible === null) return []
  return leavesOf(deductible.ladder)
    .filter(({ value }) => value !== null && value.length === 0)
    .map(({ path }) => problem(path, 'ladder-empty', '[]'))
}

function checkLayer(layer: Layer, plan: Plan): readonly Problem[] {
  return [
    ...checkBands(layer),
    ...(layer.cap === null ? [] : checkCap(layer.cap, layer)),
    ...(layer.remoteFactor && plan.remoteFactor !== null ? checkFundRates(layer) : []),
  ]
}

function checkBands({ bands, from, path }: Layer): readonly Problem[] {
  if (bands.length === 0) return [problem(`${path}.bands`, 'no-bands', '[]')]
  const found: Problem[] = []
  let starts = from === null ? [ZERO] : amountsOf(from)
  for (const [index, band] of bands.entries()) {
    const at = `${path}.bands.${index}`
    if (band.to === null) {
      if (index < bands.length - 1) found.push(problem(at, 'open-band-not-last', 'no end'))
      continue
    }
    const ends = amountsOf(band.to)
    const low = ends.find(end => end <= smallest(starts))
    if (low !== undefined) found.push(problem(at, 'bands-not-ascending', `${low}`))
    starts = ends
  }
  return found
}

/** Of starts that a fact chooses, the smallest counts: no valid choice is refused. */
function smallest(amounts: readonly Fen[]): Fen {
  return amounts.reduce((a, b) => least(a, b), amounts[0] ?? ZERO)
}

const COST_MEASURES: readonly (string | null)[] = ['costInFen', 'costOutFen', 'burdenFen']

function checkCap(cap: Cap, { measure, path }: Layer): readonly Problem[] {
  const fits =
    cap.kind === 'fundPayment'
      ? cap.counts.length > 0
      : cap.kind === 'eligibleAboveDeductible'
        ? measure === 'aboveDeductibleFen'
        : COST_MEASURES.includes(measure) || measure?.startsWith('own.') === true
  return fits ? [] : [problem(`${path}.cap`, 'cap-without-measure', `${cap.kind} on ${measure}`)]
}

function checkFundRates({ bands }: Layer): readonly Problem[] {
  return bands
    .flatMap((band: Band) => leavesOf(band.rate))
    .filter(({ value }) => value?.whose === 'person')
    .map(({ path }) => problem(path, 'factor-on-person-share', 'personBp'))
}

function amountsOf(rule: Rule<Fen>): readonly Fen[] {
  return leavesOf(rule).flatMap(({ value }) => (value === null ? [] : [value]))
}
