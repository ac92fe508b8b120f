/** Messages through the consumer and the decider, without store or log. */
import type { PersonId } from '@tongchou/contracts/id.ts'
import { NOW } from '@tongchou/contracts/testing/fixed.ts'
import { metaFromMessage } from '@tongchou/runtime/service/consume.ts'
import type { Recorded } from '@tongchou/runtime/service/recorded.ts'
import type { AccountEvent } from '../account/events.ts'
import { type AccountState, initialState } from '../account/state.ts'
import { ACCOUNT } from '../app.ts'
import { ADJUDICATE_GROUP, fromClaim } from '../consume/clearing-claim.ts'
import { NoPolicy } from '../consume/missing-pack.ts'
import type { PackShelf } from '../pack/shelf.ts'

/** A policy log that was read to its end. */
export const neverMissing = {
  miss: (_position: bigint, reason: string): never => {
    throw new NoPolicy(reason)
  },
}

export type Accounts = {
  readonly take: (event: Recorded) => readonly AccountEvent[]
  readonly stateOf: (personId: PersonId) => AccountState
}

/** Accounts in a map, folded as the consumer's session does it. */
export function accountsOver(shelf: PackShelf): Accounts {
  const states = new Map<string, AccountState>()
  const toCommands = fromClaim(shelf, neverMissing)
  return {
    take: event => {
      const requests = toCommands(event, metaFromMessage(event, ADJUDICATE_GROUP, NOW))
      return requests.flatMap(({ stream, command }) => {
        const before = states.get(stream) ?? initialState
        const decision = ACCOUNT.decide(command, before)
        if (!decision.accepted) throw new Error(`refused: ${decision.refusal.kind}`)
        states.set(stream, decision.events.reduce(ACCOUNT.evolve, before))
        return decision.events
      })
    },
    stateOf: personId => states.get(`account-${personId}`) ?? initialState,
  }
}
