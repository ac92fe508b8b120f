import type { ServiceDefinition } from '@tongchou/runtime/service/definition.ts'
import { CommandHandler } from '@tongchou/runtime/service/handle-command.ts'
import { creditAggregate } from './credit/decide.ts'
import { addCreditRoutes } from './credit/routes.ts'
import type { Ports } from './ports.ts'
import { premiumAggregate } from './premium/decide.ts'
import { addPremiumRoutes } from './premium/routes.ts'
import { VIEWS } from './views.ts'

/** A receipt or credit is one event: nothing is gained by remembering many. */
const HOT_STREAMS = 1_000

export const contributions: ServiceDefinition = {
  name: 'contributions',
  views: VIEWS,
  build: async runtime => {
    const hot = { hotStreams: HOT_STREAMS }
    const ports: Ports = {
      runtime,
      premiums: new CommandHandler(runtime.store, premiumAggregate, hot),
      credits: new CommandHandler(runtime.store, creditAggregate, hot),
    }
    addPremiumRoutes(ports)
    addCreditRoutes(ports)
    return { consumers: [] }
  },
}
