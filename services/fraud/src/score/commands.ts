import type { CommandMeta } from '@tongchou/contracts/decision.ts'
import type { ClaimSubmitted } from '@tongchou/contracts/events.generated.ts'
import type { ClaimId, PersonId } from '@tongchou/contracts/id.ts'
import type { ClaimFacts } from './rules/rule.ts'

/** Score a submitted claim against all that was seen of the person, in every region. */
export type ScoreClaim = {
  readonly type: 'ScoreClaim'
  readonly data: ClaimFacts &
    Pick<ClaimSubmitted, 'personId' | 'insuredRegion' | 'treatingRegion' | 'institutionCode'>
  readonly meta: CommandMeta
}

/** The claim was withdrawn, reversed or rejected: it no longer counts for later claims. */
export type WithdrawScore = {
  readonly type: 'WithdrawScore'
  readonly data: { readonly claimId: ClaimId; readonly personId: PersonId }
  readonly meta: CommandMeta
}

export type ScoreCommand = ScoreClaim | WithdrawScore
