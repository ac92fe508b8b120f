/** Fixed time and ids for tests: the same in every run. */
import type { CommandMeta } from '../decision.ts'
import type { Uuid } from '../id.ts'
import { NAMESPACE, uuidFrom } from '../id.ts'
import type { Instant } from '../time.ts'

export const NOW = '2025-03-10T02:00:00.000Z' as Instant

/** An id that stands for a name. */
export function idFor<T extends Uuid = Uuid>(name: string): T {
  return uuidFrom<T>(NAMESPACE.command, name)
}

export function fixedMeta(name = 'command'): CommandMeta {
  const commandId = idFor(name)
  return { commandId, correlationId: commandId, causationId: null, actor: 'service:test', now: NOW }
}
