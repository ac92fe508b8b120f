/** Fraud: scores of submitted claims, cases of held ones. Wired here, nothing opened. */
import { consume } from '@tongchou/runtime/service/consume.ts'
import type {
  RunningService,
  ServiceDefinition,
  ServiceRuntime,
} from '@tongchou/runtime/service/definition.ts'
import { CommandHandler } from '@tongchou/runtime/service/handle-command.ts'
import { heldCase } from './case/decide.ts'
import { addCaseRoutes } from './case/routes.ts'
import { fraudConfig } from './config.ts'
import { scoreMessage } from './consume/claim-facts.ts'
import {
  CASE_GROUP,
  CASE_TOPIC,
  caseCommands,
  SCORE_GROUP,
  SCORE_TOPIC,
  scoreCommands,
} from './consume/clearing-claim.ts'
import type { CaseHandler, WatchHandler } from './ports.ts'
import { watch } from './score/decide.ts'
import { addScoreRoutes } from './score/routes.ts'
import { VIEWS } from './views.ts'

/** Open cases in memory; few claims are held. */
const HOT_CASES = 5_000

async function build(runtime: ServiceRuntime): Promise<RunningService> {
  const { store, log, http, clock, logger, env } = runtime
  const { twoPersonFen, largeClaimFen, hotPersons } = fraudConfig(env)
  const watches: WatchHandler = new CommandHandler(store, watch, { hotStreams: hotPersons })
  const cases: CaseHandler = new CommandHandler(store, heldCase, { hotStreams: HOT_CASES })
  addCaseRoutes(http, { ...runtime, cases })
  addScoreRoutes(http, runtime)
  const follow = { log, store, clock, logger }
  const consumers = await Promise.all([
    consume({
      ...follow,
      group: SCORE_GROUP,
      topic: SCORE_TOPIC,
      handler: watches,
      decode: scoreMessage,
      toCommands: scoreCommands(BigInt(largeClaimFen)),
    }),
    consume({
      ...follow,
      group: CASE_GROUP,
      topic: CASE_TOPIC,
      handler: cases,
      toCommands: caseCommands(BigInt(twoPersonFen)),
    }),
  ])
  return { consumers }
}

export const fraud: ServiceDefinition = {
  name: 'fraud',
  views: VIEWS,
  build,
}
