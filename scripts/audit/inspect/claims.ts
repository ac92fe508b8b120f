/** Claims: packs, the fold of every account, every adjudication computed again. */
import { hash } from 'node:crypto'
import type { AccountEvent } from '@tongchou/claims/account/events.ts'
import { ACCOUNT_EVENTS, isAccountEvent } from '@tongchou/claims/account/events.ts'
import { claimFactsOfEvent } from '@tongchou/claims/account/facts.ts'
import {
  type AccountState,
  type AccountYear,
  type Entry,
  evolve,
  initialState,
  yearAt,
} from '@tongchou/claims/account/state.ts'
import { episodeOf } from '@tongchou/claims/account/years/episodes.ts'
import { followAccount } from '@tongchou/claims/explanation/recompute.ts'
import { loadPolicy } from '@tongchou/claims/policy/load.ts'
import type { Plan } from '@tongchou/claims/policy/plan/plan.ts'
import { totalsFromMap } from '@tongchou/claims/policy/totals.ts'
import type {
  AccountCreditReceived,
  AdjudicationUndone,
  ClaimAdjudicated,
  PackPublished,
} from '@tongchou/contracts/events.generated.ts'
import type { ClaimId, PersonId } from '@tongchou/contracts/id.ts'
import { ZERO } from '@tongchou/contracts/money.ts'
import type { EventRow } from '@tongchou/runtime/audit/snapshot/event-rows.ts'
import type { Recorded } from '@tongchou/runtime/service/recorded.ts'
import type { Tally } from '../checks.ts'
import type { Writer } from '../event/writer.ts'
import type { Outbox } from '../join/outbox.ts'
import type { Inspector } from '../lane.ts'
import { creditText, factsText } from './contents.ts'
import { sharesIn } from './shares.ts'

/**
 * Twelve bytes stand for what a claim added, so that an account stays small however many claims it
 * has.
 */
const EFFECT_BYTES = 12
const UNDONE = ''

export class ClaimsInspector implements Inspector {
  readonly types = new Set<string>(['PackPublished', ...ACCOUNT_EVENTS])
  readonly #tally: Tally
  readonly #outbox: Outbox
  readonly #plans = new Map<string, Plan>()
  readonly #accounts = new Map<PersonId, AccountState>()
  readonly #effects = new Map<ClaimId, string>()

  constructor(tally: Tally, outbox: Outbox) {
    this.#tally = tally
    this.#outbox = outbox
  }

  event(event: Recorded): void {
    if (event.type === 'PackPublished') this.#pack(event, event.data)
    if (!isAccountEvent(event)) return
    if (event.type === 'AccountCreditReceived') this.#credited(event, event.data)
    if (event.type === 'ClaimAdjudicated') this.#adjudicated(event, event.data)
    this.#follow(event, event)
  }

  bytes(row: EventRow, writer: Writer): void {
    if (writer.name !== 'ClaimAdjudicated') return
    const { claimId, content } = sharesIn(row, writer)
    this.#outbox.shares.said.add(claimId, content, { position: row.position })
  }

  #pack(event: Recorded, { packHash, pack }: PackPublished): void {
    this.#tally.checked('packs')
    const loaded = loadPolicy(parsed(pack))
    if (!loaded.ok) {
      const path = loaded.problems[0]?.path ?? ''
      this.#tally.found('packs', event, `pack ${packHash} does not load: ${path}`)
    } else if (loaded.hash !== packHash) {
      this.#tally.found('packs', event, `pack ${packHash} has the content of ${loaded.hash}`)
    } else {
      this.#plans.set(packHash, loaded.plan)
    }
  }

  #credited({ position }: Recorded, credit: AccountCreditReceived): void {
    const key = `${credit.personId} ${credit.creditNo}`
    this.#outbox.credits.repeated.add(key, creditText(credit), { position })
  }

  #adjudicated(event: Recorded, data: ClaimAdjudicated): void {
    const { claimId, personId, institutionCode } = data
    const facts = factsText(personId, institutionCode, claimFactsOfEvent(data))
    this.#outbox.facts.repeated.add(claimId, facts, event)
    if (this.#effects.has(claimId)) {
      this.#tally.found('accounts', event, `claim ${claimId} is adjudicated a second time`)
    }
    this.#effects.set(claimId, effectOf({ ...data, episode: episodeOf(data.facts.attributes) }))
  }

  #follow(event: AccountEvent, place: Recorded): void {
    const { personId } = event.data
    const adjudicated = event.type === 'ClaimAdjudicated'
    this.#tally.checked('accounts')
    if (adjudicated) this.#tally.checked('adjudications')
    const known = this.#accounts.get(personId) ?? initialState
    const before = event.type === 'AdjudicationUndone' ? this.#withEntry(known, event.data) : known
    const { state, difference } = followAccount(before, event, packHash =>
      this.#plans.get(packHash),
    )
    if (difference !== null) {
      const { field, stored, recomputed } = difference
      const ofFold = !adjudicated || field === 'balanceFen' || field.startsWith('before.')
      const detail = `${event.type} ${field}: ${stored} instead of ${recomputed}`
      this.#tally.found(ofFold ? 'accounts' : 'adjudications', place, detail)
    }
    this.#accounts.set(personId, small(difference === null ? state : believed(before, event)))
  }

  /** The account with the claim's entry, when the event takes away just what the claim added. */
  #withEntry(state: AccountState, data: AdjudicationUndone): AccountState {
    const { claimId } = data
    if (this.#effects.get(claimId) !== effectOf(data)) return state
    this.#effects.set(claimId, UNDONE)
    return withEntries(state, data, [entryOf(data)])
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

type Effect = Pick<AdjudicationUndone, 'claimId' | 'year' | 'effect' | 'accountFen' | 'episode'>

function effectOf({ year, effect, accountFen, episode }: Effect): string {
  let text = `${year} ${accountFen} ${episode ?? ''}`
  for (const name of Object.keys(effect).sort()) text += ` ${name}=${effect[name]}`
  return hash('sha256', text, 'binary').slice(0, EFFECT_BYTES)
}

function entryOf({ claimId, effect, accountFen, episode }: Effect): Entry {
  return { claimId, effect, accountFen, inpatientFen: ZERO, episode }
}

function withEntries(
  state: AccountState,
  { year }: { readonly year: number },
  entries: readonly Entry[],
): AccountState {
  return withYear(state, { ...yearAt(state, year), entries })
}

function withYear(state: AccountState, year: AccountYear): AccountState {
  const others = state.years.filter(other => other.year !== year.year)
  return { ...state, years: [...others, year] }
}

/** The account without what the audit keeps elsewhere: entries of claims, credit numbers. */
function small(state: AccountState): AccountState {
  const years = state.years.map(year =>
    year.entries.length === 0 ? year : { ...year, entries: [] },
  )
  return { ...state, years, credits: [], movements: [], relatives: [] }
}

/** After a break the audit goes on from what the event itself says, so that it is found once. */
function believed(state: AccountState, event: AccountEvent): AccountState {
  if (event.type === 'YearClosed') return state
  if (event.type === 'ClaimAdjudicated') {
    const { balanceBeforeFen: balanceFen, year, before } = event.data
    const totals = totalsFromMap(before)
    const told = withYear({ ...state, balanceFen }, { ...yearAt(state, year), totals, entries: [] })
    return evolve(told, event)
  }
  if (event.type === 'AdjudicationUndone') {
    return evolve(withEntries(state, event.data, [entryOf(event.data)]), event)
  }
  return evolve(state, event)
}
