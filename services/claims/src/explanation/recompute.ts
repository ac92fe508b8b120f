/**
 * An adjudication computed again from its own event: what the audit and every explanation rest on.
 */
import { AssertionFault } from '@tongchou/contracts/decision.ts'
import type { ClaimAdjudicated, Layer } from '@tongchou/contracts/events.generated.ts'
import { yearOf } from '@tongchou/contracts/time.ts'
import { layersOf, otherFundOf, totalsFor } from '../account/adjudicated.ts'
import type { AccountEvent } from '../account/events.ts'
import { claimFactsOfEvent, factsOfEvent } from '../account/facts.ts'
import { differingName } from '../account/same-amounts.ts'
import { type AccountState, evolve, findEntry, yearAt } from '../account/state.ts'
import { historyFor } from '../account/years/history.ts'
import { adjudicate } from '../policy/adjudicate.ts'
import type { BenefitOutcome } from '../policy/outcome.ts'
import type { Plan } from '../policy/plan/plan.ts'
import { deltaToMap, totalsFromMap, totalsToMap } from '../policy/totals.ts'

/** The first thing that the event says otherwise than the computation. */
export type Difference = {
  readonly field: string
  readonly stored: string | number | bigint
  readonly recomputed: string | number | bigint
}

/**
 * Computes the claim again with the pack that the event pins and the totals that it names. Null:
 * every fen is the same. An event that cannot be computed at all is a difference too, so that an
 * audit goes on.
 */
export function recomputeAdjudication(
  event: ClaimAdjudicated,
  packOf: (hash: string) => Plan | undefined,
): null | Difference {
  const plan = packOf(event.packHash)
  if (plan === undefined) return difference('packHash', event.packHash, 'unknown pack')
  try {
    const before = totalsFor(totalsFromMap(event.before), event.balanceBeforeFen)
    const outcome = adjudicate(plan, factsOfEvent(event), before)
    if (outcome.kind === 'no-policy') return difference('packHash', event.packHash, outcome.path)
    return differenceOf(event, outcome)
  } catch (cause) {
    if (!(cause instanceof AssertionFault || cause instanceof RangeError)) throw cause
    return difference('event', 'stored', cause.message)
  }
}

const AMOUNTS = [
  'filing',
  'fundBp',
  'deductibleFen',
  'pooledFen',
  'catastrophicFen',
  'accountFen',
  'cashFen',
  'totalFen',
] as const

/** The event against an outcome, field by field. */
export function differenceOf(event: ClaimAdjudicated, outcome: BenefitOutcome): null | Difference {
  for (const field of AMOUNTS) {
    if (event[field] !== outcome[field]) return difference(field, event[field], outcome[field])
  }
  const otherFundFen = otherFundOf(outcome)
  if (event.otherFundFen !== otherFundFen) {
    return difference('otherFundFen', event.otherFundFen, otherFundFen)
  }
  const year = yearOf(event.endOn)
  if (event.year !== year) return difference('year', event.year, year)
  const effect = deltaToMap(outcome.effect)
  const name = differingName(event.effect, effect)
  if (name !== null) {
    return difference(`effect.${name}`, event.effect[name] ?? 0n, effect[name] ?? 0n)
  }
  return differingLayer(event.layers, layersOf(outcome))
}

function differingLayer(stored: readonly Layer[], computed: readonly Layer[]): null | Difference {
  for (let at = 0; at < Math.max(stored.length, computed.length); at += 1) {
    const a = stored[at]
    const b = computed[at]
    const same = a?.layer === b?.layer && a?.fund === b?.fund && a?.amountFen === b?.amountFen
    if (!same) return difference(`layers[${at}]`, textOf(a), textOf(b))
  }
  return null
}

function textOf(layer: Layer | undefined): string {
  return layer === undefined ? 'none' : `${layer.layer} ${layer.fund} ${layer.amountFen}`
}

function difference(
  field: string,
  stored: Difference['stored'],
  recomputed: Difference['recomputed'],
): Difference {
  return { field, stored, recomputed }
}

/**
 * Folds one event of an account and says whether it follows from the ones before: the totals and
 * the balance it names, the shares, what an undoing takes away. For a check of a whole stream,
 * event by event.
 */
export function followAccount(
  state: AccountState,
  event: AccountEvent,
  packOf: (hash: string) => Plan | undefined,
): { readonly state: AccountState; readonly difference: null | Difference } {
  const found = breakIn(state, event, packOf)
  if (found !== null) return { state, difference: found }
  return { state: evolve(state, event), difference: null }
}

function breakIn(
  state: AccountState,
  event: AccountEvent,
  packOf: (hash: string) => Plan | undefined,
): null | Difference {
  switch (event.type) {
    case 'AccountCreditReceived':
      return balanceBreak(event.data.balanceFen, state.balanceFen + event.data.amountFen)
    case 'ClaimAdjudicated': {
      const { data } = event
      const totals = totalsToMap(yearAt(state, data.year).totals)
      return (
        balanceBreak(data.balanceBeforeFen, state.balanceFen) ??
        amountsBreak('before', data.before, totals) ??
        historyBreak(state, data, packOf) ??
        recomputeAdjudication(data, packOf)
      )
    }
    case 'AdjudicationUndone': {
      const { data } = event
      const entry = findEntry(yearAt(state, data.year), data.claimId)
      const effect = entry?.effect ?? null
      if (entry === undefined || effect === null) {
        return difference('claimId', data.claimId, 'does not count')
      }
      if (entry.accountFen !== data.accountFen) {
        return difference('accountFen', data.accountFen, entry.accountFen)
      }
      if (entry.episode !== data.episode) {
        return difference('episode', data.episode ?? '', entry.episode ?? '')
      }
      return (
        amountsBreak('effect', data.effect, effect) ??
        balanceBreak(data.balanceFen, state.balanceFen + data.accountFen)
      )
    }
    case 'AccountMoved': {
      const { kind, amountFen, balanceFen } = event.data
      const gone = kind === 'transfer' ? 0n : amountFen
      return balanceBreak(balanceFen, state.balanceFen - gone)
    }
    case 'RelativeRegistered':
      return null
    case 'YearClosed':
      return amountsBreak(
        'totals',
        event.data.totals,
        totalsToMap(yearAt(state, event.data.year).totals),
      )
  }
}

/** What the account told of earlier years must be what its own years tell. */
function historyBreak(
  state: AccountState,
  event: ClaimAdjudicated,
  packOf: (hash: string) => Plan | undefined,
): null | Difference {
  const plan = packOf(event.packHash)
  if (plan === undefined || plan.history.length === 0) return null
  const told = historyFor(plan, claimFactsOfEvent(event), state)
  const stored = attributesText(event.facts.history)
  const folded = attributesText(told)
  return stored === folded ? null : difference('facts.history', stored, folded)
}

function attributesText(attributes: Readonly<Record<string, string>>): string {
  return Object.keys(attributes)
    .sort()
    .map(name => `${name}=${attributes[name]}`)
    .join(' ')
}

function balanceBreak(stored: bigint, folded: bigint): null | Difference {
  return stored === folded ? null : difference('balanceFen', stored, folded)
}

function amountsBreak(
  field: string,
  stored: Readonly<Record<string, bigint>>,
  folded: Readonly<Record<string, bigint>>,
): null | Difference {
  const name = differingName(stored, folded)
  if (name === null) return null
  return difference(`${field}.${name}`, stored[name] ?? 0n, folded[name] ?? 0n)
}
