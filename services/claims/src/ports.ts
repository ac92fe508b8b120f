/** What the routes need from outside. */
import type { ServiceRuntime } from '@tongchou/runtime/service/definition.ts'
import type { CommandHandler } from '@tongchou/runtime/service/handle-command.ts'
import type { AccountCommand } from './account/commands.ts'
import type { AccountRefusal } from './account/decide.ts'
import type { AccountEventType } from './account/events.ts'
import type { AccountState } from './account/state.ts'
import type { PublishPack } from './pack/commands.ts'
import type { PackRefusal } from './pack/decide.ts'
import type { PackEventType } from './pack/events.ts'
import type { PackShelf } from './pack/shelf.ts'
import type { PackState } from './pack/state.ts'

export type AccountHandler = CommandHandler<
  AccountCommand,
  AccountState,
  AccountEventType,
  AccountRefusal
>
export type PackHandler = CommandHandler<PublishPack, PackState, PackEventType, PackRefusal>

type Runtime = Pick<
  ServiceRuntime,
  'store' | 'views' | 'clock' | 'newId' | 'logger' | 'metrics' | 'caughtUp'
>

export type AccountPorts = Runtime & {
  readonly accounts: AccountHandler
  readonly shelf: PackShelf
}

export type PackPorts = Runtime & {
  readonly packs: PackHandler
  readonly shelf: PackShelf
  /**
   * Waits until the shelf has read the service's log up to the position; false when that takes too
   * long.
   */
  readonly shelved: (position: bigint) => Promise<boolean>
  /**
   * Returns once every pack that was published when it was called is on the shelf. Throws Fault
   * `unavailable` when that takes too long.
   */
  readonly upToDate: () => Promise<void>
}
