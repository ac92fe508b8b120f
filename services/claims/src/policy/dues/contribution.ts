/**
 * What is owed for a person and year under a policy (缴费), and what of it is credited to the
 * personal account.
 */
import { assert } from '@tongchou/contracts/decision.ts'
import { divide, type Fen, greatest, least, share, sum, ZERO } from '@tongchou/contracts/money.ts'
import type { Attributes } from '../facts.ts'
import { ROUNDING } from '../layers/steps.ts'
import type { NoPolicy } from '../outcome.ts'
import type { ContributionPlan, DueAmount, Leaf, Plan, Rule } from '../plan/plan.ts'
import { type RuleFacts, resolve } from '../plan/rule.ts'

export type ContributionFacts = {
  readonly status: string
  /** Completed years on 1 January of the year. */
  readonly age: number | null
  readonly year: number
  /** Last year's average wage of the pooling area. */
  readonly averageWageFen: Fen
  /** The person's own wage of last year. */
  readonly wageFen: Fen
  readonly attributes: Attributes
}

export type DuePart = {
  readonly id: string
  readonly payer: string
  readonly to: string
  readonly amountFen: Fen
}

export type Contribution = {
  readonly kind: 'contribution'
  /** The wage within floor and ceiling; 0 where the policy takes nothing of a wage. */
  readonly baseFen: Fen
  readonly parts: readonly DuePart[]
}

type Drawing = { readonly facts: RuleFacts; unknown: Leaf<unknown> | null }

/**
 * Every part that is owed, with who pays it and where it goes; each rounded half up once. No
 * policy where a figure that this person needs is unknown. @source the pack's clauses, e.g.
 * P01-R03 to R10, P04-R03 to R13
 */
export function contribution(plan: Plan, asked: ContributionFacts): Contribution | NoPolicy {
  const { contribution: rules } = plan
  if (rules === null) return noDues(plan, 'contribution')
  const { status, age, attributes } = asked
  const facts: RuleFacts = {
    status,
    age,
    attributes,
    level: null,
    filing: 'local',
    year: String(asked.year),
  }
  const drawing: Drawing = { facts, unknown: null }
  const baseFen = baseOf(drawing, rules, asked)
  const parts = rules.dues.flatMap(({ id, payer, to, when, amount }): readonly DuePart[] => {
    if (when !== null && draw(drawing, when) !== true) return []
    const due = draw(drawing, amount)
    return due === null ? [] : [{ id, payer, to, amountFen: amountOf(due, baseFen) }]
  })
  const { unknown } = drawing
  if (unknown === null) return { kind: 'contribution', baseFen, parts }
  const { path, missing, sources } = unknown
  return { kind: 'no-policy', because: 'unknown', packId: plan.packId, path, missing, sources }
}

/** Sum of the parts that match, e.g. those of one payer. */
export function sumOfParts({ parts }: Contribution, wanted: (part: DuePart) => boolean): Fen {
  return sum(...parts.filter(wanted).map(({ amountFen }) => amountFen))
}

function baseOf(
  drawing: Drawing,
  { base }: ContributionPlan,
  { averageWageFen, wageFen }: ContributionFacts,
): Fen {
  if (base === null || draw(drawing, base.counts) !== true) return ZERO
  const floorFen = multipleOf(averageWageFen, draw(drawing, base.floorBp))
  const ceilingFen = multipleOf(averageWageFen, draw(drawing, base.ceilingBp))
  assert(floorFen <= ceilingFen, 'the floor of the base lies above its ceiling')
  return least(greatest(wageFen, floorFen), ceilingFen)
}

/** Multiples of an average wage pass 100 %, so they are no `BasisPoints`. */
function multipleOf(amountFen: Fen, bp: number | null): Fen {
  return divide(amountFen * BigInt(bp ?? 0), 10_000n, ROUNDING)
}

function amountOf(due: DueAmount, baseFen: Fen): Fen {
  return due.kind === 'fixed' ? due.amountFen : share(baseFen, due.rateBp, ROUNDING)
}

function draw<T>(drawing: Drawing, rule: Rule<T>): T | null {
  const leaf = resolve(rule, drawing.facts)
  if (leaf.value === null) drawing.unknown ??= leaf
  return leaf.value
}

function noDues({ packId }: Plan, path: string): NoPolicy {
  const missing = { en: 'the policy has no rule for it', zh: '该政策没有此项规定' }
  return { kind: 'no-policy', because: 'unknown', packId, path, missing, sources: [] }
}
