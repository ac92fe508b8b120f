/** What every service serves of the public topics, and who publishes, of its facts. */
import type { EventStore } from '../event-store/port.ts'
import type { Http } from '../http/server.ts'
import { addAsyncApi } from './asyncapi-routes.ts'
import { addEventRoutes } from './event-routes.ts'
import type { Publisher } from './port.ts'

export function addPublicRoutes(http: Http, store: EventStore, publisher?: Publisher): void {
  addAsyncApi(http, EMBEDDED)
  if (publisher !== undefined) addEventRoutes(http, store, publisher)
}

/** Where no broker is configured: the addresses that one on this machine has by default. */
export const EMBEDDED = {
  version: '0.1.0',
  brokers: ['localhost:9092'],
  tls: false,
  sasl: 'none',
  registryUrl: 'http://localhost:8081',
  organisation: 'local',
} as const
