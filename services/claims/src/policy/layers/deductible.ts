/** What the person bears before any fund pays (起付线). */
import { type Fen, least, minus, remainder, ZERO } from '@tongchou/contracts/money.ts'
import { resolve } from '@tongchou/contracts/policy/rule/rule.ts'
import type { Deductible, Leaf, Rate, Rule } from '../plan/plan.ts'
import type { BenefitTotals } from '../totals.ts'
import { amountAttribute } from './basis.ts'
import { need, type Run } from './run.ts'
import { amountFigure, figureOf, type StepFigure, step } from './steps.ts'
import { fundShare } from './tiers.ts'

/**
 * The deductible of the claim, at most its amount in scope. Per stay: the ladder's entry for this
 * stay of the year, within the year's maximum; per year: what is left of it; per visit: the whole
 * of it each time.
 */
export function takeDeductible(run: Run, deductible: Deductible): void {
  const { inScopeFen } = run.facts
  const position = deductible.per === 'stay' ? countStays(run, deductible) : 0
  run.ladderPosition = position
  if (inScopeFen > 0n) {
    const ladder = need(run, deductible.ladder)
    const entryFen = lowered(run, deductible, {
      entryFen: laterEntry(run, deductible, { ladder, position }),
      position,
    })
    const borneFen = within(run, deductible, withoutBorne(run, deductible, entryFen))
    run.deductibleFen = least(inScopeFen, borneFen)
    if (run.sink !== null) explain(run, deductible, { position, entryFen, ladder })
  }
  run.aboveDeductibleFen = minus(inScopeFen, run.deductibleFen)
}

type Stay<T> = { readonly position: number } & T

/** With `later`, every stay but the first bears that part of the first entry. @source P16-R06 */
function laterEntry(
  run: Run,
  { later }: Deductible,
  { ladder, position }: Stay<{ readonly ladder: Leaf<readonly Fen[]> }>,
): Fen {
  if (later === null || position === 0) return entryAt(ladder, position)
  const rate = need(run, later).value
  return rate === null ? ZERO : fundShare(entryAt(ladder, 0), rate)
}

/** The lower of both ladders, entry by entry. @source P03-R23 and its reading 9 */
function lowered(
  run: Run,
  deductible: Deductible,
  { entryFen, position }: Stay<{ readonly entryFen: Fen }>,
): Fen {
  if (deductible.lowered === null) return entryFen
  const { when, to } = deductible.lowered
  if (need(run, when).value !== true) return entryFen
  return least(entryFen, entryAt(need(run, to), position))
}

/** What the person bore before a transfer in the same episode counts. @source P03-R31 */
function withoutBorne(run: Run, { less }: Deductible, entryFen: Fen): Fen {
  return less === null ? entryFen : remainder(entryFen, amountAttribute(run, less) ?? ZERO)
}

function countStays(run: Run, { count }: Deductible): number {
  const { stays } = run.totals
  const { level } = run.facts
  const position = count === 'all' || level === null ? stays.total : stays[level]
  run.sink?.(step('stays', 'deductible', { inputs: { count, level }, result: position }))
  return position
}

/**
 * The last entry repeats; an unknown ladder counts as none, the run ends without a policy anyway.
 */
function entryAt({ value }: Leaf<readonly Fen[]>, position: number): Fen {
  if (value === null) return ZERO
  return value[Math.min(position, value.length - 1)] ?? ZERO
}

function within(run: Run, { per, maxPerYear }: Deductible, entryFen: Fen): Fen {
  if (per === 'year') return left(run, entryFen)
  if (maxPerYear === null) return entryFen
  const most = need(run, maxPerYear)
  if (most.value === null) return ZERO
  const room = left(run, most.value)
  run.sink?.(
    step('deductibleRoom', 'deductible', {
      inputs: { usedFen: usedThisYear(run), entryFen },
      figures: [amountFigure(most)],
      result: room,
    }),
  )
  return least(entryFen, room)
}

function left(run: Run, yearlyFen: Fen): Fen {
  return remainder(yearlyFen, usedThisYear(run))
}

function usedThisYear({ facts, totals }: Run): Fen {
  return usedDeductible(facts.kind, totals)
}

function usedDeductible(kind: Run['facts']['kind'], totals: BenefitTotals): Fen {
  switch (kind) {
    case 'outpatient':
      return totals.dedOutFen
    case 'chronic':
      return totals.dedChronicFen
    case 'inpatient':
      return totals.dedInFen
    case 'pharmacy':
      return ZERO
  }
}

function partFigure(run: Run, later: Rule<Rate>): StepFigure {
  const leaf = resolve(later, run.rules)
  return figureOf(leaf, leaf.value?.bp ?? null)
}

/** Whether the lower ladder holds, and its entry where it does. */
function loweredFigures(
  run: Run,
  { when, to }: NonNullable<Deductible['lowered']>,
  position: number,
): readonly StepFigure[] {
  const holds = resolve(when, run.rules)
  const flag = figureOf(holds, holds.value)
  if (holds.value !== true) return [flag]
  const ladder = resolve(to, run.rules)
  return [flag, figureOf(ladder, entryAt(ladder, position))]
}

function explain(
  run: Run,
  deductible: Deductible,
  { position, entryFen, ladder }: Stay<{ entryFen: Fen; ladder: Leaf<readonly Fen[]> }>,
): void {
  const { inScopeFen } = run.facts
  const { per, less, later, lowered } = deductible
  const lessFen = less === null ? null : amountAttribute(run, less)
  const stated = later === null ? position : 0
  run.sink?.(
    step('deductible', 'deductible', {
      inputs: { inScopeFen, per, position, usedFen: usedThisYear(run), entryFen, lessFen },
      figures: [
        figureOf(ladder, entryAt(ladder, stated)),
        ...(later === null || position === 0 ? [] : [partFigure(run, later)]),
        ...(lowered === null ? [] : loweredFigures(run, lowered, position)),
      ],
      result: run.deductibleFen,
    }),
  )
}
