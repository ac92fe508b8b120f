/**
 * What carries events between services: the only place that knows which. Without a broker every
 * service reads the stores of the others; with one it reads topics, and a relay fills its own.
 */
import type { ServiceName } from '@tongchou/contracts/services.ts'
import { SERVICES } from '@tongchou/contracts/services.ts'
import type { KafkaConfig } from '../config/kafka.ts'
import type { Environment } from '../config/variables.ts'
import type { PostgresStore } from '../event-store/postgres.ts'
import type { MessageLog } from '../message-log/port.ts'
import { openPostgresLog } from '../message-log/postgres.ts'
import type { Database } from '../postgres/database.ts'
import type { Publisher } from '../public/port.ts'
import type { RegistryLog } from '../registry/port.ts'
import type { Logger } from '../service/logger.ts'

/** Puts a service's events on its topics. */
export type RunningRelay = {
  readonly fault: () => Error | null
  /** Positions that are not on the broker yet; null where another process relays. */
  readonly lag: () => bigint | null
  /** Somebody waits for where the log ends: readers are told at once. */
  readonly tellNow: () => void
  /** Sends records of a topic-partition behind a position once more. */
  readonly again: (topic: string, partition: number, after: bigint) => Promise<void>
  readonly stop: () => Promise<void>
}

export type LogPorts = {
  readonly service: ServiceName
  readonly store: PostgresStore
  /** Position at which the log of another service ends now, asked at its door. */
  readonly headOf: (service: ServiceName) => Promise<bigint>
}

export type RelayPorts = {
  readonly service: ServiceName
  readonly store: PostgresStore
  readonly publish: Publisher | null
}

export type Messaging = {
  readonly logOf: (ports: LogPorts) => MessageLog
  /** Shown at the door of this service; null where that shows none. */
  readonly registryAt: (service: ServiceName) => RegistryLog | null
  /** Null where consumers read the store itself. */
  readonly relayOf: (ports: RelayPorts) => Promise<RunningRelay | null>
  readonly close: () => Promise<void>
}

export type MessagingPorts = {
  readonly env: Environment
  readonly kafka: KafkaConfig
  readonly names: readonly ServiceName[]
  readonly dataDir: string
  readonly database: Database
  readonly stores: ReadonlyMap<ServiceName, PostgresStore>
  readonly logger: Logger
  /** Told what is waited for before anything can be opened. */
  readonly onWaiting: (part: string, detail: string) => void
}

/** Services whose stores a process opens that hosts these. */
export function storesFor(
  hosted: readonly ServiceName[],
  brokers: string | null,
): readonly ServiceName[] {
  return brokers === null ? SERVICES : hosted
}

/** The adapters are loaded only where they are used. */
export async function openMessaging(ports: MessagingPorts): Promise<Messaging> {
  if (ports.kafka.brokers === null) return storeMessaging(ports)
  const { openKafkaMessaging } = await import('../kafka/messaging.ts')
  return openKafkaMessaging(ports, ports.kafka.brokers.split(','))
}

function storeMessaging({ stores }: MessagingPorts): Messaging {
  const log = openPostgresLog({ stores })
  return {
    registryAt: () => null,
    logOf: () => log,
    relayOf: async () => null,
    close: () => log.close(),
  }
}
