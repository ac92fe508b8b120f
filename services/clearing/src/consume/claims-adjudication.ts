/** Shares from `claims` come to the claim. */
import type { CommandMeta } from '@tongchou/contracts/decision.ts'
import type { Request } from '@tongchou/runtime/service/handle-command.ts'
import type { Recorded } from '@tongchou/runtime/service/recorded.ts'
import type { ClaimCommand } from '../claim/commands.ts'
import { sharesOf } from '../claim/decide.ts'

export const ADJUDICATION_GROUP = 'clearing.join.adjudication'

export function fromAdjudication(
  message: Recorded,
  meta: CommandMeta,
): readonly Request<ClaimCommand>[] {
  if (message.type !== 'ClaimAdjudicated') return []
  const data = sharesOf(message.data)
  return [{ stream: `claim-${data.claimId}`, command: { type: 'NoteAdjudication', data, meta } }]
}
