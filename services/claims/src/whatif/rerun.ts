/**
 * Stored adjudications computed again under a draft. A claim begins with the totals that its event
 * names and with what the draft has made of the claims before it: so nothing before the period is
 * read, and each claim meets the deductibles and caps that it would have met.
 */
import { assert } from '@tongchou/contracts/decision.ts'
import type { AdjudicationUndone, ClaimAdjudicated } from '@tongchou/contracts/events.generated.ts'
import { type Fen, fen, minus } from '@tongchou/contracts/money.ts'
import { layersOf, totalsFor } from '../account/adjudicated.ts'
import { factsOfEvent } from '../account/facts.ts'
import { adjudicate } from '../policy/adjudicate.ts'
import type { NoPolicy } from '../policy/outcome.ts'
import type { Plan } from '../policy/plan/plan.ts'
import { addToMap, deltaToMap, type TotalsMap, totalsFromMap } from '../policy/totals.ts'

/** What of an adjudication is read. */
export type StoredClaim = Omit<
  ClaimAdjudicated,
  | 'filing'
  | 'fundBp'
  | 'deductibleFen'
  | 'pooledFen'
  | 'catastrophicFen'
  | 'otherFundFen'
  | 'packHash'
>
export type StoredUndoing = Pick<AdjudicationUndone, 'claimId' | 'personId' | 'year'>

/** Who pays how much of a claim; Σ funds + account + cash = total. */
export type Paid = {
  readonly funds: ReadonlyMap<string, Fen>
  readonly accountFen: Fen
  readonly cashFen: Fen
}

export type Compared =
  | { readonly kind: 'computed'; readonly stored: Paid; readonly draft: Paid }
  | { readonly kind: 'not-computed'; readonly because: NoPolicy }

export type Period = {
  readonly region: string
  readonly from: string
  /** Included. */
  readonly to: string
}

/** How far the draft has led away from what is stored; nothing is kept where it has not. */
type Apart = { accountFen: Fen; readonly years: Map<number, TotalsMap> }

/** In plain JSON, for a checkpoint. */
export type SavedApart = readonly (readonly [
  person: string,
  accountFen: string,
  years: readonly (readonly [year: number, totals: Readonly<Record<string, string>>])[],
])[]
export type SavedRerun = {
  readonly apart: SavedApart
  readonly open: readonly (readonly [claim: string, Readonly<Record<string, string>>, string])[]
}

const NOTHING: TotalsMap = {}

export class Rerun {
  readonly #plan: Plan
  readonly #period: Period
  /** Claims that are undone later: they count until then, and in no figure. */
  readonly #undone: ReadonlySet<string>
  readonly #apart = new Map<string, Apart>()
  readonly #open = new Map<string, { readonly totals: TotalsMap; readonly accountFen: Fen }>()

  constructor(draft: Plan, period: Period, undone: ReadonlySet<string>) {
    // The draft is tried on claims of a time when it was not in force.
    this.#plan = { ...draft, region: period.region, effectiveFrom: null, effectiveTo: null }
    this.#period = period
    this.#undone = undone
  }

  /** Undefined for a claim that the draft or the period leaves out, and for one undone later. */
  claim(event: StoredClaim): Compared | undefined {
    if (!this.#concerns(event)) return undefined
    const known = this.#apart.get(event.personId)
    const apart = known?.years.get(event.year) ?? NOTHING
    const before = known === undefined ? event.before : addToMap(event.before, apart, 1n)
    const balanceFen = fen(event.balanceBeforeFen + (known?.accountFen ?? 0n))
    const totals = totalsFor(totalsFromMap(before), balanceFen)
    const outcome = adjudicate(this.#plan, factsOfEvent(event), totals)
    const counts = !this.#undone.has(event.claimId)
    if (outcome.kind === 'no-policy') {
      return counts ? { kind: 'not-computed', because: outcome } : undefined
    }
    const step = addToMap(deltaToMap(outcome.effect), event.effect, -1n)
    const accountFen = minus(event.accountFen, outcome.accountFen)
    this.#lead(event, step, accountFen)
    if (!counts) {
      this.#open.set(event.claimId, { totals: step, accountFen })
      return undefined
    }
    return {
      kind: 'computed',
      stored: paidOf(event, event.layers),
      draft: paidOf(outcome, layersOf(outcome)),
    }
  }

  /** Takes back what the draft had made of a claim that is undone here. */
  undo(event: StoredUndoing): void {
    const open = this.#open.get(event.claimId)
    if (open === undefined) return
    this.#open.delete(event.claimId)
    this.#lead(event, addToMap(NOTHING, open.totals, -1n), fen(-open.accountFen))
  }

  #concerns({ insuredRegion, scheme, endOn }: StoredClaim): boolean {
    const { region, from, to } = this.#period
    const own = insuredRegion === region && scheme === this.#plan.scheme
    return own && endOn >= from && endOn <= to
  }

  #lead(
    { personId, year }: Pick<StoredClaim, 'personId' | 'year'>,
    step: TotalsMap,
    accountFen: Fen,
  ): void {
    const known = this.#apart.get(personId)
    if (known === undefined && accountFen === 0n && isEmpty(step)) return
    const apart = known ?? { accountFen: fen(0), years: new Map() }
    apart.accountFen = fen(apart.accountFen + accountFen)
    const totals = addToMap(apart.years.get(year) ?? NOTHING, step, 1n)
    if (isEmpty(totals)) apart.years.delete(year)
    else apart.years.set(year, totals)
    if (apart.accountFen === 0n && apart.years.size === 0) this.#apart.delete(personId)
    else this.#apart.set(personId, apart)
  }

  save(): SavedRerun {
    return {
      apart: [...this.#apart].map(([person, { accountFen, years }]) => [
        person,
        String(accountFen),
        [...years].map(([year, totals]) => [year, textMap(totals)] as const),
      ]),
      open: [...this.#open].map(([claim, { totals, accountFen }]) => [
        claim,
        textMap(totals),
        String(accountFen),
      ]),
    }
  }

  restore({ apart, open }: SavedRerun): void {
    assert(this.#apart.size === 0, 'a run is restored before its first claim')
    for (const [person, accountFen, years] of apart) {
      const maps = years.map(([year, totals]) => [year, amountMap(totals)] as const)
      this.#apart.set(person, { accountFen: fen(BigInt(accountFen)), years: new Map(maps) })
    }
    for (const [claim, totals, accountFen] of open) {
      this.#open.set(claim, { totals: amountMap(totals), accountFen: fen(BigInt(accountFen)) })
    }
  }
}

const ACCOUNT = '.account'

type Layers = readonly { readonly fund: string; readonly amountFen: Fen }[]

function paidOf(
  { accountFen, cashFen }: Pick<Paid, 'accountFen' | 'cashFen'>,
  layers: Layers,
): Paid {
  const funds = new Map<string, Fen>()
  for (const { fund, amountFen } of layers) {
    if (fund.endsWith(ACCOUNT)) continue
    funds.set(fund, fen((funds.get(fund) ?? 0n) + amountFen))
  }
  return { funds, accountFen, cashFen }
}

function isEmpty(map: TotalsMap): boolean {
  for (const _ in map) return false
  return true
}

function textMap(map: TotalsMap): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, String(value)]))
}

function amountMap(map: Readonly<Record<string, string>>): TotalsMap {
  return Object.fromEntries(Object.entries(map).map(([name, text]) => [name, BigInt(text)]))
}
