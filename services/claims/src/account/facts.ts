/**
 * What the engine is told of a claim: out of the claim itself, and out of the event that it made.
 */
import type {
  AdjudicationFacts,
  ClaimAdjudicated,
  ClaimSubmitted,
  FilingSeen,
} from '@tongchou/contracts/events.generated.ts'
import { type BusinessDate, yearOf } from '@tongchou/contracts/time.ts'
import type { BenefitFacts } from '../policy/facts.ts'
import { type ToldAttributes, withHistory } from './years/history.ts'

/** The fields of a claim that an adjudication reads; no name, line or diagnosis is among them. */
export type ClaimFacts = Pick<
  ClaimSubmitted,
  | 'claimId'
  | 'personId'
  | 'institutionCode'
  | 'kind'
  | 'level'
  | 'insuredRegion'
  | 'treatingRegion'
  | 'scheme'
  | 'status'
  | 'bornOn'
  | 'beginOn'
  | 'endOn'
  | 'emergency'
  | 'useAccount'
  | 'attributes'
  | 'fullSelfFen'
  | 'overLimitFen'
  | 'firstShareFen'
  | 'inScopeFen'
  | 'totalFen'
> & { readonly filings: readonly FilingSeen[] }

/** What the engine is told of a claim; of the birth date only the age that policies ask for. */
export function factsOfClaim(claim: ClaimFacts): BenefitFacts {
  const { level, bornOn, beginOn, endOn, emergency, useAccount, attributes } = claim
  const filings = claim.filings.map(filingSeen)
  const age = ageOnYearStart(bornOn, endOn)
  const facts = { level, beginOn, emergency, useAccount, ageOnYearStart: age, filings, attributes }
  return factsFrom(claim, facts)
}

/** Completed years on 1 January of the year of `on`; 0 for who was born in that year. */
export function ageOnYearStart(bornOn: BusinessDate, on: BusinessDate): number {
  const years = yearOf(on) - yearOf(bornOn)
  return bornOn.endsWith('-01-01') ? years : Math.max(0, years - 1)
}

function filingSeen({ kind, filedOn, validFrom, validTo }: FilingSeen): FilingSeen {
  return { kind, filedOn, validFrom, validTo }
}

/** What of an event the facts are in. */
export type EventFacts = Pick<
  ClaimAdjudicated,
  (keyof ClaimFacts & keyof ClaimAdjudicated) | 'facts'
>

/** The same facts out of the event. */
export function factsOfEvent(event: EventFacts): BenefitFacts {
  const { facts } = event
  return withHistory(factsFrom(event, facts), facts.history)
}

/** Without what the account told: what the claim itself carried. */
export function claimFactsOfEvent(event: EventFacts): BenefitFacts {
  return factsFrom(event, event.facts)
}

/** The fields that claim and event have in common, and the others. */
function factsFrom(
  shared: Pick<ClaimFacts, keyof ClaimFacts & keyof ClaimAdjudicated>,
  facts: Omit<AdjudicationFacts, 'history'>,
): BenefitFacts {
  const { kind, insuredRegion, treatingRegion, scheme, status, endOn } = shared
  const { fullSelfFen, overLimitFen, firstShareFen, inScopeFen, totalFen } = shared
  const { level, beginOn, emergency, useAccount, ageOnYearStart, filings, attributes } = facts
  return {
    kind,
    level,
    insuredRegion,
    treatingRegion,
    scheme,
    status,
    ageOnYearStart,
    beginOn,
    endOn,
    emergency,
    filings,
    fullSelfFen,
    overLimitFen,
    firstShareFen,
    inScopeFen,
    totalFen,
    useAccount,
    attributes,
  }
}

/** The facts that the event keeps beside its own fields, and what the account told. */
export function factsToKeep(facts: BenefitFacts, history: ToldAttributes): AdjudicationFacts {
  const { level, beginOn, emergency, useAccount, ageOnYearStart = 0, filings, attributes } = facts
  return {
    level,
    beginOn,
    emergency,
    useAccount,
    ageOnYearStart,
    filings,
    attributes: textOf(attributes),
    history,
  }
}

function textOf(attributes: BenefitFacts['attributes']): Readonly<Record<string, string>> {
  const text: Record<string, string> = {}
  for (const name in attributes) text[name] = String(attributes[name])
  return text
}
