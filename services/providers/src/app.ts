import type { ServiceDefinition } from '@tongchou/runtime/service/definition.ts'
import { CommandHandler } from '@tongchou/runtime/service/handle-command.ts'
import { catalogueAggregate } from './catalogue/decide.ts'
import { addCatalogueRoutes } from './catalogue/routes.ts'
import { providersConfig } from './config.ts'
import { institutionAggregate } from './institution/decide.ts'
import { addInstitutionRoutes } from './institution/routes.ts'
import type { Ports } from './ports.ts'
import { publish } from './publish.ts'
import { VIEWS } from './views.ts'

export const providers: ServiceDefinition = {
  name: 'providers',
  views: VIEWS,
  publish,
  build: async runtime => {
    const { hotInstitutions, hotCatalogues } = providersConfig(runtime.env)
    const ports: Ports = {
      runtime,
      institutions: new CommandHandler(runtime.store, institutionAggregate, {
        hotStreams: hotInstitutions,
      }),
      catalogues: new CommandHandler(runtime.store, catalogueAggregate, {
        hotStreams: hotCatalogues,
      }),
    }
    addInstitutionRoutes(ports)
    addCatalogueRoutes(ports)
    return { consumers: [] }
  },
}
