import type { Feature, Reason } from '@tongchou/contracts/events.generated.ts'
import { ageImpossible } from './rules/age-impossible.ts'
import { largeClaim } from './rules/large-claim.ts'
import { overlappingStays } from './rules/overlapping-stays.ts'
import type { ClaimFacts, Hit, Rule } from './rules/rule.ts'
import { sameBillTwice } from './rules/same-bill-twice.ts'
import { sexImpossible } from './rules/sex-impossible.ts'
import type { WatchState } from './state.ts'

/** Raise it with any change of rule, weight or feature: a score names the rules that made it. */
export const RULE_SET = 'hold-rules/2'

type WeightedRule = {
  readonly name: Reason['rule']
  readonly rule: Rule
  /** Feature that freezes how often the rule was broken. */
  readonly feature: string
  /** Points of the first broken rule. An assumption of this rule set: no source gives points. */
  readonly weight: number
}

/** Frozen, with the amount, only where one is configured. */
const LARGE = 'largeClaims'

/** In the order of DESIGN.md §8, in which reasons are listed. Any broken rule holds the claim. */
const RULES: readonly WeightedRule[] = [
  { name: 'overlapping-stays', rule: overlappingStays, feature: 'overlappingStays', weight: 80 },
  { name: 'same-bill-twice', rule: sameBillTwice, feature: 'sameBills', weight: 90 },
  { name: 'sex-impossible', rule: sexImpossible, feature: 'sexImpossibleLines', weight: 70 },
  { name: 'age-impossible', rule: ageImpossible, feature: 'ageImpossibleLines', weight: 60 },
  { name: 'large-claim', rule: largeClaim, feature: LARGE, weight: 10 },
]

/** Points of each broken rule beside the heaviest one. */
const FURTHER_RULE_POINTS = 5
const SCORE_MAX = 100

export type Scored = {
  readonly score: number
  readonly outcome: 'pass' | 'hold'
  readonly reasons: readonly Reason[]
  readonly features: readonly Feature[]
}

/**
 * Score, reasons and frozen features of a claim, as a function of the claim and what was seen
 * before it.
 */
export function scoreOf(claim: ClaimFacts, seen: WatchState): Scored {
  const features: Feature[] = [
    { name: 'watchRevision', value: String(seen.revision) },
    { name: 'seenClaims', value: String(seen.bills.length) },
    { name: 'seenStays', value: String(seen.stays.length) },
    { name: 'lines', value: String(claim.lines.length) },
  ]
  const reasons: Reason[] = []
  for (const { name, rule, feature } of RULES) {
    const hit = rule(claim, seen)
    if (feature === LARGE) {
      if (claim.largeFromFen === undefined) continue
      features.push({ name: 'largeFromFen', value: String(claim.largeFromFen) })
    }
    features.push({ name: feature, value: hit === null ? '0' : String(hit.count) })
    if (hit !== null) reasons.push(reasonOf(name, hit))
  }
  const outcome = reasons.length === 0 ? 'pass' : 'hold'
  return { score: pointsOf(features), outcome, reasons, features }
}

function reasonOf(rule: Reason['rule'], { detail, otherClaimId }: Hit): Reason {
  return { rule, detail, otherClaimId }
}

/**
 * The score as a function of the frozen features alone, 0 to 100: anyone who reads the event can
 * compute it again. 0 when no rule is broken, else the heaviest broken rule and 5 points for each
 * further one.
 */
export function pointsOf(features: readonly Feature[]): number {
  let heaviest = 0
  let broken = 0
  for (const { feature, weight } of RULES) {
    const frozen = features.find(({ name }) => name === feature)
    if (frozen === undefined || frozen.value === '0') continue
    broken += 1
    if (weight > heaviest) heaviest = weight
  }
  if (broken === 0) return 0
  return Math.min(SCORE_MAX, heaviest + (broken - 1) * FURTHER_RULE_POINTS)
}
