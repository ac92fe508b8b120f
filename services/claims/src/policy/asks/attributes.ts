/**
 * The facts beyond the usual ones that a pack asks for: who says each, and what a value looks like.
 * The door checks claims by this, so that no claim comes to an account with a word that its policy
 * does not know.
 */
import type { AttributeAsked } from '@tongchou/contracts/events.generated.ts'
import { isLanguageForm, type PolicyDocument } from '@tongchou/contracts/policy-document.ts'
import type { FactName, Plan, Rule } from '../plan/plan.ts'
import { amountsOfClaims, daysOfClaims, rulesOfClaims } from './rules.ts'

/** In the order of the document; a table asks for none. */
export function attributesAsked(document: PolicyDocument, plan: Plan): readonly AttributeAsked[] {
  if (!isLanguageForm(document)) return []
  const told = new Set(plan.history.map(({ attribute }) => attribute))
  const used = { amounts: amountsOfClaims(plan), days: daysOfClaims(plan), words: wordsOf(plan) }
  return Object.entries(document.attributes).map(([name, { from }]) => ({
    name,
    from: told.has(name) ? 'account' : (from ?? 'claim'),
    ...shapeOf(name, used),
  }))
}

type Words = {
  /** In keys of choices. */
  readonly values: Set<string>
  /** A rule has an answer for every other value too. */
  open: boolean
  ranged: boolean
}

type Used = {
  readonly amounts: ReadonlySet<string>
  readonly days: ReadonlySet<string>
  readonly words: ReadonlyMap<string, Words>
}

function shapeOf(name: string, used: Used): Pick<AttributeAsked, 'kind' | 'values'> {
  if (used.amounts.has(name)) return { kind: 'amount', values: [] }
  if (used.days.has(name)) return { kind: 'date', values: [] }
  const words = used.words.get(name)
  if (words === undefined) return { kind: 'text', values: [] }
  if (words.ranged) return { kind: 'number', values: [] }
  const values = [...words.values].sort()
  if (values.every(value => value === 'true' || value === 'false')) {
    return { kind: 'flag', values: ['false', 'true'] }
  }
  return { kind: 'text', values: words.open ? [] : values }
}

function wordsOf(plan: Plan): ReadonlyMap<string, Words> {
  const words = new Map<string, Words>()
  for (const rule of rulesOfClaims(plan)) note(rule, words)
  return words
}

function note(rule: Rule<unknown>, words: Map<string, Words>): void {
  if (rule.kind === 'leaf') return
  const { fact, otherwise } = rule
  const name = attributeIn(fact)
  if (name !== null) {
    const known = words.get(name) ?? { values: new Set(), open: true, ranged: false }
    words.set(name, known)
    if (rule.kind === 'ranges') known.ranged = true
    else for (const value of rule.of.keys()) known.values.add(value)
    if (otherwise.kind === 'leaf' && otherwise.value === null) known.open = false
  }
  for (const branch of branchesOf(rule)) note(branch, words)
}

export function attributeIn(fact: FactName): string | null {
  return typeof fact === 'object' && 'attribute' in fact ? fact.attribute : null
}

export function branchesOf(rule: Rule<unknown>): readonly Rule<unknown>[] {
  if (rule.kind === 'leaf') return []
  const branches =
    rule.kind === 'choice' ? [...rule.of.values()] : rule.ranges.map(({ rule: branch }) => branch)
  return [...branches, rule.otherwise]
}
