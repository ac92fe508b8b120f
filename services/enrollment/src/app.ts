import type { ServiceDefinition } from '@tongchou/runtime/service/definition.ts'
import { CommandHandler } from '@tongchou/runtime/service/handle-command.ts'
import { enrollmentConfig } from './config.ts'
import { addCoverageRoutes } from './coverage/routes.ts'
import { addDiseaseRoutes } from './disease/routes.ts'
import { numberAggregate } from './filing/number.ts'
import { addFilingRoutes } from './filing/routes.ts'
import { personAggregate } from './person/decide.ts'
import { addPersonRoutes } from './person/routes.ts'
import type { Ports } from './ports.ts'
import { addReferralRoutes } from './referral/routes.ts'
import { VIEWS } from './views.ts'

export const enrollment: ServiceDefinition = {
  name: 'enrollment',
  views: VIEWS,
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
    addDiseaseRoutes(ports)
    addReferralRoutes(ports)
    return { consumers: [] }
  },
}
