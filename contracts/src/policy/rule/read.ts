/** What both readers share: leaves with their origin, choices, and the list of what is wrong. */
import type { Text } from '../../policy-document.ts'
import type { Choice, FactName, Leaf, Rule, Source } from './plan.ts'
import { type Problem, type ProblemRule, problem } from './problems.ts'
import { FILING_BRANCHES, KINDS, LEVELS, type Scheme, STATUSES } from './words.ts'

export type Origin = {
  readonly sources: readonly Source[]
  readonly readings: readonly Text[]
}

export function known<T>(value: T, path: string, origin: Origin): Leaf<T> {
  return { kind: 'leaf', value, path, ...origin, missing: unspecified(path) }
}

export function unknown<T>(path: string, missing: Text, origin: Origin): Leaf<T> {
  return { kind: 'leaf', value: null, path, ...origin, missing }
}

const NOWHERE: Origin = { sources: [], readings: [] }

/** A choice whose keys may join several values with `|`. */
export function choiceOf<T>(
  fact: FactName,
  entries: readonly (readonly [string, Rule<T>])[],
  path: string,
): Choice<T> {
  const of = new Map<string, Rule<T>>()
  for (const [keys, rule] of entries) for (const key of keys.split('|')) of.set(key, rule)
  return { kind: 'choice', fact, of, otherwise: unknown(path, unspecified(path), NOWHERE), path }
}

export function unspecified(path: string): Text {
  return { en: `no figure at ${path} fits the claim`, zh: `${path} 没有适用于该费用的数字` }
}

/** Checks the keys of a choice against the words that the fact can take. */
export function checkKeys(
  fact: FactName,
  keys: readonly string[],
  at: { readonly path: string; readonly scheme: Scheme | null; readonly problems: Problem[] },
): void {
  const single = keys.flatMap(key => key.split('|'))
  const twice = single.find((key, index) => single.indexOf(key) !== index)
  if (twice !== undefined) at.problems.push(problem(at.path, 'key-twice', twice))
  const vocabulary = vocabularyOf(fact, at.scheme)
  if (vocabulary === null) return
  for (const key of single) {
    if (!vocabulary.words.includes(key)) at.problems.push(problem(at.path, vocabulary.rule, key))
  }
}

function vocabularyOf(
  fact: FactName,
  scheme: Scheme | null,
): { readonly words: readonly string[]; readonly rule: ProblemRule } | null {
  switch (fact) {
    case 'status':
      return { words: statusesOf(scheme), rule: 'unknown-status' }
    case 'level':
      return { words: LEVELS, rule: 'unknown-level' }
    case 'filing':
      return { words: FILING_BRANCHES, rule: 'unknown-filing' }
    case 'kind':
      return { words: KINDS, rule: 'unknown-kind' }
    case 'emergency':
      return { words: ['true', 'false'], rule: 'not-a-flag' }
    default:
      return null
  }
}

/** A pack of no one scheme may speak of every status. */
export function statusesOf(scheme: Scheme | null): readonly string[] {
  return scheme === null ? Object.values(STATUSES).flat() : STATUSES[scheme]
}
