/**
 * `clearing.claim.v1` twice: `fraud.score` scores what is submitted, `fraud.case` opens a case for
 * what is held. Each asks the log for the events it acts on only, so that no claim is decoded for
 * nothing.
 */
import type { CommandMeta } from '@tongchou/contracts/decision.ts'
import { fen } from '@tongchou/contracts/money.ts'
import type { Topic } from '@tongchou/contracts/topics.ts'
import { TOPICS } from '@tongchou/contracts/topics.ts'
import type { Request } from '@tongchou/runtime/service/handle-command.ts'
import type { Recorded } from '@tongchou/runtime/service/recorded.ts'
import type { CaseCommand } from '../case/commands.ts'
import type { ScoreCommand } from '../score/commands.ts'

export const SCORE_GROUP = 'fraud.score'
export const CASE_GROUP = 'fraud.case'

export const SCORE_TOPIC = {
  ...TOPICS.claim,
  events: ['ClaimSubmitted', 'ClaimWithdrawn', 'ClaimReversed', 'ClaimRejected'],
} as const satisfies Topic

export const CASE_TOPIC = {
  ...TOPICS.claim,
  events: ['ClaimHeld', 'ClaimWithdrawn'],
} as const satisfies Topic

const NOTHING: readonly never[] = []

export function toScoreCommands(
  message: Recorded,
  meta: CommandMeta,
): readonly Request<ScoreCommand>[] {
  switch (message.type) {
    case 'ClaimSubmitted': {
      const { data } = message
      return [{ stream: `watch-${data.personId}`, command: { type: 'ScoreClaim', data, meta } }]
    }
    case 'ClaimWithdrawn':
    case 'ClaimReversed':
    case 'ClaimRejected': {
      const { claimId, personId } = message.data
      const data = { claimId, personId }
      return [{ stream: `watch-${personId}`, command: { type: 'WithdrawScore', data, meta } }]
    }
    default:
      return NOTHING
  }
}

/** `largeFromFen`: a total from it on is held for a check; 0: none is for its size. */
export function scoreCommands(largeFromFen: bigint): typeof toScoreCommands {
  if (largeFromFen === 0n) return toScoreCommands
  const large = { largeFromFen: fen(largeFromFen) }
  return (message, meta) =>
    toScoreCommands(message, meta).map(({ stream, command }) => ({
      stream,
      command:
        command.type === 'ScoreClaim'
          ? { ...command, data: { ...command.data, ...large } }
          : command,
    }))
}

/** `twoPersonFen`: a total above it needs two different reviewers. */
export function caseCommands(twoPersonFen: bigint) {
  return (message: Recorded, meta: CommandMeta): readonly Request<CaseCommand>[] => {
    switch (message.type) {
      case 'ClaimHeld': {
        const { claimId, personId, insuredRegion, treatingRegion } = message.data
        const { institutionCode, totalFen, reasons } = message.data
        const approvalsNeeded = totalFen > twoPersonFen ? 2 : 1
        const facts = { claimId, personId, insuredRegion, treatingRegion, institutionCode }
        const data = { ...facts, totalFen, reasons, approvalsNeeded }
        return [{ stream: `case-${claimId}`, command: { type: 'OpenCase', data, meta } }]
      }
      case 'ClaimWithdrawn': {
        const { data } = message
        return [{ stream: `case-${data.claimId}`, command: { type: 'CloseCase', data, meta } }]
      }
      default:
        return NOTHING
    }
  }
}
