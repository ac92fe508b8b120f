/** Clearing: the door for hospitals, the life of a claim, windows. Wired here, nothing opened. */
import { TOPICS } from '@tongchou/contracts/topics.ts'
import { CachedKeys } from '@tongchou/runtime/keys/cached.ts'
import { consume } from '@tongchou/runtime/service/consume.ts'
import type {
  RunningService,
  ServiceDefinition,
  ServiceRuntime,
} from '@tongchou/runtime/service/definition.ts'
import { CommandHandler } from '@tongchou/runtime/service/handle-command.ts'
import { errorFields } from '@tongchou/runtime/service/logger.ts'
import { recordedBy } from '@tongchou/runtime/service/recorded.ts'
import { tail } from '@tongchou/runtime/service/tail.ts'
import { decide } from './claim/decide.ts'
import { evolve, initialState } from './claim/state.ts'
import { httpClaimsApi } from './claims-api.ts'
import { clearingConfig } from './config.ts'
import {
  ADJUDICATED,
  ADJUDICATION_GROUP,
  fromAdjudication,
  readAdjudication,
} from './consume/claims-adjudication.ts'
import type { WindowHandler } from './consume/clearing-window.ts'
import { netWindows } from './consume/clearing-window.ts'
import { eraseSubmissions } from './consume/enrollment-erasure.ts'
import { fromCase, REVIEW_GROUP } from './consume/fraud-case.ts'
import { fromScore, SCORE_GROUP } from './consume/fraud-score.ts'
import { addCounterRoutes } from './door/counter-routes.ts'
import { addClaimQueries } from './door/queries.ts'
import { addClaimRoutes } from './door/routes.ts'
import type { ClaimHandler } from './door/submit.ts'
import { Waiting } from './door/waiting.ts'
import { parkedApi } from './parked-api.ts'
import { publish } from './publish.ts'
import { Knowledge } from './reference/known.ts'
import { addSubmissionRoutes } from './submission/routes.ts'
import { VIEWS } from './views.ts'
import { decide as decideWindow } from './window/decide.ts'
import { addWindowRoutes } from './window/routes.ts'
import { evolve as evolveWindow, initialState as openWindow } from './window/state.ts'

/** Claims in memory by revision: those under way. Of what is settled little is asked again soon. */
const HOT_CLAIMS = 4_000
/** How long a key for sealing is kept as it is unwrapped. */
const HOT_KEY_MS = 10 * 60_000

async function build(runtime: ServiceRuntime): Promise<RunningService> {
  const { store, log, views, clock, newId, personKey, caughtUp, logger } = runtime
  const handler: ClaimHandler = new CommandHandler(store, CLAIM, { hotStreams: HOT_CLAIMS })
  const windows: WindowHandler = new CommandHandler(store, WINDOW, { hotStreams: 100 })
  const known = new Knowledge(runtime)
  const waiting = new Waiting(handler)
  const keyStore = await runtime.openKeys()
  const { hotKeys } = clearingConfig(runtime.env)
  const keys = new CachedKeys(keyStore, { max: hotKeys, ttlMs: HOT_KEY_MS })
  const ports = { handler, keys, known, personKey, clock, newId, waiting, views, caughtUp }
  addClaimRoutes(runtime.http, ports)
  const claimsApi = httpClaimsApi(runtime)
  addClaimQueries(runtime.http, { ...ports, store, claimsApi, parkedApi: parkedApi(runtime) })
  addCounterRoutes(runtime.http, { ...ports, claimsApi })
  const streamOf = (claimId: string) => handler.streamOf(claimId)
  addSubmissionRoutes(runtime.http, { store, streamOf, keys: keyStore })
  addWindowRoutes(runtime.http, { windows, store, views, clock, newId, caughtUp })
  const books = await known.open(log)
  const follow = { log, store, handler, clock, logger }
  const consumers = await Promise.all([
    consume({
      ...follow,
      group: ADJUDICATION_GROUP,
      topic: ADJUDICATED,
      decode: message => recordedBy(message, readAdjudication),
      toCommands: fromAdjudication,
    }),
    consume({ ...follow, group: SCORE_GROUP, topic: TOPICS.score, toCommands: fromScore }),
    consume({ ...follow, group: REVIEW_GROUP, topic: TOPICS.case, toCommands: fromCase }),
    netWindows({ log, store, handler: windows, clock }),
    eraseSubmissions({ log, store, keys: keyStore, erased: person => keys.forget(person) }),
  ])
  const answers = await tail(
    store,
    events => waiting.onEvents(events),
    fault => logger.warn({ event: 'tail.failed', ...errorFields(fault) }),
  )
  return { consumers: [...books, ...consumers], stop: answers.stop }
}

const CLAIM = {
  category: 'claim',
  initialState,
  decide,
  evolve,
  keyOf: event => event.data.personId,
} as const satisfies ClaimHandler['aggregate']

const WINDOW = {
  category: 'window',
  initialState: openWindow,
  decide: decideWindow,
  evolve: evolveWindow,
  keyOf: event => event.data.windowId,
} as const satisfies WindowHandler['aggregate']

export const clearing: ServiceDefinition = {
  name: 'clearing',
  views: VIEWS,
  publish,
  build,
}
