/** Holds a pack to what another demands of it: floors on rates and caps, changes of premiums. */
import { type Fen, least } from '@tongchou/contracts/money.ts'
import { type Problem, problem } from '@tongchou/contracts/policy/rule/problems.ts'
import type { RuleFacts } from '@tongchou/contracts/policy/rule/rule.ts'
import { leavesOf } from '@tongchou/contracts/policy/rule/rule.ts'
import { reachable } from '../computes.ts'
import { LEVELS } from '../facts.ts'
import { fundShareBp } from '../layers/rate.ts'
import type { Guard } from '../plan/money-plan.ts'
import type { Band, Layer, Leaf, Plan, Rate, Rule } from '../plan/plan.ts'

export type Breach = Problem & {
  /** The pack that demands it, and its guard. */
  readonly packId: string
  readonly guard: string
  readonly severity: Guard['severity']
}

/**
 * Every figure of the pack below a floor: of the pooled fund, for stays at home, by status and
 * level. A figure that the pack does not know breaks nothing. @source P10-R01 to R04, P20-R08
 */
export function breachesOf(guarding: Plan, plan: Plan): readonly Breach[] {
  const applying = guarding.guards.filter(({ scheme }) => scheme === null || scheme === plan.scheme)
  const found = applying.flatMap(guard =>
    belowFloor(guard, plan).map(({ path, says }) => breach(guarding, guard, { path, says })),
  )
  const byPlace = new Map(found.map(one => [`${one.guard} ${one.path}`, one]))
  return [...byPlace.values()]
}

type Below = { readonly path: string; readonly says: string }

function breach(guarding: Plan, guard: Guard, { path, says }: Below): Breach {
  const found = `${guarding.packId}.${guard.id}: ${says}`
  const { id, severity } = guard
  return {
    ...problem(path, 'guard-broken', found),
    packId: guarding.packId,
    guard: id,
    severity,
  }
}

function belowFloor(guard: Guard, plan: Plan): readonly Below[] {
  const benefit = plan.benefits.inpatient
  if (benefit.kind === 'gap') return []
  const pooled = benefit.layers.filter(({ payer }) => payer === 'pooled')
  switch (guard.kind) {
    case 'fundRateAtLeast':
      return atHome(plan).flatMap(facts =>
        pooled.flatMap(layer => layer.bands.flatMap(band => ratesBelow(guard.bp, band, facts))),
      )
    case 'capAtLeast':
      return atHome(plan).flatMap(facts =>
        pooled.flatMap(layer => capsBelow(guard.amountFen, layer, facts)),
      )
    case 'rateChangeOnlyInDeficit':
      return []
  }
}

function atHome({ statuses }: Plan): readonly RuleFacts[] {
  return statuses.flatMap(status =>
    LEVELS.map(level => ({
      status,
      level,
      filing: 'local' as const,
      attributes: {},
      year: '',
      age: null,
      kind: 'inpatient' as const,
      on: null,
      emergency: null,
      totals: null,
    })),
  )
}

function ratesBelow(floorBp: number, band: Band, facts: RuleFacts): readonly Below[] {
  const extreme = (rules: readonly Rule<Rate>[], pick: (...all: number[]) => number): number =>
    rules.reduce((points, rule) => points + pick(...pointsIn(rule, facts)), 0)
  const added = extreme(band.plus, Math.min) - extreme(band.minus, Math.max)
  return reachable(band.rate, facts).flatMap(({ value, path }) => {
    if (value === null) return []
    const bp = fundShareBp(value) + added
    return bp < floorBp ? [{ path, says: `${bp} < ${floorBp}` }] : []
  })
}

function pointsIn(rule: Rule<Rate>, facts: RuleFacts): readonly number[] {
  const points = reachable(rule, facts).map(({ value }) => value?.bp ?? 0)
  return points.length === 0 ? [0] : points
}

function capsBelow(floorFen: Fen, { cap }: Layer, facts: RuleFacts): readonly Below[] {
  if (cap === null || cap.kind !== 'fundPayment') return []
  return reachable(cap.amount, facts).flatMap(({ value, path }: Leaf<Fen | 'unlimited'>) => {
    if (value === null || value === 'unlimited') return []
    return least(value, floorFen) === floorFen ? [] : [{ path, says: `${value} < ${floorFen}` }]
  })
}

export type RateChange = {
  readonly from: Plan
  readonly to: Plan
  /** Income less spending of the pooled fund in the year to date; null: nobody says. */
  readonly currentResultFen: Fen | null
}

/**
 * Contribution rates that change although the pooled fund runs no deficit. @source P15-R02 and its
 * reading
 */
export function rateChangeBreaches(
  guarding: Plan,
  { from, to, currentResultFen }: RateChange,
): readonly Breach[] {
  const guard = guarding.guards.find(({ kind }) => kind === 'rateChangeOnlyInDeficit')
  if (guard === undefined || (currentResultFen !== null && currentResultFen < 0n)) return []
  const before = ratesOf(from)
  const after = ratesOf(to)
  const paths = [...new Set([...before.keys(), ...after.keys()])]
  return paths
    .filter(path => before.get(path) !== after.get(path))
    .map(path => ({
      ...problem(path, 'rate-change-in-surplus', changed(before.get(path), after.get(path))),
      packId: guarding.packId,
      guard: guard.id,
      severity: guard.severity,
    }))
}

function changed(before: number | undefined, after: number | undefined): string {
  return `${before ?? 'none'} → ${after ?? 'none'}`
}

function ratesOf({ contribution }: Plan): ReadonlyMap<string, number> {
  const rates = new Map<string, number>()
  for (const { amount } of contribution?.dues ?? []) {
    for (const { value, path } of leavesOf(amount)) {
      if (value?.kind === 'ofBase') rates.set(path, value.rateBp)
    }
  }
  return rates
}
