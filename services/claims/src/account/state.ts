/**
 * The benefit account of one person: a balance for life, running totals by year, and what can be
 * undone.
 */
import { assert, unreachable } from '@tongchou/contracts/decision.ts'
import type {
  AccountCreditReceived,
  AccountMoved,
  AdjudicationUndone,
  ClaimAdjudicated,
} from '@tongchou/contracts/events.generated.ts'
import type { ClaimId, PersonId } from '@tongchou/contracts/id.ts'
import { type Fen, least, minus, negate, ZERO } from '@tongchou/contracts/money.ts'
import { yearOf } from '@tongchou/contracts/time.ts'
import type { Scheme } from '../policy/facts.ts'
import {
  apply,
  deltaFromMap,
  EMPTY_YEAR,
  type TotalsDelta,
  totalsOf,
  undo,
  type YearTotals,
} from '../policy/totals.ts'
import type { AccountEvent } from './events.ts'
import { type CreditedYear, creditsOf, drawnBy, withCredits } from './years/credits.ts'
import { deductibleIn, type Episode, episodeOf, withBorne } from './years/episodes.ts'

/**
 * What one claim added; `effect` null: it was undone, and is remembered so that it never comes
 * back.
 */
export type Entry = {
  readonly claimId: ClaimId
  readonly effect: ClaimAdjudicated['effect'] | null
  readonly accountFen: Fen
  /** Whole cost of a hospital stay; 0 of what is none, or was undone. */
  readonly inpatientFen: Fen
  /** Of care, to which its deductible counts. */
  readonly episode: string | null
}

export type AccountYear = {
  readonly year: number
  readonly totals: YearTotals
  readonly entries: readonly Entry[]
  /** The totals of the last closing; null before the first. */
  readonly closed: YearTotals | null
}

/**
 * Where the person was insured by the newest event that says it. Money taken back says nothing: on
 * a move the old region does so after the new one insures.
 */
export type Insured = {
  readonly regionCode: string
  readonly scheme: Scheme
  /** Null until a claim told it. */
  readonly status: string | null
}

export type AccountState = {
  /** May fall below 0 by a correction; then nothing is paid from it. */
  readonly balanceFen: Fen
  /** In the order in which they were first touched. */
  readonly years: readonly AccountYear[]
  readonly credits: readonly Pick<AccountCreditReceived, 'creditNo' | 'amountFen'>[]
  /** By year of the credit, ascending; what was there before is in none. */
  readonly credited: readonly CreditedYear[]
  /** Deductibles borne, by episode of care. */
  readonly episodes: readonly Episode[]
  readonly insured: Insured | null
  /** Without a claim, in their order. */
  readonly movements: readonly AccountMoved[]
  /** Whom the account may pay for. */
  readonly relatives: readonly PersonId[]
}

export const initialState: AccountState = {
  balanceFen: ZERO,
  years: [],
  credits: [],
  credited: [],
  episodes: [],
  insured: null,
  movements: [],
  relatives: [],
}

/** The year as it stands; an untouched one is empty. */
export function yearAt({ years }: Pick<AccountState, 'years'>, year: number): AccountYear {
  return (
    years.find(known => known.year === year) ?? {
      year,
      totals: EMPTY_YEAR,
      entries: [],
      closed: null,
    }
  )
}

/** What the account knows of a claim, and in which year; undefined when it never heard of it. */
export function entryOf(
  { years }: AccountState,
  claimId: ClaimId,
): { readonly year: AccountYear; readonly entry: Entry } | undefined {
  for (const year of years) {
    const entry = findEntry(year, claimId)
    if (entry !== undefined) return { year, entry }
  }
  return undefined
}

/** The entry of a claim within its year. */
export function findEntry({ entries }: AccountYear, claimId: ClaimId): Entry | undefined {
  return entries.find(entry => entry.claimId === claimId)
}

export function evolve(state: AccountState, event: AccountEvent): AccountState {
  switch (event.type) {
    case 'AccountCreditReceived':
      return credited(state, event.data)
    case 'ClaimAdjudicated':
      return adjudicated(state, event.data)
    case 'AdjudicationUndone':
      return undone(state, event.data)
    case 'YearClosed': {
      const year = yearAt(state, event.data.year)
      return withYear(state, { ...year, closed: year.totals })
    }
    case 'AccountMoved':
      return moved(state, event.data)
    case 'RelativeRegistered':
      return { ...state, relatives: [...state.relatives, event.data.relativeId] }
    default:
      return unreachable(event)
  }
}

function credited(state: AccountState, data: AccountCreditReceived): AccountState {
  const { creditNo, amountFen, balanceFen, regionCode, scheme, year } = data
  const status = state.insured?.scheme === scheme ? state.insured.status : null
  const credits = [...state.credits, { creditNo, amountFen }]
  const takesBack = amountFen < 0n && state.insured !== null
  const insured = takesBack ? state.insured : { regionCode, scheme, status }
  const credited =
    year === null ? state.credited : withCredits(state.credited, year, { creditedFen: amountFen })
  return { ...state, balanceFen, credits, credited, insured }
}

function adjudicated(state: AccountState, data: ClaimAdjudicated): AccountState {
  const { claimId, effect, accountFen, insuredRegion, scheme, status } = data
  assert(
    data.balanceBeforeFen === state.balanceFen,
    'an adjudication begins where the account stands',
  )
  const year = yearAt(state, data.year)
  const totals = changed(year.totals, apply, deltaFromMap(effect, ZERO))
  const inpatientFen = data.kind === 'inpatient' ? data.totalFen : ZERO
  const episode = episodeOf(data.facts.attributes)
  const entries = [...year.entries, { claimId, effect, accountFen, inpatientFen, episode }]
  return {
    ...withYear(state, { ...year, totals, entries }),
    balanceFen: minus(state.balanceFen, accountFen),
    credited: withCredits(state.credited, data.year, { drawnFen: drawnBy(effect, accountFen) }),
    episodes: withBorne(state.episodes, episode, deductibleIn(effect)),
    insured: { regionCode: insuredRegion, scheme, status },
  }
}

function undone(state: AccountState, data: AdjudicationUndone): AccountState {
  const { claimId, effect, balanceFen, accountFen, episode } = data
  const year = yearAt(state, data.year)
  assert(findEntry(year, claimId)?.effect, 'only a claim that counts is undone')
  const totals = changed(year.totals, undo, deltaFromMap(effect, ZERO))
  const entries = year.entries.map(entry =>
    entry.claimId === claimId
      ? { claimId, effect: null, accountFen: ZERO, inpatientFen: ZERO, episode: null }
      : entry,
  )
  const drawnFen = negate(drawnBy(effect, accountFen))
  const credited = withCredits(state.credited, data.year, { drawnFen })
  const episodes = withBorne(state.episodes, episode, negate(deductibleIn(effect)))
  return { ...withYear(state, { ...year, totals, entries }), balanceFen, credited, episodes }
}

/** What leaves takes this year's credits first; a transfer leaves all as it is, elsewhere. */
function moved(state: AccountState, data: AccountMoved): AccountState {
  const { balanceFen, amountFen, toRegion, movedOn } = data
  const { insured } = state
  const movements = [...state.movements, data]
  if (toRegion !== null) {
    return { ...state, movements, insured: insured && { ...insured, regionCode: toRegion } }
  }
  const year = yearOf(movedOn)
  const drawnFen = least(amountFen, creditsOf(state, year))
  const credited = withCredits(state.credited, year, { drawnFen })
  return { ...state, movements, balanceFen, credited }
}

function changed(totals: YearTotals, change: typeof apply, delta: TotalsDelta): YearTotals {
  const { accountFen: _lifelong, ...year } = change(totalsOf(totals, ZERO), delta)
  return year
}

function withYear(state: AccountState, year: AccountYear): AccountState {
  const known = state.years.some(other => other.year === year.year)
  const years = known
    ? state.years.map(other => (other.year === year.year ? year : other))
    : [...state.years, year]
  return { ...state, years }
}
