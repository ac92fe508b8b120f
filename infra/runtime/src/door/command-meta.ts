import type { CommandMeta } from '@tongchou/contracts/decision.ts'
import type { Caller } from '../auth/caller.ts'
import { actorOf } from '../auth/caller.ts'
import type { ServiceRuntime } from '../service/definition.ts'

/**
 * Meta of a command that a caller asks for. The id is new each time: that the same request sent
 * again does nothing is the decider's doing, by natural key.
 */
export function commandMeta(
  runtime: Pick<ServiceRuntime, 'clock' | 'newId'>,
  caller: Caller,
): CommandMeta {
  const commandId = runtime.newId()
  return {
    commandId,
    correlationId: commandId,
    causationId: null,
    actor: actorOf(caller),
    now: runtime.clock(),
  }
}

/** Metas of the commands of one batch: ids of their own, the same instant. */
export function batchMeta(
  runtime: Pick<ServiceRuntime, 'clock' | 'newId'>,
  caller: Caller,
): () => CommandMeta {
  const now = runtime.clock()
  const at = { newId: runtime.newId, clock: () => now }
  return () => commandMeta(at, caller)
}
