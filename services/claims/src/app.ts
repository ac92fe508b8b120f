/** Claims: benefit accounts, policy packs, what-if. Wired here, nothing opened. */
import { join } from 'node:path'
import { TOPICS } from '@tongchou/contracts/topics.ts'
import { standardVariables } from '@tongchou/runtime/config/standard.ts'
import { readConfig } from '@tongchou/runtime/config/variables.ts'
import { consume } from '@tongchou/runtime/service/consume.ts'
import type {
  RunningService,
  ServiceDefinition,
  ServiceRuntime,
} from '@tongchou/runtime/service/definition.ts'
import { CommandHandler } from '@tongchou/runtime/service/handle-command.ts'
import { decide } from './account/decide.ts'
import { addMovementRoutes } from './account/movement/routes.ts'
import { addAccountRoutes } from './account/routes.ts'
import { evolve, initialState } from './account/state.ts'
import { claimsConfig } from './config.ts'
import { CREDIT_GROUP, fromCredit } from './consume/account-credit.ts'
import { claimMessage } from './consume/claim-facts.ts'
import {
  ADJUDICATE_GROUP,
  ADJUDICATE_TOPIC,
  fromClaim,
  parkingNoPolicy,
} from './consume/clearing-claim.ts'
import { MissingPacks } from './consume/missing-pack.ts'
import { shelve } from './consume/policy.ts'
import { addEntitlementRoutes } from './entitlement/routes.ts'
import { addExplanationRoutes } from './explanation/routes.ts'
import { decide as decidePack } from './pack/decide.ts'
import { addPackRoutes } from './pack/routes.ts'
import { evolve as evolvePack, initialState as noPack } from './pack/state.ts'
import type { AccountHandler, PackHandler } from './ports.ts'
import { publish } from './publish.ts'
import { addQuoteRoutes } from './quote/routes.ts'
import { VIEWS } from './views.ts'
import { addWhatIfRoutes } from './whatif/routes.ts'
import { WhatIfJobs } from './whatif/run/jobs.ts'
import { storeReader } from './whatif/run/read.ts'

async function build(runtime: ServiceRuntime): Promise<RunningService> {
  const { store, log, http, clock, logger, env } = runtime
  const { hotPersons, catchUpMs } = claimsConfig(env)
  const accounts: AccountHandler = new CommandHandler(store, ACCOUNT, { hotStreams: hotPersons })
  const packs: PackHandler = new CommandHandler(store, PACK, { hotStreams: 100 })
  const { shelf, shelved, upToDate, running } = await shelve(log, catchUpMs)
  const ports = { ...runtime, accounts, packs, shelf, shelved, upToDate }
  addAccountRoutes(http, ports)
  addMovementRoutes(http, ports)
  addEntitlementRoutes(http, ports)
  addExplanationRoutes(http, ports)
  addQuoteRoutes(http, ports)
  addPackRoutes(http, ports)
  const jobs = whatIfJobs(runtime)
  addWhatIfRoutes(http, { jobs, shelf })
  const follow = { log, store, clock, logger, handler: accounts }
  const consumers = await Promise.all([
    consume({
      ...follow,
      group: ADJUDICATE_GROUP,
      topic: ADJUDICATE_TOPIC,
      decode: claimMessage,
      toCommands: fromClaim(shelf, new MissingPacks({ log, shelf: running, catchUpMs })),
    }),
    consume({
      ...follow,
      group: CREDIT_GROUP,
      topic: TOPICS.accountCredit,
      toCommands: fromCredit,
    }),
  ])
  return { consumers: [running, ...consumers], stop: () => jobs.close() }
}

/** In threads of their own over the database; over the store where there is none. */
function whatIfJobs({ store, env, logger }: ServiceRuntime): WhatIfJobs {
  const { databaseUrl: url, dataDir } = readConfig(standardVariables('claims', 0), env)
  const { whatIfThreads: threads } = claimsConfig(env)
  if (url === null) {
    const source = { kind: 'store', reader: storeReader(store) } as const
    return new WhatIfJobs({ store, logger, source, folder: null })
  }
  const source = { kind: 'database', url, threads } as const
  return new WhatIfJobs({ store, logger, source, folder: join(dataDir, 'what-if') })
}

export const ACCOUNT = {
  category: 'account',
  initialState,
  decide: parkingNoPolicy(decide),
  evolve,
  keyOf: event => event.data.personId,
} as const satisfies AccountHandler['aggregate']

export const PACK = {
  category: 'pack',
  initialState: noPack,
  decide: decidePack,
  evolve: evolvePack,
  keyOf: event => event.data.packHash,
} as const satisfies PackHandler['aggregate']

export const claims: ServiceDefinition = {
  name: 'claims',
  views: VIEWS,
  publish,
  build,
}
