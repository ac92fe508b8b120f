/** What every service serves of the public topics, and who publishes, of its facts. */
import type { AsyncApiOptions } from '@tongchou/contracts/public/asyncapi.ts'
import { KAFKA_VARIABLES } from '../config/kafka.ts'
import { type Environment, readConfig } from '../config/variables.ts'
import type { EventStore } from '../event-store/port.ts'
import { registryUrlIn } from '../host/urls.ts'
import type { Http } from '../http/server.ts'
import { addAsyncApi } from './asyncapi-routes.ts'
import { addEventRoutes } from './event-routes.ts'
import type { Publisher } from './port.ts'

export type PublicRoutes = {
  /** Undefined for a service that tells others nothing. */
  readonly publisher: Publisher | undefined
  readonly env: Environment
}

export function addPublicRoutes(
  http: Http,
  store: EventStore,
  { publisher, env }: PublicRoutes,
): void {
  addAsyncApi(http, asyncApiOptions(env))
  if (publisher !== undefined) addEventRoutes(http, store, publisher)
}

const SASL = {
  none: 'none',
  plain: 'plain',
  'scram-sha-256': 'scramSha256',
  'scram-sha-512': 'scramSha512',
} as const
/** Where no broker is configured: where one on this machine is by default. */
const BROKER = 'localhost:9092'

/** What the environment says of brokers, registry and organisation. Throws ConfigFault. */
export function asyncApiOptions(env: Environment): AsyncApiOptions {
  const { brokers, mechanism, tls, organisation } = readConfig(KAFKA_VARIABLES, env)
  return {
    version: '0.1.0',
    brokers: (brokers ?? BROKER).split(','),
    tls: tls === 'on',
    sasl: SASL[mechanism],
    registryUrl: registryUrlIn(env),
    organisation,
  }
}
