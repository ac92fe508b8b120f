import type { ClaimLine, ClaimSubmitted } from '@tongchou/contracts/events.generated.ts'
import type { ClaimId } from '@tongchou/contracts/id.ts'
import type { Fen } from '@tongchou/contracts/money.ts'
import type { WatchState } from '../state.ts'

/** What the rules look at; the rest of a submitted claim plays no part in its score. */
export type ClaimFacts = Pick<
  ClaimSubmitted,
  'claimId' | 'kind' | 'beginOn' | 'endOn' | 'sex' | 'bornOn' | 'fingerprint' | 'totalFen'
> & {
  readonly lines: readonly LineFacts[]
  /** From this total on a claim is verified before it is paid; absent: none is for its size. */
  readonly largeFromFen?: Fen
}

/** The limits are those of the treating region's catalogue on the line's date. */
export type LineFacts = Pick<ClaimLine, 'itemCode' | 'on' | 'onlySex' | 'minAge' | 'maxAge'>

/**
 * A rule that a claim breaks: how often, and one sentence with the first instance. The sentence
 * holds neither the person's age nor where another claim was made, since the submitting hospital
 * reads it.
 */
export type Hit = {
  readonly count: number
  readonly detail: string
  /** The first claim, in the order in which they were seen, that this one collides with. */
  readonly otherClaimId: ClaimId | null
}

/** Pure: null when the claim does not break the rule. */
export type Rule = (claim: ClaimFacts, seen: WatchState) => Hit | null
