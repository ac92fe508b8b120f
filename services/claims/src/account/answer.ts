/** Accounts and adjudications as JSON. */

import type { ClaimAdjudicated } from '@tongchou/contracts/events.generated.ts'
import type { AccountJson, ExplanationJson } from '@tongchou/contracts/http/account.ts'
import { sharesJson } from '@tongchou/contracts/http/claim.ts'
import type { PersonId } from '@tongchou/contracts/id.ts'
import { fen, fenToJson } from '@tongchou/contracts/money.ts'
import { type Place, placesOf } from '../explanation/tree.ts'
import type { Explanation } from '../policy/adjudicate.ts'
import type { Step, StepValue } from '../policy/layers/steps.ts'
import type { Plan } from '../policy/plan/plan.ts'
import { type AccountState, yearAt } from './state.ts'

/** Totals, effects: integers by name. */
export function amountsJson(amounts: Readonly<Record<string, bigint>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(amounts).map(([name, amount]) => [name, fenToJson(fen(amount))]),
  )
}

export function accountJson(personId: PersonId, state: AccountState, year: number): AccountJson {
  const { totals } = yearAt(state, year)
  return {
    personId,
    regionCode: state.insured?.regionCode ?? null,
    year,
    stays: totals.stays.total,
    dedIn: fenToJson(totals.dedInFen),
    dedOut: fenToJson(totals.dedOutFen),
    paidIn: fenToJson(totals.paidInFen),
    paidOut: fenToJson(totals.paidOutFen),
    burden: fenToJson(totals.burdenFen),
    paidCat: fenToJson(totals.paidCatFen),
    account: fenToJson(state.balanceFen),
    years: state.years.map(known => known.year).toSorted((a, b) => a - b),
  }
}

/** `counts`: false when the claim was undone afterwards. */
export function explanationJson(
  event: ClaimAdjudicated,
  { steps, assumptions }: Pick<Explanation, 'steps' | 'assumptions'>,
  { plan, counts }: { readonly plan: Plan; readonly counts: boolean },
): Omit<ExplanationJson, 'lines' | 'changes' | 'text'> {
  const { claimId, personId, packHash, year, layers } = event
  const places = placesOf(steps)
  return {
    claimId,
    personId,
    packHash,
    policy: plan.name,
    counts,
    shares: sharesJson(event),
    year,
    totalsBefore: amountsJson(event.before),
    accountBeforeFen: fenToJson(event.balanceBeforeFen),
    effect: amountsJson(event.effect),
    layers: layers.map(({ layer, fund, amountFen }) => ({
      layer,
      fund,
      amountFen: fenToJson(amountFen),
    })),
    steps: steps.map((step, at) => ({ ...stepJson(step), ...placeAt(places, at) })),
    assumptions: [...assumptions],
  }
}

function placeAt(places: readonly Place[], at: number): Place {
  return places[at] ?? { number: at + 1, of: null }
}

function stepJson({
  inputs,
  figures,
  result,
  ...step
}: Step): Omit<ExplanationJson['steps'][number], keyof Place> {
  return {
    ...step,
    inputs: Object.fromEntries(
      Object.entries(inputs).map(([name, value]) => [name, valueJson(value)]),
    ),
    figures: figures.map(({ path, value, sources, readings }) => ({
      path,
      value: valueJson(value),
      sources: [...sources],
      readings: [...readings],
    })),
    result: valueJson(result),
  }
}

function valueJson(value: StepValue): Exclude<StepValue, bigint> {
  return typeof value === 'bigint' ? fenToJson(fen(value)) : value
}
