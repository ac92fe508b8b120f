/** One service in a process: its views, consumers and HTTP door, opened and stopped in order. */

import { newUuid } from '@tongchou/contracts/id.ts'
import type { ServiceName } from '@tongchou/contracts/services.ts'
import { instantFromMs } from '@tongchou/contracts/time.ts'
import type { Topic } from '@tongchou/contracts/topics.ts'
import { PARTITIONS } from '@tongchou/contracts/topics.ts'
import { openCheckpoints } from '../audit/open.ts'
import { standardVariables } from '../config/standard.ts'
import { readConfig } from '../config/variables.ts'
import { addLogRoutes } from '../door/log-routes.ts'
import { addParkedRoutes } from '../door/parked-routes.ts'
import type { PostgresStore } from '../event-store/postgres.ts'
import type { Http } from '../http/server.ts'
import { buildHttp } from '../http/server.ts'
import { keepForgetting } from '../idempotency/forgetting.ts'
import { openPostgresIdempotencyKeys } from '../idempotency/postgres.ts'
import { headAsker } from '../kafka/head.ts'
import { openPostgresKeys } from '../keys/postgres.ts'
import type { MessageLog, RunningSubscription } from '../message-log/port.ts'
import { addPublicRoutes } from '../public/routes.ts'
import { addRegistry } from '../registry/http/app.ts'
import type { ServiceDefinition, ServiceRuntime } from '../service/definition.ts'
import type { Health } from '../service/health.ts'
import { createHealth } from '../service/health.ts'
import type { Logger } from '../service/logger.ts'
import { createLogger } from '../service/logger.ts'
import { PostgresViewStore } from '../view/postgres.ts'
import type { ViewGroup } from '../view/run.ts'
import { runViews, viewGroups } from '../view/run.ts'
import type { Ground } from './host.ts'
import type { RunningRelay } from './messaging.ts'
import { observe } from './observe.ts'
import { defaultPort, REGISTRY_PATH, urlIn } from './urls.ts'

const CATCH_UP_POLL_MS = 4
const SERVICE_TOKEN_S = 3600
const HOUR_MS = 3_600_000

export type Hosted = {
  readonly name: ServiceName
  readonly port: number
  readonly health: Health
  readonly http: Http
  readonly stop: () => Promise<void>
}

export type RunningGroup = { readonly group: ViewGroup; readonly running: RunningSubscription }

export async function openService(definition: ServiceDefinition, ground: Ground): Promise<Hosted> {
  const { name } = definition
  const config = readConfig(standardVariables(name, defaultPort(name)), ground.env)
  const logger = createLogger({ service: name, level: config.logLevel })
  const health = createHealth()
  const metrics = ground.registry.forService(name)
  const { database } = ground
  const idempotencyKeys = await openPostgresIdempotencyKeys({ database, schema: name })
  const http = await buildHttp({
    ...config,
    name,
    logger,
    metrics,
    health,
    auth: ground.auth,
    idempotencyKeys,
    metricsText: ground.registry.text,
    publicUrl: config.publicUrl ?? `http://localhost:${config.port}`,
  })
  const store = ground.stores.get(name) as PostgresStore
  const groups: RunningGroup[] = []
  const runtime = runtimeOf(definition, ground, { http, logger, store, groups })
  const viewed = viewGroups(name, definition.views)
  for (const { group, views } of viewed) await runtime.views.ensure(group, views)
  const relay = await ground.messaging.relayOf({
    service: name,
    store,
    publish: definition.publish ?? null,
  })
  await addCommonRoutes(definition, ground, { http, logger, store, relay })
  const service = await definition.build(runtime)
  for (const group of viewed) {
    const options = { viewGroup: group, log: runtime.log, store, views: runtime.views }
    groups.push({ group, running: await runViews(options) })
  }
  const stopObserving = observe({
    name,
    store,
    groups,
    consumers: service.consumers,
    relay,
    health,
    metrics,
  })
  const checkpoints = await openCheckpoints({ ...runtime, health, dataDir: config.dataDir })
  const keepMs = config.idempotencyKeyHours * HOUR_MS
  const stopForgetting = keepForgetting({ keys: idempotencyKeys, logger, keepMs })
  const address = await http.listen({ host: config.host, port: config.port })
  const { port } = new URL(address)
  logger.info({ event: 'http.listening', port: Number(port) })
  return {
    name,
    port: Number(port),
    health,
    http,
    stop: async () => {
      await within(config.shutdownMs, http.close())
      const running = [...service.consumers, ...groups.map(group => group.running)]
      await Promise.all(running.map(consumer => consumer.stop()))
      await service.stop?.()
      await relay?.stop()
      await checkpoints.stop()
      await stopForgetting()
      stopObserving()
    },
  }
}

/** What every service's door has. */
async function addCommonRoutes(
  { name, publish }: ServiceDefinition,
  { messaging, env }: Ground,
  { http, logger, store, relay }: Omit<Parts, 'groups'> & { readonly relay: RunningRelay | null },
): Promise<void> {
  addParkedRoutes(http, store.progress)
  addLogRoutes(http, store, relay)
  addPublicRoutes(http, store, { publisher: publish, env })
  const log = messaging.registryAt(name)
  if (log !== null) await addRegistry(http, { log, logger, prefix: REGISTRY_PATH })
}

/** Waits for the work, but not longer than the time. */
async function within(timeoutMs: number, work: PromiseLike<unknown>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, timeoutMs)
  await Promise.race([work, promise])
  clearTimeout(timer)
}

type Parts = {
  readonly http: Http
  readonly logger: Logger
  readonly store: PostgresStore
  readonly groups: readonly RunningGroup[]
}

function runtimeOf(definition: ServiceDefinition, ground: Ground, parts: Parts): ServiceRuntime {
  const { name } = definition
  const { messaging, database, personKey, masterKey, env, issuer } = ground
  const { store, http, logger } = parts
  const urlOf = (service: ServiceName) => urlIn(env, service)
  const serviceToken = tokens(name, async grant => {
    const token = env['TONGCHOU_SERVICE_TOKEN']
    if (token !== undefined) return token
    if (issuer === null) throw new Error('set TONGCHOU_SERVICE_TOKEN: the token issuer is not ours')
    return issuer.issueToken(grant)
  })
  const headOf = headAsker({ urlOf, serviceToken })
  const log = messaging.logOf({ service: name, store, headOf })
  return {
    name,
    store,
    log,
    views: new PostgresViewStore(database, name),
    http,
    logger,
    metrics: ground.registry.forService(name),
    env,
    clock: () => instantFromMs(Date.now()),
    newId: newUuid,
    urlOf,
    serviceToken,
    personKey,
    openKeys: () => openPostgresKeys({ database, schema: name, masterKey }),
    caughtUp: (topic, timeoutMs) => caughtUp(log, parts, topic, timeoutMs),
  }
}

type Grant = { role: 'service'; subject: string; ttlSeconds: number }

/** A token kept for half of its life. */
function tokens(name: string, issue: (grant: Grant) => Promise<string>): () => Promise<string> {
  let token: Promise<string> | null = null
  let untilMs = 0
  return () => {
    if (token === null || performance.now() > untilMs) {
      token = issue({ role: 'service', subject: name, ttlSeconds: SERVICE_TOKEN_S })
      untilMs = performance.now() + (SERVICE_TOKEN_S * 1000) / 2
    }
    return token
  }
}

/**
 * Law 2: the checkpoint of the service's views has passed what the producer's log holds at this
 * moment.
 */
async function caughtUp(
  log: MessageLog,
  { store, groups }: Parts,
  topic: Topic,
  timeoutMs: number,
): Promise<boolean> {
  const found = groups.find(({ group }) => group.topic.name === topic.name)
  if (found === undefined) throw new Error(`no view on ${topic.name}`)
  const head = await log.head(topic)
  const end = performance.now() + timeoutMs
  for (;;) {
    const { running } = found
    if (running.partitions() === PARTITIONS && running.handled() >= head) return true
    const positions = await store.progress.positions(found.group.group, topic.name)
    const behind = positions.size < PARTITIONS || [...positions.values()].some(at => at < head)
    if (!behind || head === 0n) return true
    if (performance.now() > end) return false
    await new Promise(resolve => setTimeout(resolve, CATCH_UP_POLL_MS))
  }
}
