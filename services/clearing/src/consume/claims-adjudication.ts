/** Shares from `claims` come to the claim. */
import { projection } from '@tongchou/contracts/avro/projection.ts'
import type { CommandMeta } from '@tongchou/contracts/decision.ts'
import { TOPICS, type Topic } from '@tongchou/contracts/topics.ts'
import type { Request } from '@tongchou/runtime/service/handle-command.ts'
import type { Recorded } from '@tongchou/runtime/service/recorded.ts'
import type { Adjudication, ClaimCommand } from '../claim/commands.ts'

export const ADJUDICATION_GROUP = 'clearing.join.adjudication'

/** The shares, without the totals and facts that they were computed from. */
export const readAdjudication = projection<'ClaimAdjudicated', Adjudication>('ClaimAdjudicated', {
  claimId: true,
  personId: true,
  institutionCode: true,
  insuredRegion: true,
  treatingRegion: true,
  scheme: true,
  status: true,
  kind: true,
  endOn: true,
  packHash: true,
  filing: true,
  fundBp: true,
  fullSelfFen: true,
  overLimitFen: true,
  firstShareFen: true,
  inScopeFen: true,
  deductibleFen: true,
  pooledFen: true,
  catastrophicFen: true,
  otherFundFen: true,
  accountFen: true,
  cashFen: true,
  totalFen: true,
  layers: { layer: true, fund: true, amountFen: true },
})

/**
 * Only what is adjudicated matters here: an undone adjudication follows from the claim's own end.
 */
export const ADJUDICATED = {
  ...TOPICS.adjudication,
  events: ['ClaimAdjudicated'],
} as const satisfies Topic

export function fromAdjudication(
  message: Recorded,
  meta: CommandMeta,
): readonly Request<ClaimCommand>[] {
  if (message.type !== 'ClaimAdjudicated') return []
  const { data } = message
  return [{ stream: `claim-${data.claimId}`, command: { type: 'NoteAdjudication', data, meta } }]
}
