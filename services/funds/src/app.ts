/** Funds: the books of every fund of every region. Wired here, nothing opened. */
import type {
  RunningService,
  ServiceDefinition,
  ServiceRuntime,
} from '@tongchou/runtime/service/definition.ts'
import { CommandHandler } from '@tongchou/runtime/service/handle-command.ts'
import { balances } from './balance/decide.ts'
import { addBalanceRoutes } from './balance/routes.ts'
import { addSelfCheckRoutes } from './check/routes.ts'
import { fundsConfig } from './config.ts'
import type { JournalHandler } from './consume/book.ts'
import { book } from './consume/book.ts'
import type { BalancesHandler } from './consume/journal.ts'
import { Ledger } from './consume/journal.ts'
import { PartitionLocks } from './consume/locks.ts'
import { SelfCheck } from './consume/self-check.ts'
import { SOURCES } from './consume/sources.ts'
import { journal } from './journal/decide.ts'
import { addEntryRoutes } from './journal/routes.ts'
import { publish } from './publish.ts'
import { VIEWS } from './views.ts'

/** Partitions × months under way; a state is a few positions. */
const HOT_JOURNALS = 1_000
const HOT_CUTS = 10

async function build(runtime: ServiceRuntime): Promise<RunningService> {
  const { store, log, http, clock, logger, env } = runtime
  const { selfCheckMs } = fundsConfig(env)
  const handler: JournalHandler = new CommandHandler(store, journal, { hotStreams: HOT_JOURNALS })
  const cuts: BalancesHandler = new CommandHandler(store, balances, { hotStreams: HOT_CUTS })
  const ledger = new Ledger({ ...runtime, balances: cuts })
  const selfCheck = new SelfCheck({ ...runtime, ledger, everyMs: selfCheckMs })
  addBalanceRoutes(http, { ledger })
  addEntryRoutes(http, { ...runtime, ledger })
  addSelfCheckRoutes(http, { selfCheck })
  const locks = new PartitionLocks()
  const consumers = await Promise.all(
    SOURCES.map(source => book({ ...source, ...{ log, store, handler, locks, clock, logger } })),
  )
  ledger.start()
  return {
    consumers,
    stop: async () => {
      await selfCheck.stop()
      await ledger.stop()
    },
  }
}

export const funds: ServiceDefinition = {
  name: 'funds',
  views: VIEWS,
  publish,
  build,
}
