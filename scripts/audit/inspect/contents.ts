/** What stores must say alike, as text: equal exactly when everything in it is. */
import type { BenefitFacts } from '@tongchou/claims/policy/facts.ts'
import type { AccountCredited } from '@tongchou/contracts/events.generated.ts'
import type { Entry } from '@tongchou/funds/journal/entries.ts'

/** What an adjudication is told of a claim. */
export function factsText(personId: string, institutionCode: string, facts: BenefitFacts): string {
  const { kind, level, insuredRegion, treatingRegion, scheme, status, ageOnYearStart = 0 } = facts
  const { beginOn, endOn, emergency, useAccount } = facts
  const { fullSelfFen, overLimitFen, firstShareFen, inScopeFen, totalFen } = facts
  const who = `${personId} ${institutionCode} ${kind} ${level} ${insuredRegion} ${treatingRegion}`
  const what = `${scheme} ${status} ${ageOnYearStart} ${beginOn} ${endOn} ${emergency}`
  const split = `${fullSelfFen} ${overLimitFen} ${firstShareFen} ${inScopeFen} ${totalFen}`
  let text = `${who}\n${what} ${useAccount}\n${split}`
  for (const filing of facts.filings) {
    text += `\n${filing.kind} ${filing.filedOn} ${filing.validFrom} ${filing.validTo}`
  }
  const names = Object.keys(facts.attributes).sort()
  for (const name of names) text += `\n${name}=${facts.attributes[name]}`
  return text
}

type Credit = Pick<AccountCredited, 'personId' | 'regionCode' | 'scheme' | 'amountFen'>

/** Money that goes into a personal account. */
export function creditText({ personId, regionCode, scheme, amountFen }: Credit): string {
  return `${personId} ${regionCode} ${scheme} ${amountFen}`
}

/** An entry of the books with its lines. */
export function entryText({ kind, sourcePosition, claimId, lines }: Entry): string {
  let text = `${kind} ${sourcePosition} ${claimId}`
  for (const { entity, account, counterparty, amountFen } of lines) {
    text += `\n${entity} ${account} ${counterparty} ${amountFen}`
  }
  return text
}
