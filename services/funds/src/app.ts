/** Funds: the books of every fund of every region. Wired here, nothing opened. */
import type { Message } from '@tongchou/runtime/message-log/port.ts'
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
import type { SourceTopic } from './consume/sources.ts'
import { SOURCES } from './consume/sources.ts'
import { journal } from './journal/decide.ts'
import { addEntryRoutes } from './journal/routes.ts'
import { VIEWS } from './views.ts'

/** Partitions × months under way; a state is a few positions. */
const HOT_JOURNALS = 1_000
const HOT_CUTS = 10

async function build(runtime: ServiceRuntime): Promise<RunningService> {
  const { store, log, http, clock, env } = runtime
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
    SOURCES.map(source =>
      book({
        ...source,
        ...{ log, store, handler, locks, clock },
        onParked: parkedIn(runtime, source),
      }),
    ),
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

/** One alert for each message set aside; the reason is kept with it in the store. */
function parkedIn({ logger }: ServiceRuntime, { group, topic }: SourceTopic) {
  return ({ partition, position, type }: Message) =>
    logger.error({
      event: 'key.parked',
      ...{ group, topic: topic.name, partition, position, eventType: type },
    })
}

export const funds: ServiceDefinition = {
  name: 'funds',
  views: VIEWS,
  build,
}
