/** The entitlement of a person on a day as JSON. */
import type { EntitlementJson } from '@tongchou/contracts/http/account.ts'
import type { Uuid } from '@tongchou/contracts/id.ts'
import { type Fen, fenToJson } from '@tongchou/contracts/money.ts'
import { type BusinessDate, yearOf } from '@tongchou/contracts/time.ts'
import { totalsFor } from '../account/adjudicated.ts'
import { amountsJson } from '../account/answer.ts'
import type { AccountEvent } from '../account/events.ts'
import { ageOnYearStart } from '../account/facts.ts'
import { type AccountState, type Insured, yearAt } from '../account/state.ts'
import { historyFor, type ToldAttributes } from '../account/years/history.ts'
import type { Plan } from '../policy/plan/plan.ts'
import { totalsToMap } from '../policy/totals.ts'
import { type Asked, type BenefitLeft, leftUnder } from './left.ts'

/** More claims and credits than all but a few people have in a year. */
const EVENTS_SHOWN = 200

type Stored = AccountEvent & { readonly id: Uuid }

export type Entitled = {
  readonly state: AccountState
  readonly events: readonly Stored[]
  readonly on: BusinessDate
  /** Null when nobody told where the person is insured. */
  readonly insured: Insured | null
  /** The pack in force there; undefined when there is none. */
  readonly plan: Plan | undefined
  readonly told: Told
}

/** What no event of the account says: enrolment knows it, or whoever asks. */
export type Told = {
  readonly bornOn: BusinessDate | null
  /** Further facts that a claim on that day would carry, the insured years among them. */
  readonly attributes: ToldAttributes
}

/** Without a pack or a status only what was used is told. */
export function entitlementJson(entitled: Entitled): Omit<EntitlementJson, 'personId'> {
  const { state, events, on, insured, plan } = entitled
  const year = yearOf(on)
  const { totals, entries } = yearAt(state, year)
  const counting = new Set(
    entries.filter(({ effect }) => effect !== null).map(({ claimId }) => claimId),
  )
  const used = events.filter(
    event => event.type === 'ClaimAdjudicated' && counting.has(event.data.claimId),
  )
  const asked = askedOf(entitled)
  const credits = events.filter(({ type }) => type === 'AccountCreditReceived')
  return {
    on,
    year,
    accountFen: fenToJson(state.balanceFen),
    totals: amountsJson(totalsToMap(totals)),
    insured,
    policy: plan === undefined ? null : policyJson(plan),
    attributes: asked?.attributes ?? {},
    benefits: leftFor(entitled, asked).map(benefitJson),
    claims: newest(used).flatMap(claimJson),
    credits: newest(credits).flatMap(creditJson),
    accountUses: newest(usesOf(events)).flatMap(useJson),
    claimsOfYear: used.length,
  }
}

type Asking = Asked & { readonly attributes: ToldAttributes }

/** With what earlier years say, as a claim of that day would be told it. */
function askedOf({ state, on, insured, plan, told }: Entitled): Asking | null {
  if (plan === undefined || insured === null || insured.status === null) return null
  const { regionCode: region, status } = insured
  const { bornOn, attributes } = told
  const age = bornOn === null ? {} : { ageOnYearStart: ageOnYearStart(bornOn, on) }
  const asked = { region, status, on, attributes, ...age }
  const history = historyFor(plan, { ...asked, endOn: on }, state)
  return { ...asked, attributes: { ...attributes, ...history } }
}

function leftFor({ state, on, plan }: Entitled, asked: Asked | null): readonly BenefitLeft[] {
  if (plan === undefined || asked === null) return []
  const { totals } = yearAt(state, yearOf(on))
  return leftUnder(plan, totalsFor(totals, state.balanceFen), asked)
}

function policyJson({ hash, name, effectiveFrom }: Plan): EntitlementJson['policy'] {
  return { packHash: hash, name, effectiveFrom }
}

function benefitJson(left: BenefitLeft): EntitlementJson['benefits'][number] {
  const { kind, levels, deductibleLeftFen, deductible, layers, cannotCompute } = left
  return {
    kind,
    levels: [...levels],
    deductibleLeftFen: orNull(deductibleLeftFen),
    deductible:
      deductible === null
        ? null
        : {
            per: deductible.per,
            usedFen: fenToJson(deductible.usedFen),
            counts: [...deductible.counts],
          },
    layers: layers.map(({ layer, payer, capFen, usedFen, leftFen, counts, measure, bands }) => ({
      layer,
      payer,
      capFen: orNull(capFen),
      usedFen: orNull(usedFen),
      leftFen: orNull(leftFen),
      counts: [...counts],
      measure,
      bands: bands.map(band => ({
        fromFen: fenToJson(band.fromFen),
        toFen: orNull(band.toFen),
        fundBp: band.fundBp,
        leftFen: orNull(band.leftFen),
      })),
    })),
    cannotCompute,
  }
}

function orNull(amount: Fen | null): number | null {
  return amount === null ? null : fenToJson(amount)
}

function newest(events: readonly Stored[]): readonly Stored[] {
  return events.slice(-EVENTS_SHOWN).toReversed()
}

function claimJson(event: Stored): EntitlementJson['claims'] {
  if (event.type !== 'ClaimAdjudicated') return []
  const { claimId, endOn, kind, packHash, accountFen, effect } = event.data
  const amounts = { accountFen: fenToJson(accountFen), effect: amountsJson(effect) }
  return [{ claimId, eventId: event.id, endOn, kind, packHash, ...amounts }]
}

/** What the account paid: claims of any year that still count, and money without a claim. */
function usesOf(events: readonly Stored[]): readonly Stored[] {
  const undone = new Set(
    events.flatMap(({ type, data }) => (type === 'AdjudicationUndone' ? [data.claimId] : [])),
  )
  return events.filter(({ type, data }) => {
    // A transfer to another region leaves the balance with the person.
    if (type === 'AccountMoved') return data.kind !== 'transfer'
    return type === 'ClaimAdjudicated' && data.accountFen > 0n && !undone.has(data.claimId)
  })
}

function useJson(event: Stored): EntitlementJson['accountUses'] {
  const { id: eventId, type, data } = event
  if (type === 'AccountMoved') {
    const { kind, movementNo, movedOn: on, amountFen } = data
    if (kind === 'transfer') return []
    return [{ eventId, kind, claimId: null, movementNo, on, amountFen: fenToJson(amountFen) }]
  }
  if (type !== 'ClaimAdjudicated') return []
  const { claimId, endOn: on, accountFen: amountFen } = data
  const claim = { kind: 'claim' as const, claimId, movementNo: null }
  return [{ eventId, ...claim, on, amountFen: fenToJson(amountFen) }]
}

function creditJson(event: Stored): EntitlementJson['credits'] {
  if (event.type !== 'AccountCreditReceived') return []
  const { creditNo, amountFen } = event.data
  return [{ eventId: event.id, creditNo, amountFen: fenToJson(amountFen) }]
}
