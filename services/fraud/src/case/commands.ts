import type { CommandMeta } from '@tongchou/contracts/decision.ts'
import type { CaseOpened } from '@tongchou/contracts/events.generated.ts'
import type { ClaimId, PersonId } from '@tongchou/contracts/id.ts'

/**
 * A claim was held: it waits for a reviewer. `approvalsNeeded` is decided by the amount at the
 * edge.
 */
export type OpenCase = {
  readonly type: 'OpenCase'
  readonly data: CaseOpened
  readonly meta: CommandMeta
}

/** What a reviewer decides; who the reviewer is comes from the token. */
export type Review = {
  readonly claimId: ClaimId
  /** Account of the reviewer. */
  readonly reviewer: string
  /** Null: a reviewer of all regions. */
  readonly reviewerRegion: string | null
  readonly note: string
}

export type ReleaseCase = {
  readonly type: 'ReleaseCase'
  readonly data: Review
  readonly meta: CommandMeta
}

export type RejectCase = {
  readonly type: 'RejectCase'
  readonly data: Review
  readonly meta: CommandMeta
}

/** The claim was withdrawn: nothing is left to decide. */
export type CloseCase = {
  readonly type: 'CloseCase'
  readonly data: {
    readonly claimId: ClaimId
    readonly personId: PersonId
    readonly reason: string
  }
  readonly meta: CommandMeta
}

export type CaseCommand = OpenCase | ReleaseCase | RejectCase | CloseCase
