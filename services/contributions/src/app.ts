import type { ServiceDefinition } from '@tongchou/runtime/service/definition.ts'
import { CommandHandler } from '@tongchou/runtime/service/handle-command.ts'
import { addCorrectionRoutes } from './bill/correction/routes.ts'
import { billAggregate } from './bill/decide.ts'
import { addBillQueries } from './bill/queries.ts'
import { addBillRoutes } from './bill/routes.ts'
import { shelvePacks } from './consume/policy.ts'
import { creditAggregate } from './credit/decide.ts'
import { addCreditRoutes } from './credit/routes.ts'
import type { Ports } from './ports.ts'
import { premiumAggregate } from './premium/decide.ts'
import { addPremiumRoutes } from './premium/routes.ts'
import { addSumRoutes } from './sums/routes.ts'
import { VIEWS } from './views.ts'

/** A receipt or credit is one event, a bill a few: nothing is gained by remembering many. */
const HOT_STREAMS = 1_000

export const contributions: ServiceDefinition = {
  name: 'contributions',
  views: VIEWS,
  build: async runtime => {
    const packs = await shelvePacks(runtime.log)
    const hot = { hotStreams: HOT_STREAMS }
    const ports: Ports = {
      runtime,
      premiums: new CommandHandler(runtime.store, premiumAggregate, hot),
      packs,
      bills: new CommandHandler(runtime.store, billAggregate, hot),
      credits: new CommandHandler(runtime.store, creditAggregate, hot),
    }
    addPremiumRoutes(ports)
    addCreditRoutes(ports)
    addBillRoutes(ports)
    addCorrectionRoutes(ports)
    addBillQueries(ports)
    addSumRoutes(ports)
    return { consumers: [packs.running] }
  },
}
