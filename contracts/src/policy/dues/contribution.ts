/**
 * What is owed for a person and period under a policy (缴费), and what of it is credited to the
 * personal account.
 */
import { assert } from '../../decision.ts'
import { divide, type Fen, greatest, least, remainder, share, sum, ZERO } from '../../money.ts'
import { type BusinessDate, yearOf } from '../../time.ts'
import { figureOf, ROUNDING, type StepFigure } from '../rule/figure.ts'
import type { NoPolicy } from '../rule/no-policy.ts'
import type { Leaf, Rule } from '../rule/plan.ts'
import { unknown } from '../rule/read.ts'
import { type RuleFacts, resolve } from '../rule/rule.ts'
import type { Attributes } from '../rule/words.ts'
import type { ContributionBase, Due, DueAmount, DuesPlan } from './plan.ts'

export type ContributionFacts = {
  readonly status: string
  /** Completed years on 1 January of the year. */
  readonly age: number | null
  readonly year: number
  /** First day of the period; 1 January of the year where it is not given. */
  readonly on?: BusinessDate
  /** Last year's average wage of the pooling area; null: not handed in. */
  readonly averageWageFen: Fen | null
  /** The person's own wage of last year; null: not handed in. */
  readonly wageFen: Fen | null
  /** Amounts that a policy takes as its base, by the name it gives them. */
  readonly given?: Readonly<Record<string, Fen>>
  readonly attributes: Attributes
}

export type DuePart = {
  readonly id: string
  readonly payer: string
  readonly to: string
  readonly amountFen: Fen
  /** The figure it was drawn from: amount in fen or rate of the base, with its clauses. */
  readonly figure: StepFigure
}

export type Contribution = {
  readonly kind: 'contribution'
  readonly per: 'month' | 'year'
  /** What rates are taken of; 0 where the policy takes nothing of a base. */
  readonly baseFen: Fen
  readonly parts: readonly DuePart[]
}

/** Who has a base of wages must say both; who has none, e.g. a retiree, needs neither. */
const WAGES_ABSENT: Leaf<Fen> = unknown(
  'contribution.base',
  { en: 'averageWageFen and wageFen must be handed in', zh: '须提供社会平均工资和本人工资' },
  { sources: [], readings: [] },
)

type Drawing = { readonly facts: RuleFacts; unknown: Leaf<unknown> | null }

/**
 * Every part that is owed, with who pays it and where it goes; each rounded half up once. No
 * policy where a figure that this person needs is unknown. @source the pack's clauses, e.g.
 * P01-R03 to R10, P04-R03 to R13, P20-R01 to R07
 */
export function contribution(plan: DuesPlan, asked: ContributionFacts): Contribution | NoPolicy {
  const { contribution: rules } = plan
  if (rules === null) return noDues(plan, 'contribution')
  const drawing: Drawing = { facts: ruleFacts(asked), unknown: null }
  const baseFen = rules.base === null ? ZERO : baseOf(drawing, rules.base, asked)
  const parts: DuePart[] = []
  for (const due of rules.dues) {
    const part = owed(drawing, due, { baseFen, parts })
    if (part !== null) parts.push(part)
  }
  const { unknown } = drawing
  if (unknown === null) return { kind: 'contribution', per: rules.per, baseFen, parts }
  return refusal(plan, unknown)
}

/** The facts by which rules on premiums choose. */
export function ruleFacts(
  asked: Pick<ContributionFacts, 'status' | 'age' | 'year' | 'on' | 'attributes'>,
): RuleFacts {
  const { status, age, attributes, year, on } = asked
  return {
    status,
    age,
    attributes,
    level: null,
    filing: 'local',
    year: String(year),
    kind: null,
    on: on ?? (`${year}-01-01` as BusinessDate),
    emergency: null,
    totals: null,
  }
}

/** Facts of nobody in particular: rules on a fund choose by date and attributes alone. */
export function fundFacts(on: BusinessDate, attributes: Attributes = {}): RuleFacts {
  return ruleFacts({ status: '', age: null, year: yearOf(on), on, attributes })
}

/** Sum of the parts that match, e.g. those of one payer. */
export function sumOfParts({ parts }: Contribution, wanted: (part: DuePart) => boolean): Fen {
  return sum(...parts.filter(wanted).map(({ amountFen }) => amountFen))
}

export function refusal(
  { packId }: Pick<DuesPlan, 'packId'>,
  { path, missing, sources }: Pick<Leaf<unknown>, 'path' | 'missing' | 'sources'>,
): NoPolicy {
  return { kind: 'no-policy', because: 'unknown', packId, path, missing, sources }
}

export function noDues(plan: DuesPlan, path: string): NoPolicy {
  const missing = { en: 'the policy has no rule for it', zh: '该政策没有此项规定' }
  return refusal(plan, { path, missing, sources: [] })
}

function baseOf(drawing: Drawing, base: ContributionBase, asked: ContributionFacts): Fen {
  if (base.counts !== null && draw(drawing, base.counts) !== true) return ZERO
  switch (base.kind) {
    case 'wage': {
      const { averageWageFen, wageFen } = asked
      if (averageWageFen === null || wageFen === null) {
        drawing.unknown ??= WAGES_ABSENT
        return ZERO
      }
      const floorFen = multipleOf(averageWageFen, draw(drawing, base.floorBp))
      const ceilingFen = multipleOf(averageWageFen, draw(drawing, base.ceilingBp))
      assert(floorFen <= ceilingFen, 'the floor of the base lies above its ceiling')
      return least(greatest(wageFen, floorFen), ceilingFen)
    }
    case 'stated':
      return draw(drawing, base.amount) ?? ZERO
    case 'given': {
      const given = asked.given?.[base.name]
      if (given === undefined) drawing.unknown ??= base.absent
      return given ?? ZERO
    }
  }
}

type SoFar = { readonly baseFen: Fen; readonly parts: readonly DuePart[] }

/** Null: the part does not apply, or the policy does not know it, which the drawing has noted. */
function owed(drawing: Drawing, due: Due, { baseFen, parts }: SoFar): DuePart | null {
  if (due.when !== null && draw(drawing, due.when) !== true) return null
  const leaf = resolve(due.amount, drawing.facts)
  const amount = draw(drawing, leaf)
  if (amount === null) return null
  const { id, payer, to, less, withinBase } = due
  const others = parts.filter(part => less.includes(part.id)).map(part => part.amountFen)
  const restFen = remainder(amountOf(amount, baseFen), sum(...others))
  const leftFen = remainder(baseFen, sum(...parts.map(({ amountFen }) => amountFen)))
  const amountFen = withinBase ? least(restFen, leftFen) : restFen
  const figure = figureOf(leaf, amount.kind === 'fixed' ? amount.amountFen : amount.rateBp)
  return { id, payer, to, amountFen, figure }
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
