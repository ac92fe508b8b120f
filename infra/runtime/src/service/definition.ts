/**
 * What a service is to the process that hosts it. `app.ts` of each service exports one
 * `ServiceDefinition`.
 */

import type { Uuid } from '@tongchou/contracts/id.ts'
import type { ServiceName } from '@tongchou/contracts/services.ts'
import type { Instant } from '@tongchou/contracts/time.ts'
import type { Topic } from '@tongchou/contracts/topics.ts'
import type { EventStore } from '../event-store/port.ts'
import type { Http } from '../http/server.ts'
import type { KeyStore } from '../keys/port.ts'
import type { MessageLog, RunningSubscription } from '../message-log/port.ts'
import type { Publisher } from '../public/port.ts'
import type { AnyView, ViewStore } from '../view/port.ts'
import type { Logger } from './logger.ts'
import type { Metrics } from './metrics.ts'

/** Opened by the host before `build` is called and closed by it afterwards. */
export type ServiceRuntime = {
  readonly name: ServiceName
  readonly store: EventStore
  readonly log: MessageLog
  readonly views: ViewStore
  /** The service's HTTP server: problems, auth, OpenAPI and metrics are in place; add routes. */
  readonly http: Http
  readonly logger: Logger
  readonly metrics: Metrics
  /** Environment of the process, for the service's own `config.ts`. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: () => Instant
  readonly newId: () => Uuid
  /** Base URL of another service's HTTP door. */
  readonly urlOf: (service: ServiceName) => string
  /** Bearer token with role `service`, for calls to other services' doors. */
  readonly serviceToken: () => Promise<string>
  /** Secret that turns person numbers into person ids. */
  readonly personKey: Buffer
  /**
   * Opens the service's own store of persons' data keys; only the holder of personal data asks for
   * it.
   */
  readonly openKeys: () => Promise<KeyStore>
  /**
   * Waits until the service's views on a topic have passed what the producer's log holds now (law
   * 2). False when that takes longer than `timeoutMs`.
   */
  readonly caughtUp: (topic: Topic, timeoutMs: number) => Promise<boolean>
}

export type RunningService = {
  /** Consumers other than views, which the host runs itself. Stopped by the host. */
  readonly consumers: readonly RunningSubscription[]
  /** Called after the consumers have stopped, before store and log are closed. */
  readonly stop?: () => Promise<void>
}

export type ServiceDefinition = {
  readonly name: ServiceName
  readonly views: readonly AnyView[]
  /** What others may know of it; absent where that is nothing. */
  readonly publish?: Publisher
  readonly build: (runtime: ServiceRuntime) => Promise<RunningService>
}
