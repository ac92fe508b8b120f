/**
 * Hosts one or several services in a process: opens store, log, views and HTTP for each, builds
 * them, listens; stops in reverse. `main.ts` of a service and the supervisor's processes are this
 * with a list of definitions.
 */
import { mkdirSync } from 'node:fs'
import type { ServiceName } from '@tongchou/contracts/services.ts'
import type { Authenticator } from '../auth/authenticator.ts'
import { createAuthenticator } from '../auth/authenticator.ts'
import type { FileIssuer } from '../auth/issuer.ts'
import { openIssuer } from '../auth/issuer.ts'
import { KAFKA_VARIABLES } from '../config/kafka.ts'
import { ensureSecretFile } from '../config/secret-file.ts'
import { standardVariables } from '../config/standard.ts'
import type { ConfigOf, Environment } from '../config/variables.ts'
import { readConfig } from '../config/variables.ts'
import type { PostgresStore } from '../event-store/postgres.ts'
import { openPostgresStore } from '../event-store/postgres.ts'
import { MASTER_KEY_VARIABLES, openMasterKey } from '../keys/master-key.ts'
import type { Database } from '../postgres/database.ts'
import { openDatabase } from '../postgres/database.ts'
import type { ServiceDefinition } from '../service/definition.ts'
import type { Logger } from '../service/logger.ts'
import { createLogger, errorFields } from '../service/logger.ts'
import type { MetricsRegistry } from '../service/metrics.ts'
import { createMetricsRegistry } from '../service/metrics.ts'
import type { Hosted } from './hosted.ts'
import { openService } from './hosted.ts'
import type { Messaging } from './messaging.ts'
import { openMessaging, storesFor } from './messaging.ts'
import { defaultPort, portOf } from './urls.ts'
import { type WaitingDoor, waitingDoor } from './waiting-door.ts'

export type StandardConfig = ConfigOf<ReturnType<typeof standardVariables>>

/** What all services of the process share. */
export type Ground = {
  readonly env: Environment
  readonly config: StandardConfig
  readonly database: Database
  readonly stores: ReadonlyMap<ServiceName, PostgresStore>
  readonly messaging: Messaging
  readonly registry: MetricsRegistry
  readonly auth: Authenticator
  readonly issuer: FileIssuer | null
  readonly personKey: Buffer
  readonly masterKey: Buffer
}

export type Host = {
  readonly services: readonly Hosted[]
  readonly stop: () => Promise<void>
}

/** Opens everything; when one part cannot be opened, closes what was opened and throws. */
export async function hostServices(
  definitions: readonly ServiceDefinition[],
  env: Environment,
): Promise<Host> {
  const [first] = definitions
  if (first === undefined) throw new Error('name at least one service')
  const config = readConfig(standardVariables(first.name, defaultPort(first.name)), env)
  const names = definitions.map(({ name }) => name)
  const logger = createLogger({ service: names.join('+'), level: config.logLevel })
  const ports = names.map(name => portOf(name, env))
  const waiting = waitingDoor(config.host, ports)
  const ground = await openGround(config, env, { names, logger, waiting }).finally(waiting.close)
  const hosted: Hosted[] = []
  async function stop(): Promise<void> {
    for (const { health } of hosted) health.stopping()
    for (const service of hosted.toReversed()) await service.stop()
    await closeGround(ground)
  }
  try {
    for (const definition of definitions) hosted.push(await openService(definition, ground))
  } catch (cause) {
    await stop()
    throw cause
  }
  return { services: hosted, stop }
}

/**
 * Over Kafka only replicas of the same service hear notices, and each wakes every process that
 * listens: with one for each append, most transactions of the server were these.
 */
const REPLICA_NOTICE_MS = 50

type Process = {
  readonly names: readonly ServiceName[]
  readonly logger: Logger
  readonly waiting: WaitingDoor
}

async function openGround(
  config: StandardConfig,
  env: Environment,
  { names, logger, waiting }: Process,
): Promise<Ground> {
  if (config.databaseUrl === null) {
    throw new Error('set TONGCHOU_DATABASE_URL, or start with `npm start`, which brings a database')
  }
  mkdirSync(config.dataDir, { recursive: true })
  const issuer = config.jwks === null ? await openIssuer(config) : null
  const auth = createAuthenticator({ ...config, jwks: config.jwks ?? issuer?.jwksPath ?? '' })
  const kafka = readConfig(KAFKA_VARIABLES, env)
  const noticeEveryMs = kafka.brokers === null ? 0 : REPLICA_NOTICE_MS
  const database = openDatabase({ url: config.databaseUrl, readers: 12, noticeEveryMs })
  const stores = new Map<ServiceName, PostgresStore>()
  for (const schema of storesFor(names, kafka.brokers)) {
    stores.set(schema, await openPostgresStore({ database, schema }))
  }
  return {
    env,
    config,
    database,
    stores,
    messaging: await openMessaging({
      ...{ env, kafka, database, stores, names, logger },
      dataDir: config.dataDir,
      onWaiting: waiting.say,
    }),
    registry: createMetricsRegistry(),
    auth,
    issuer,
    personKey: config.personKey ?? (await secretOf(config.dataDir, 'person-key')),
    masterKey: await openMasterKey(readConfig(MASTER_KEY_VARIABLES, env).masterKey, config.dataDir),
  }
}

/** 32 random bytes made once in the data directory. */
async function secretOf(dataDir: string, name: string): Promise<Buffer> {
  const make = () => Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('hex')
  return Buffer.from((await ensureSecretFile(`${dataDir}/${name}`, make)).trim(), 'hex')
}

async function closeGround(ground: Ground): Promise<void> {
  const { messaging, stores, database, registry } = ground
  await messaging.close()
  await Promise.all([...stores.values()].map(store => store.close()))
  await database.close()
  await registry.close()
}

/** Runs the services until SIGTERM or SIGINT; the whole of a `main.ts`. */
export async function main(
  definitions: readonly ServiceDefinition[],
  env: Environment = process.env,
): Promise<void> {
  const logger = createLogger({
    service: definitions.map(({ name }) => name).join('+'),
    level: 'info',
  })
  try {
    const host = await hostServices(definitions, env)
    let stopping = false
    const stop = (signal: string) => {
      if (stopping) return
      stopping = true
      logger.info({ event: 'service.stopped', signal })
      host.stop().then(
        () => process.exit(0),
        error => {
          logger.error({ event: 'service.failed', ...errorFields(error) })
          process.exit(1)
        },
      )
    }
    process.on('SIGTERM', () => stop('SIGTERM'))
    process.on('SIGINT', () => stop('SIGINT'))
  } catch (error) {
    logger.error({ event: 'service.failed', ...errorFields(error) })
    if (error instanceof Error) console.error(error.message)
    process.exit(1)
  }
}
