import type { CommandMeta } from '@tongchou/contracts/decision.ts'
import type {
  AdjudicationReceived,
  ClaimSubmitted,
  ScoreReceived,
} from '@tongchou/contracts/events.generated.ts'

/** Shares of a claim as `claims` adjudicated them. */
export type Adjudication = AdjudicationReceived
export type Score = ScoreReceived

type CommandOf<Type extends string, Data> = {
  readonly type: Type
  readonly data: Data
  readonly meta: CommandMeta
}

export type SubmitClaim = CommandOf<'SubmitClaim', ClaimSubmitted>
export type NoteAdjudication = CommandOf<'NoteAdjudication', Adjudication>
export type NoteScore = CommandOf<'NoteScore', Score>
export type ReleaseClaim = CommandOf<'ReleaseClaim', { readonly note: string }>
export type RejectClaim = CommandOf<
  'RejectClaim',
  { readonly reviewers: readonly string[]; readonly note: string }
>
/** Withdraws a claim that is not settled, reverses one that is. */
export type ReverseClaim = CommandOf<'ReverseClaim', { readonly reason: string }>

export type ClaimCommand =
  | SubmitClaim
  | NoteAdjudication
  | NoteScore
  | ReleaseClaim
  | RejectClaim
  | ReverseClaim
