import type { ServiceDefinition } from '@tongchou/runtime/service/definition.ts'
import { CommandHandler } from '@tongchou/runtime/service/handle-command.ts'
import { anyView } from '@tongchou/runtime/view/port.ts'
import { enrollmentConfig } from './config.ts'
import { addCoverageRoutes } from './coverage/routes.ts'
import { numberAggregate } from './filing/number.ts'
import { addFilingRoutes } from './filing/routes.ts'
import { personAggregate } from './person/decide.ts'
import { addPersonRoutes } from './person/routes.ts'
import { personView } from './person/view.ts'
import type { Ports } from './ports.ts'

export const enrollment: ServiceDefinition = {
  name: 'enrollment',
  views: [anyView(personView)],
  build: async runtime => {
    const hotStreams = enrollmentConfig(runtime.env).hotPersons
    const ports: Ports = {
      runtime,
      persons: new CommandHandler(runtime.store, personAggregate, { hotStreams }),
      numbers: new CommandHandler(runtime.store, numberAggregate, { hotStreams }),
      keys: await runtime.openKeys(),
    }
    addPersonRoutes(ports)
    addCoverageRoutes(ports)
    addFilingRoutes(ports)
    return { consumers: [] }
  },
}
