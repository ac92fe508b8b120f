/** The score comes to the claim. */
import type { CommandMeta } from '@tongchou/contracts/decision.ts'
import type { Request } from '@tongchou/runtime/service/handle-command.ts'
import type { Recorded } from '@tongchou/runtime/service/recorded.ts'
import type { ClaimCommand } from '../claim/commands.ts'

export const SCORE_GROUP = 'clearing.join.score'

export function fromScore(message: Recorded, meta: CommandMeta): readonly Request<ClaimCommand>[] {
  if (message.type !== 'ClaimScored') return []
  const { claimId, personId, score, outcome, reasons } = message.data
  const data = { claimId, personId, score, outcome, reasons }
  return [{ stream: `claim-${claimId}`, command: { type: 'NoteScore', data, meta } }]
}
