/** Messages through the consumer and the decider, without store or log. */
import { NOW } from '@tongchou/contracts/testing/fixed.ts'
import { metaFromMessage } from '@tongchou/runtime/service/consume.ts'
import type { Recorded } from '@tongchou/runtime/service/recorded.ts'
import type { AccountCommand } from '../account/commands.ts'
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
  readonly handle: (command: AccountCommand) => readonly AccountEvent[]
  readonly take: (event: Recorded) => readonly AccountEvent[]
  readonly stateOf: (personId: string) => AccountState
}

/** Accounts in a map, folded as the consumer's session does it. */
export function accountsOver(shelf: PackShelf): Accounts {
  const states = new Map<string, AccountState>()
  const toCommands = fromClaim(shelf, neverMissing)
  const stateOf = (personId: string) => states.get(personId) ?? initialState
  const handle = (command: AccountCommand) => {
    const { personId } = command.data
    const decision = ACCOUNT.decide(command, stateOf(personId))
    if (!decision.accepted) throw new Error(`refused: ${decision.refusal.kind}`)
    states.set(personId, decision.events.reduce(ACCOUNT.evolve, stateOf(personId)))
    return decision.events
  }
  return {
    handle,
    stateOf,
    take: event => {
      const requests = toCommands(event, metaFromMessage(event, ADJUDICATE_GROUP, NOW))
      return requests.flatMap(({ command }) => handle(command))
    },
  }
}
