/** Finds the figure of a rule that applies to a claim. */
import type { Attributes, FilingBranch, Level } from '../facts.ts'
import type { Choice, FactName, Leaf, Ranges, Rule } from './plan.ts'

/** The facts by which rules choose. */
export type RuleFacts = {
  readonly status: string
  readonly level: Level | null
  readonly filing: FilingBranch
  readonly year: string
  readonly age: number | null
  readonly attributes: Attributes
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

function range<T>({ ranges, otherwise }: Ranges<T>, { age }: RuleFacts): Rule<T> {
  if (age === null) return otherwise
  return ranges.find(({ from, to }) => age >= from && age <= to)?.rule ?? otherwise
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
    default:
      return attributeValue(fact.attribute, facts.attributes) ?? fact.fallback
  }
}

/** Text and typed values are the same: events carry attributes as text. */
export function attributeValue(name: string, attributes: Attributes): string | null {
  return Object.hasOwn(attributes, name) ? String(attributes[name]) : null
}
