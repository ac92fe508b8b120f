/**
 * What a pack refuses, as the door can tell it before the claim comes to the account, and which
 * attributes of the claim lift a refusal.
 */
import type { Gap } from '@tongchou/contracts/events.generated.ts'
import { choose, numberOf, type RuleFacts } from '@tongchou/contracts/policy/rule/rule.ts'
import { KINDS, LEVELS } from '../facts.ts'
import type { Benefit, FactName, Leaf, Plan, Rule } from '../plan/plan.ts'
import { attributeIn, branchesOf } from './attributes.ts'
import { deductibleRules, layerRules } from './rules.ts'

/** For persons treated at home; `*` stands for any. */
export function publishedGaps(plan: Plan): readonly Gap[] {
  const ofAccount = new Set(plan.history.map(({ attribute }) => attribute))
  return KINDS.flatMap((kind): readonly Gap[] => {
    const benefit = plan.benefits[kind]
    if (benefit.kind === 'gap') {
      return [{ kind, status: '*', level: '*', reason: benefit.missing.en, unless: [] }]
    }
    const levels = kind === 'pharmacy' ? [null] : LEVELS
    return plan.statuses.flatMap(status =>
      levels.flatMap(level => {
        const facts: RuleFacts = { ...AT_HOME, kind, status, level }
        return cellGaps(benefit, { facts, ofAccount, factor: plan.remoteFactor }).map(gap => ({
          kind,
          status,
          level: level ?? '*',
          ...gap,
        }))
      }),
    )
  })
}

/** Years and ages are not asked for: every branch by them is looked at. */
const AT_HOME = {
  filing: 'local',
  attributes: {},
  year: '',
  age: null,
  on: null,
  emergency: null,
  totals: null,
} as const

type Cell = {
  readonly facts: RuleFacts
  /** Attributes that the account will tell: every branch by them is looked at. */
  readonly ofAccount: ReadonlySet<string>
  readonly factor: Rule<unknown> | null
}

type Open = Pick<Gap, 'reason' | 'unless'>

/** What nothing lifts stands alone; else everything that the claim has to say. */
function cellGaps(benefit: Benefit, cell: Cell): readonly Open[] {
  const { covered, waiting, deductible, layers } = benefit
  if (covered.some(rule => leavesOf(rule, cell).every(({ value }) => value === false))) return []
  const applying = layers.filter(
    ({ when }) => when === null || leavesOf(when, cell).some(({ value }) => value !== false),
  )
  const rules = [
    ...covered,
    waiting?.months ?? null,
    layers.length === 0 ? null : cell.factor,
    ...deductibleRules(deductible),
    ...applying.flatMap(layerRules),
  ]
  const found = [
    ...rules.flatMap(rule => (rule === null ? [] : unknownIn(rule, cell))),
    ...applying.flatMap(({ of }) => (of.kind === 'given' ? [absent(of)] : [])),
    ...(waiting === null ? [] : waitingGap(waiting, cell)),
  ]
  const outs = covered.flatMap(rule => settingsOf(rule, cell, value => value === false))
  const gaps = found.map(({ reason, unless }) => ({
    reason,
    unless: [...new Set([...unless, ...outs])],
  }))
  const hard = gaps.find(({ unless }) => unless.length === 0)
  return hard === undefined ? withoutRepeats(gaps) : [hard]
}

function absent({ attribute, absent: leaf }: { attribute: string; absent: Leaf<unknown> }): Open {
  return { reason: leaf.missing.en, unless: [attribute] }
}

function unknownIn(rule: Rule<unknown>, cell: Cell): readonly Open[] {
  const leaf = leavesOf(rule, cell).find(({ value }) => value === null)
  if (leaf === undefined) return []
  return [{ reason: leaf.missing.en, unless: settingsOf(rule, cell, value => value !== null) }]
}

function waitingGap(
  { since, months, absent: leaf }: NonNullable<Benefit['waiting']>,
  cell: Cell,
): readonly Open[] {
  if (leavesOf(months, cell).every(({ value }) => value === 0 || value === null)) return []
  const noWait = settingsOf(months, cell, value => value === 0)
  return [{ reason: leaf.missing.en, unless: [since, ...noWait] }]
}

/** Values of one attribute, as `name=value`, with which the rule gives nothing but such figures. */
function settingsOf(
  rule: Rule<unknown>,
  cell: Cell,
  isGood: (value: unknown) => boolean,
): readonly string[] {
  return valuesIn(rule, cell).flatMap(([name, value]) => {
    const facts = { ...cell.facts, attributes: { [name]: value } }
    const good = leavesOf(rule, { ...cell, facts }).every(leaf => isGood(leaf.value))
    return good ? [`${name}=${value}`] : []
  })
}

function valuesIn(rule: Rule<unknown>, cell: Cell): readonly (readonly [string, string])[] {
  if (rule.kind === 'leaf') return []
  const name = attributeIn(rule.fact)
  const own =
    name === null || cell.ofAccount.has(name) || rule.kind === 'ranges'
      ? []
      : [...rule.of.keys()].map(value => [name, value] as const)
  return [...own, ...branchesOf(rule).flatMap(branch => valuesIn(branch, cell))]
}

/**
 * The leaves that the claim can lead to. An attribute that it lacks has its default, or leads where
 * a rule says nothing of it, just as in the engine.
 */
function leavesOf<T>(rule: Rule<T>, cell: Cell): readonly Leaf<T>[] {
  if (rule.kind === 'leaf') return [rule]
  const { facts } = cell
  const everyBranch = isOpen(rule.fact, cell)
  if (rule.kind === 'choice') {
    return everyBranch
      ? [...rule.of.values()].flatMap(branch => leavesOf(branch, cell))
      : leavesOf(choose(rule, facts), cell)
  }
  const asked = everyBranch ? null : numberOf(rule.fact, facts)
  if (!everyBranch && asked === null) return leavesOf(rule.otherwise, cell)
  const holding = rule.ranges.filter(
    ({ from, to }) => asked === null || (asked >= from && asked <= to),
  )
  const found = holding.length > 0 ? holding.map(({ rule: branch }) => branch) : [rule.otherwise]
  return found.flatMap(branch => leavesOf(branch, cell))
}

const NOT_ASKED: ReadonlySet<unknown> = new Set(['year', 'age', 'date', 'emergency'])

function isOpen(fact: FactName, { ofAccount }: Cell): boolean {
  if (typeof fact === 'string') return NOT_ASKED.has(fact)
  return 'total' in fact || ofAccount.has(fact.attribute)
}

function withoutRepeats(gaps: readonly Open[]): readonly Open[] {
  return [...new Map(gaps.map(gap => [JSON.stringify(gap), gap])).values()]
}
