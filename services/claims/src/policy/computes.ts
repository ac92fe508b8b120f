/** What a policy can compute, asked before a claim comes: by kind, status and level. */

import {
  choose,
  factValue,
  numberOf,
  type RuleFacts,
} from '@tongchou/contracts/policy/rule/rule.ts'
import { deductibleRules, layerRules } from './asks/rules.ts'
import { KINDS, type Kind, LEVELS } from './facts.ts'
import type { NoPolicy } from './outcome.ts'
import type { Benefit, FactName, Leaf, Plan, Rule } from './plan/plan.ts'

type Asked = Pick<RuleFacts, 'status' | 'level'> & Partial<Pick<RuleFacts, 'filing' | 'attributes'>>

/**
 * True when every figure that such a claim could need is known: treated at home and with
 * attributes at their defaults unless asked otherwise. Else the first figure that is not.
 */
export function computes(plan: Plan, kind: Kind, asked: Asked): true | NoPolicy {
  const benefit = plan.benefits[kind]
  if (benefit.kind === 'gap') return refusal(plan, benefit)
  const facts: RuleFacts = { filing: 'local', attributes: {}, ...asked, ...NOT_ASKED, kind }
  const unknown = firstUnknown(neededRules(plan, benefit, facts), facts)
  return unknown === null ? true : refusal(plan, unknown)
}

/** Years and ages are not asked for: every branch by them is looked at. */
const NOT_ASKED = { year: '', age: null, on: null, emergency: null, totals: null } as const

export type ComputesGap = {
  readonly kind: Kind
  readonly status: string
  readonly level: string
  readonly reason: string
}

/** Everything that a policy refuses for a person treated at home; `*` stands for any. */
export function gapsOf(plan: Plan): readonly ComputesGap[] {
  return KINDS.flatMap(kind => {
    const benefit = plan.benefits[kind]
    if (benefit.kind === 'gap') {
      return [{ kind, status: '*', level: '*', reason: benefit.missing.en }]
    }
    const levels = kind === 'pharmacy' ? [null] : LEVELS
    return plan.statuses.flatMap(status =>
      levels.flatMap(level => {
        const answer = computes(plan, kind, { status, level })
        return answer === true
          ? []
          : [{ kind, status, level: level ?? '*', reason: answer.missing.en }]
      }),
    )
  })
}

function refusal(
  { packId }: Plan,
  { path, missing, sources }: Pick<Leaf<unknown>, 'path' | 'missing' | 'sources'>,
): NoPolicy {
  return { kind: 'no-policy', because: 'unknown', packId, path, missing, sources }
}

function neededRules(plan: Plan, benefit: Benefit, facts: RuleFacts): readonly Rule<unknown>[] {
  const { covered, waiting, deductible, layers } = benefit
  if (covered.some(rule => isSurely(false, rule, facts))) return covered
  const factor = layers.length === 0 ? null : plan.remoteFactor
  const applying = layers.filter(({ when }) => when === null || !isSurely(false, when, facts))
  const rules = [
    ...covered,
    waiting?.months ?? null,
    factor,
    ...deductibleRules(deductible),
    ...applying.flatMap(layerRules),
  ]
  return rules.filter(rule => rule !== null)
}

function isSurely(value: boolean, rule: Rule<boolean>, facts: RuleFacts): boolean {
  return reachable(rule, facts).every(leaf => leaf.value === value)
}

function firstUnknown(rules: readonly Rule<unknown>[], facts: RuleFacts): Leaf<unknown> | null {
  const leaves = rules.flatMap(rule => reachable(rule, facts))
  return leaves.find(({ value }) => value === null) ?? null
}

/**
 * The leaves that the given facts can lead to; where a fact is not given, those of every branch.
 */
export function reachable<T>(rule: Rule<T>, facts: RuleFacts): readonly Leaf<T>[] {
  switch (rule.kind) {
    case 'leaf':
      return [rule]
    case 'ranges': {
      const asked = isOpen(rule.fact, facts) ? null : numberOf(rule.fact, facts)
      return rule.ranges
        .filter(({ from, to }) => asked === null || (asked >= from && asked <= to))
        .flatMap(({ rule: branch }) => reachable(branch, facts))
    }
    case 'choice':
      return isOpen(rule.fact, facts)
        ? [...rule.of.values()].flatMap(branch => reachable(branch, facts))
        : reachable(choose(rule, facts), facts)
  }
}

function isOpen(fact: FactName, facts: RuleFacts): boolean {
  if (fact === 'year' || fact === 'age' || fact === 'date' || fact === 'emergency') return true
  return typeof fact !== 'string' && factValue(fact, facts) === null
}
