/** Rules of a pack that choose by age or class of the person, from what a text plainly states. */
import type {
  BandDocument,
  CapLeaf,
  FenLeaf,
  LadderLeaf,
  LayerDocument,
  RateLeaf,
  RuleDocument,
} from '@tongchou/contracts/policy-document.ts'
import { LEVELS, type Level } from '../../facts.ts'
import {
  BANDS_OF_COST,
  CAP_FROM_AGE,
  GROWN_UP,
  HIGH_CLASS,
  MINORS,
  RATE_FROM_AGE,
  RETIRED_FROM_AGE,
  type Stated,
  statedAs,
  YOUNG_AND_OLD,
} from '../text/by-person.ts'
import { type Book, cited, clause, reading } from './book.ts'
import type { ReadingName } from './readings.ts'

type Leaf = CapLeaf | LadderLeaf | RateLeaf

/** The figure below an age, and the one from it on. */
function fromAge<L extends Leaf>(
  age: number,
  { below, then }: { readonly below: RuleDocument<L>; readonly then: RuleDocument<L> },
): RuleDocument<L> {
  return { by: 'age', of: { [`..${age - 1}`]: below, [`${age}..`]: then } }
}

function origin(book: Book, froms: readonly Stated[], ...readings: readonly ReadingName[]) {
  const clauses = froms.map(({ path, docId, quote }) => clause(book, path, { docId, quote }))
  return cited(
    clauses,
    readings.map(name => reading(book, name)),
  )
}

/** The cap of the active, raised from an age on. */
export function capByAge(book: Book, base: RuleDocument<CapLeaf>): RuleDocument<CapLeaf> {
  const found = statedAs(book, CAP_FROM_AGE)
  if (found === null) return base
  const { age, fen } = found.figures
  const then = { fen: Number(fen), ...origin(book, [found.from], 'capAsGiven', 'ageOnYearStart') }
  return fromAge<CapLeaf>(age, { below: base, then })
}

/** The outpatient deductible of retirees, lowered from an age on. */
export function retiredByAge(book: Book, base: RuleDocument<LadderLeaf>): RuleDocument<LadderLeaf> {
  const found = statedAs(book, RETIRED_FROM_AGE)
  if (found === null) return base
  const { age, fen } = found.figures
  const then = { ladderFen: [Number(fen)], ...origin(book, [found.from], 'ageOnYearStart') }
  return fromAge<LadderLeaf>(age, { below: base, then })
}

/** The outpatient deductible of residents, lower for children and students and for the old. */
export function youngAndOld(book: Book, base: RuleDocument<LadderLeaf>): RuleDocument<LadderLeaf> {
  const lower = statedAs(book, YOUNG_AND_OLD)
  const ages = statedAs(book, GROWN_UP)
  if (lower === null || ages === null) return base
  const { from, to } = ages.figures
  const sources = [lower.from, ages.from]
  const less = {
    ladderFen: [Number(lower.figures.fen)],
    ...origin(book, sources, 'ageOnYearStart'),
  }
  const adult: RuleDocument<LadderLeaf> = {
    by: 'age',
    of: { [`..${from - 1}`]: less, [`${from}..${to}`]: base, [`${to + 1}..`]: less },
  }
  return { by: 'status', of: { adult, child: less } }
}

/** The outpatient rate of residents, higher from an age on, at levels that are covered. */
export function rateByAge(
  book: Book,
  base: RuleDocument<RateLeaf>,
  isCovered: boolean,
): RuleDocument<RateLeaf> {
  const found = isCovered ? statedAs(book, RATE_FROM_AGE) : null
  if (found === null) return base
  const { age, bp } = found.figures
  const then = { fundBp: bp, ...origin(book, [found.from], 'ageOnYearStart') }
  return fromAge<RateLeaf>(age, { below: base, then })
}

const RATED_AS: Readonly<Record<Level, 'tier1' | 'tier2' | 'tier3'>> = {
  community: 'tier1',
  tier1: 'tier1',
  tier2: 'tier2',
  tier3: 'tier3',
  tier3_top: 'tier3',
}

/** The inpatient rates of residents, with those of minors where a text gives them. */
export function ratesOfMinors(book: Book, adult: RuleDocument<RateLeaf>): RuleDocument<RateLeaf> {
  const found = statedAs(book, MINORS)
  if (found === null) return adult
  const stated = origin(book, [found.from], 'minorsAreChildren')
  const rate = (level: Level) => ({ fundBp: found.figures[RATED_AS[level]], ...stated })
  const child: RuleDocument<RateLeaf> = {
    by: 'level',
    of: Object.fromEntries(LEVELS.map(level => [level, rate(level)])),
  }
  return { by: 'status', of: { adult, child } }
}

type Banded = Pick<LayerDocument, 'of' | 'measure' | 'from' | 'bands'>

/** Outpatient rates by the year's cost where a text gives them; else one rate for all of it. */
export function bandsOfCost(
  book: Book,
  rate: RuleDocument<RateLeaf>,
  deductible: RuleDocument<LadderLeaf>,
): Banded {
  const found = statedAs(book, BANDS_OF_COST)
  if (found === null) return { of: 'aboveDeductible', bands: [{ rate }] }
  const { firstToFen, endFen, thenBp } = found.figures
  const stated = origin(book, [found.from], 'bandsOfCost')
  return {
    of: 'inScope',
    measure: 'costOutFen',
    from: amountOf(deductible),
    bands: [
      { to: { fen: Number(firstToFen), ...stated }, rate },
      { to: { fen: Number(endFen), ...stated }, rate: { fundBp: thenBp, ...stated } },
    ],
  }
}

/** The deductible of the year as the amount at which the bands begin. */
function amountOf(rule: RuleDocument<LadderLeaf>): RuleDocument<FenLeaf> {
  if (rule.by !== undefined) {
    const of = Object.entries(rule.of).map(([key, branch]) => [key, amountOf(branch)] as const)
    return { by: rule.by, of: Object.fromEntries(of) }
  }
  const { ladderFen, by: _, ...cites } = rule
  return { fen: ladderFen?.[0] ?? null, ...cites }
}

/** The points that a higher class of payment adds to the inpatient rates. */
export function pointsOfClass(book: Book): Pick<BandDocument, 'plus'> {
  const found = statedAs(book, HIGH_CLASS)
  if (found === null) return {}
  const stated = origin(book, [found.from], 'highClass')
  const points = (fundBp: number) => ({ fundBp, ...stated })
  const of = { true: points(found.figures.pointsBp), false: points(0) }
  return { plus: [{ by: 'attribute.highPremiumClass', of }] }
}
