/** Finds the figure of a rule that applies to a claim. */
import type { BusinessDate } from '../../time.ts'
import type { Choice, FactName, Leaf, Ranges, Rule } from './plan.ts'
import { type BenefitTotals, totalNamed } from './totals.ts'
import type { Attributes, FilingBranch, Kind, Level } from './words.ts'

/** The facts by which rules choose. */
export type RuleFacts = {
  readonly status: string
  readonly level: Level | null
  readonly filing: FilingBranch
  readonly year: string
  readonly age: number | null
  readonly attributes: Attributes
  /** Null where nobody asks about a claim: a premium has a year only. */
  readonly kind: Kind | null
  readonly on: BusinessDate | null
  readonly emergency: boolean | null
  readonly totals: BenefitTotals | null
}

/** The leaf that applies; its value is null where the policy does not know it. */
export function resolve<T>(rule: Rule<T>, facts: RuleFacts): Leaf<T> {
  let at = rule
  while (at.kind !== 'leaf') at = at.kind === 'choice' ? choose(at, facts) : range(at, facts)
  return at
}

/** The branch of a choice that the facts lead to. */
export function choose<T>(choice: Choice<T>, facts: RuleFacts): Rule<T> {
  const value = factValue(choice.fact, facts)
  return (value === null ? undefined : choice.of.get(value)) ?? choice.otherwise
}

function range<T>({ fact, ranges, otherwise }: Ranges<T>, facts: RuleFacts): Rule<T> {
  const value = numberOf(fact, facts)
  if (value === null) return otherwise
  for (const { from, to, rule } of ranges) if (value >= from && value <= to) return rule
  return otherwise
}

/** The value of a fact as the ends of a range spell it; null where the claim does not give it. */
export function numberOf(fact: FactName, facts: RuleFacts): number | null {
  if (fact === 'age') return facts.age
  if (fact === 'date') return facts.on === null ? null : dateNumber(facts.on)
  if (typeof fact === 'object' && 'total' in fact) {
    return facts.totals === null ? null : Number(totalNamed(facts.totals, fact.total))
  }
  const text = factValue(fact, facts)
  return text !== null && /^-?\d+$/.test(text) ? Number(text) : null
}

export function dateNumber(on: BusinessDate): number {
  return Number(on.replaceAll('-', ''))
}

/** The value of a fact as the keys of a choice spell it; null where the claim does not give it. */
export function factValue(fact: FactName, facts: RuleFacts): string | null {
  switch (fact) {
    case 'status':
      return facts.status
    case 'level':
      return facts.level
    case 'filing':
      return facts.filing
    case 'year':
      return facts.year
    case 'age':
      return facts.age === null ? null : String(facts.age)
    case 'date':
      return facts.on
    case 'kind':
      return facts.kind
    case 'emergency':
      return facts.emergency === null ? null : String(facts.emergency)
    default:
      if ('total' in fact) {
        return facts.totals === null ? null : String(totalNamed(facts.totals, fact.total))
      }
      return attributeValue(fact.attribute, facts.attributes) ?? fact.fallback
  }
}

/** Text and typed values are the same: events carry attributes as text. */
export function attributeValue(name: string, attributes: Attributes): string | null {
  return Object.hasOwn(attributes, name) ? String(attributes[name]) : null
}

/** Every leaf that some claim could reach. */
export function leavesOf<T>(rule: Rule<T>): readonly Leaf<T>[] {
  switch (rule.kind) {
    case 'leaf':
      return [rule]
    case 'choice':
      return [...new Set(rule.of.values())].flatMap(leavesOf).concat(leavesOf(rule.otherwise))
    case 'ranges':
      return rule.ranges.flatMap(range => leavesOf(range.rule)).concat(leavesOf(rule.otherwise))
  }
}
