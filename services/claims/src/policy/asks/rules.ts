/** Every rule and amount of a policy that an attribute of a claim can reach. */
import { KINDS } from '../facts.ts'
import type { Basis, Benefit, Deductible, Layer, Plan, Rule } from '../plan/plan.ts'

type Rules = readonly (Rule<unknown> | null)[]

/** What a claim is decided by; premiums, funds and guards are not among it. */
export function rulesOfClaims(plan: Plan): readonly Rule<unknown>[] {
  const rules: Rules = [
    plan.remoteFactor,
    ...benefitsOf(plan).flatMap(benefitRules),
    ...plan.counters.map(({ when }) => when),
    ...plan.history.map(history => ('atMost' in history ? history.atMost : null)),
  ]
  return rules.filter(rule => rule !== null)
}

/** Attributes that are amounts: handed over with the claim, borne before, raising a cap. */
export function amountsOfClaims(plan: Plan): ReadonlySet<string> {
  const names = benefitsOf(plan).flatMap(({ deductible, layers, account }) => [
    deductible?.less ?? null,
    account?.less ?? null,
    ...layers.flatMap(({ of, cap }) => [givenBy(of), ...(cap?.plus ?? [])]),
  ])
  const counted = plan.counters.flatMap(({ of }) => KINDS.map(kind => givenBy(of[kind])))
  return new Set([...names, ...counted].filter(name => name !== null))
}

/** Attributes that are days. */
export function daysOfClaims(plan: Plan): ReadonlySet<string> {
  return new Set(benefitsOf(plan).flatMap(({ waiting }) => (waiting ? [waiting.since] : [])))
}

function benefitsOf({ benefits }: Plan): readonly Benefit[] {
  return KINDS.map(kind => benefits[kind]).filter(benefit => benefit.kind === 'benefit')
}

function givenBy(basis: Basis | null): string | null {
  return basis?.kind === 'given' ? basis.attribute : null
}

function benefitRules({ covered, waiting, deductible, layers }: Benefit): Rules {
  return [
    ...covered,
    waiting?.months ?? null,
    ...deductibleRules(deductible),
    ...layers.flatMap(layerRules),
  ]
}

export function deductibleRules(deductible: Deductible | null): Rules {
  if (deductible === null) return []
  const { ladder, maxPerYear, later, lowered } = deductible
  return [ladder, maxPerYear, later, lowered?.when ?? null, lowered?.to ?? null]
}

export function layerRules({ when, from, bands, cap }: Layer): Rules {
  return [
    when,
    from,
    cap?.amount ?? null,
    ...bands.flatMap(({ to, rate, plus, minus, times, floor }) => [
      to,
      rate,
      ...plus,
      ...minus,
      ...times,
      floor,
    ]),
  ]
}
