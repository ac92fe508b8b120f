/** A reviewer's word on a held claim. */
import type { CommandMeta } from '@tongchou/contracts/decision.ts'
import type { Request } from '@tongchou/runtime/service/handle-command.ts'
import type { Recorded } from '@tongchou/runtime/service/recorded.ts'
import type { ClaimCommand } from '../claim/commands.ts'

export const REVIEW_GROUP = 'clearing.review'

export function fromCase(message: Recorded, meta: CommandMeta): readonly Request<ClaimCommand>[] {
  if (message.type === 'CaseReleased') {
    const { claimId, note } = message.data
    return [{ stream: `claim-${claimId}`, command: { type: 'ReleaseClaim', data: { note }, meta } }]
  }
  if (message.type === 'CaseRejected') {
    const { claimId, reviewers, note } = message.data
    const data = { reviewers, note }
    return [{ stream: `claim-${claimId}`, command: { type: 'RejectClaim', data, meta } }]
  }
  return []
}
