import type { ServiceRuntime } from '@tongchou/runtime/service/definition.ts'
import type { CommandHandler } from '@tongchou/runtime/service/handle-command.ts'
import type { ListCatalogueItems } from './catalogue/commands.ts'
import type { CatalogueRefusal, CatalogueState } from './catalogue/decide.ts'
import type { InstitutionCommand } from './institution/commands.ts'
import type { InstitutionRefusal } from './institution/decide.ts'
import type { InstitutionEventType } from './institution/events.ts'
import type { InstitutionState } from './institution/state.ts'

/** What the routes of this service need. */
export type Ports = {
  readonly runtime: ServiceRuntime
  readonly institutions: CommandHandler<
    InstitutionCommand,
    InstitutionState,
    InstitutionEventType,
    InstitutionRefusal
  >
  readonly catalogues: CommandHandler<
    ListCatalogueItems,
    CatalogueState,
    'CatalogueListed',
    CatalogueRefusal
  >
}
