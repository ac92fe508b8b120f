import type { KeyStore } from '@tongchou/runtime/keys/port.ts'
import type { ServiceRuntime } from '@tongchou/runtime/service/definition.ts'
import type { CommandHandler } from '@tongchou/runtime/service/handle-command.ts'
import type { NumberRefusal, NumberState, TakeNumber } from './filing/number.ts'
import type { PersonCommand } from './person/commands.ts'
import type { PersonEventType } from './person/events.ts'
import type { PersonRefusal } from './person/refusals.ts'
import type { PersonState } from './person/state.ts'

/** What the routes of this service need. */
export type Ports = {
  readonly runtime: ServiceRuntime
  readonly persons: CommandHandler<PersonCommand, PersonState, PersonEventType, PersonRefusal>
  readonly numbers: CommandHandler<TakeNumber, NumberState, 'FilingNumberTaken', NumberRefusal>
  /** One data key for each person; destroyed to erase. */
  readonly keys: KeyStore
}
