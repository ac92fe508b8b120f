/**
 * `clearing.claim.v1`: what is submitted is adjudicated; what is withdrawn, reversed or rejected is
 * undone.
 */
import type { CommandMeta } from '@tongchou/contracts/decision.ts'
import { TOPICS, type Topic } from '@tongchou/contracts/topics.ts'
import type { Request } from '@tongchou/runtime/service/handle-command.ts'
import type { Recorded } from '@tongchou/runtime/service/recorded.ts'
import type { AccountCommand, Adjudicate } from '../account/commands.ts'
import type { AccountDecision } from '../account/decide.ts'
import { factsOfClaim } from '../account/facts.ts'
import type { AccountState } from '../account/state.ts'
import type { PackShelf } from '../pack/shelf.ts'
import { type MissingPacks, NoPolicy } from './missing-pack.ts'

export const ADJUDICATE_GROUP = 'claims.adjudicate'

/** The log is asked for these only, so that no settlement is decoded for nothing. */
export const ADJUDICATE_TOPIC = {
  ...TOPICS.claim,
  events: ['ClaimSubmitted', 'ClaimWithdrawn', 'ClaimReversed', 'ClaimRejected'],
} as const satisfies Topic

const NOTHING: readonly never[] = []

export function fromClaim(shelf: PackShelf, missing: Pick<MissingPacks, 'miss'>) {
  return (message: Recorded, meta: CommandMeta): readonly Request<AccountCommand>[] => {
    switch (message.type) {
      case 'ClaimSubmitted': {
        const { claimId, personId, institutionCode } = message.data
        const facts = factsOfClaim(message.data)
        const plan = planFor(facts, message.position, { shelf, missing })
        const data = { claimId, personId, institutionCode, facts, plan }
        return [{ stream: `account-${personId}`, command: { type: 'Adjudicate', data, meta } }]
      }
      case 'ClaimWithdrawn':
      case 'ClaimReversed':
      case 'ClaimRejected': {
        const { claimId, personId } = message.data
        const data = { claimId, personId }
        return [
          { stream: `account-${personId}`, command: { type: 'UndoAdjudication', data, meta } },
        ]
      }
      default:
        return NOTHING
    }
  }
}

function planFor(
  { insuredRegion, scheme, endOn }: Adjudicate['data']['facts'],
  position: bigint,
  { shelf, missing }: { readonly shelf: PackShelf; readonly missing: Pick<MissingPacks, 'miss'> },
) {
  const plan = shelf.planInForce(insuredRegion, scheme, endOn)
  if (plan !== undefined) return plan
  return missing.miss(position, `no pack in force: ${placeOf(insuredRegion, scheme, endOn)}`)
}

function placeOf(region: string, scheme: string, on: string): string {
  return `region ${region}, scheme ${scheme}, ${on}`
}

type Decide = (command: AccountCommand, state: AccountState) => AccountDecision

/**
 * The decider for a consumer: a pack that does not compute the claim parks it with a reason that
 * says why.
 */
export function parkingNoPolicy(decide: Decide): Decide {
  return (command, state) => {
    const decision = decide(command, state)
    if (command.type !== 'Adjudicate' || decision.accepted) return decision
    if (decision.refusal.kind !== 'no-policy') return decision
    const { region, scheme, on, because, path, missing } = decision.refusal
    throw new NoPolicy(`${placeOf(region, scheme, on)}: ${because} at ${path}: ${missing.en}`)
  }
}
