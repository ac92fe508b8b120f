/** Rules that choose by level, from the tiers of a block. */
import type { CityLevel, CityTier, CityTiers } from '@tongchou/contracts/city/city-document.ts'
import type {
  FenLeaf,
  LadderLeaf,
  RateLeaf,
  RuleDocument,
} from '@tongchou/contracts/policy-document.ts'
import { LEVELS } from '../../facts.ts'
import { bpOf } from '../decimal.ts'
import { type Book, cited, figureAt, type Place } from './book.ts'
import { rateByAge } from './by-person.ts'
import { MISSING, type ReadingName } from './readings.ts'

type Leaf = LadderLeaf | RateLeaf | FenLeaf

/** One entry for each level; a level that the file leaves out is unknown. */
export function byLevel<L extends Leaf>(
  tiers: CityTiers,
  leafOf: (tier: CityTier, level: CityLevel) => RuleDocument<L>,
  unknown: RuleDocument<L>,
): RuleDocument<L> {
  const of: Record<string, RuleDocument<L>> = {}
  for (const level of LEVELS) {
    const tier = tiers[level]
    of[level] = tier === undefined ? unknown : leafOf(tier, level)
  }
  return { by: 'level', of }
}

/** Both statuses of the employees' scheme; one rule for all residents. */
export function byStatus<L extends Leaf>(
  { scheme }: Book,
  ruleOf: (status: 'active' | 'retired') => RuleDocument<L>,
): RuleDocument<L> {
  if (scheme === 'resident') return ruleOf('active')
  return { by: 'status', of: { active: ruleOf('active'), retired: ruleOf('retired') } }
}

/** The rates of a block; those of retirees are the rate of the active and the bonus. */
export function ratesOf(
  book: Book,
  place: Place,
  { tiers, absent }: { readonly tiers: CityTiers; readonly absent: RuleDocument<RateLeaf> },
): RuleDocument<RateLeaf> {
  return byStatus<RateLeaf>(book, status =>
    byLevel<RateLeaf>(tiers, (tier, level) => rateOf(book, place, { tier, level, status }), absent),
  )
}

/** The rate of a level for which there are no figures. */
export const NO_RATE: RuleDocument<RateLeaf> = { fundBp: null, missing: MISSING.level }

function rateOf(
  book: Book,
  place: Place,
  {
    tier,
    level,
    status,
  }: {
    readonly tier: CityTier
    readonly level: CityLevel
    readonly status: 'active' | 'retired'
  },
): RuleDocument<RateLeaf> {
  const clauseOf = tierClause(book, place, { tier, level })
  const rate = clauseOf('reimbursementRatio', tier.reimbursementRatio)
  const baseBp = bpOf(tier.reimbursementRatio)
  if (status === 'active') {
    const base = { fundBp: baseBp, ...cited([rate]) }
    return place.path === 'resident.outpatient' ? rateByAge(book, base, baseBp > 0) : base
  }
  const { retireeRatioBonus } = tier
  if (retireeRatioBonus === undefined) {
    return { fundBp: null, ...cited([rate]), missing: MISSING.retireeRate }
  }
  const fundBp = Math.min(10_000, baseBp + bpOf(retireeRatioBonus))
  return { fundBp, ...cited([rate, clauseOf('retireeRatioBonus', retireeRatioBonus)]) }
}

/** Names the clause of a field of a tier. */
export function tierClause(
  book: Book,
  place: Place,
  { tier, level }: { readonly tier: CityTier; readonly level: CityLevel },
): (field: string, value: CityTier['deductible']) => string {
  return (field, value) =>
    figureAt(book, place, { name: `tierBenefits.${level}.${field}`, value, of: tier.tierName })
}

export type Entry = {
  readonly fen: readonly bigint[]
  readonly clauses: readonly string[]
  readonly readings: readonly ReadingName[]
}

export function ladderLeaf({ fen, clauses, readings }: Entry): RuleDocument<LadderLeaf> {
  return { ladderFen: fen.map(Number), ...cited(clauses, readings) }
}
