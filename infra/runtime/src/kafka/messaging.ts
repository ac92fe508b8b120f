/** Services over Kafka: a client for the process, a log and a relay for each service. */
import type { EventType } from '@tongchou/contracts/events.generated.ts'
import { topicSpecOf } from '@tongchou/contracts/public/topic-spec.ts'
import { PUBLIC_TOPICS } from '@tongchou/contracts/public-topics.ts'
import { TOPICS, type Topic } from '@tongchou/contracts/topics.ts'
import type {
  LogPorts,
  Messaging,
  MessagingPorts,
  RelayPorts,
  RunningRelay,
} from '../host/messaging.ts'
import { REGISTRY_HOME, registryUrlIn } from '../host/urls.ts'
import type { MessageLog } from '../message-log/port.ts'
import { backoffMs } from '../postgres/retry.ts'
import { pause } from '../process/identity.ts'
import { openSchemas, SchemaRefused } from '../registry/client.ts'
import { openPostgresRegistryLog } from '../registry/postgres.ts'
import { ownSchemas } from '../registry/registrar.ts'
import { RegistryRefusal } from '../registry/rules/refusal.ts'
import { errorFrom, Fault } from '../service/fault.ts'
import { errorFields } from '../service/logger.ts'
import { openKafkaLog } from './log.ts'
import { openKafkaClient } from './open-client.ts'
import { internalRecords, type Outgoing } from './relay/outgoing.ts'
import { openPostgresMarks } from './relay/postgres-marks.ts'
import { publicRecords } from './relay/public.ts'
import { pulseOf } from './relay/pulse.ts'
import { Relay } from './relay/relay.ts'
import { openSchemaNumbers } from './schema-numbers.ts'

const RETRY_MAX_MS = 5000
/** What others can mend while we wait; everything else is a fault of ours. */
const WAITED_FOR = [Fault, SchemaRefused, RegistryRefusal]
/**
 * Waits until the brokers and the registry have let us in and taken what we declare: meanwhile the
 * doors are alive, not ready, and say what is to be changed, which may be changed at the other end.
 * Throws what a start of its own is needed for: settings that contradict each other.
 */
export async function openKafkaMessaging(
  ports: MessagingPorts,
  brokers: readonly string[],
): Promise<Messaging> {
  const { kafka: config, names, database, dataDir, env } = ports
  const client = await openKafkaClient(config, brokers, names)
  const specs = [...Object.values(TOPICS), ...Object.values(PUBLIC_TOPICS)].map(topicSpecOf)
  const setting = `TONGCHOU_KAFKA=${brokers.join(',')}`
  await whenThere(ports, 'kafka', () =>
    client.ensureTopics(specs).catch(cause => {
      throw named(setting, cause)
    }),
  )
  const own = config.registry === null ? await openPostgresRegistryLog(database) : null
  const registryUrl = registryUrlIn(env)
  const token = config.registryToken
  const registry =
    own === null
      ? openSchemas({ url: registryUrl, token: token === null ? null : async () => token })
      : ownSchemas(own, registryUrl)
  const schemas = await whenThere(ports, 'schema registry', () =>
    openSchemaNumbers(new Set(names), registry),
  )

  async function relayOf({ service, store, publish }: RelayPorts): Promise<RunningRelay> {
    const marks = await openPostgresMarks(database, service)
    const topics = Object.values<Topic>(TOPICS).filter(topic => topic.service === service)
    const inside = internalRecords(service, topics, schemas.internal)
    const outside = publicRecords({ ...config, service, publish, schemas })
    const types = [...topics.flatMap(({ events }) => events), ...(publish?.events ?? [])]
    const relay = new Relay({
      ...{ service, store, marks, client, topics },
      types: new Set<EventType>(types),
      outgoing: event => [...inside(event), ...outside(event)] satisfies readonly Outgoing[],
      pulse: pulseOf({ ...config, service, schemas, dataDir, nowMs: () => Date.now() }),
      nowMs: () => Date.now(),
    })
    return {
      fault: () => relay.fault(),
      lag: () => relay.lag(),
      tellNow: () => relay.tellNow(),
      again: (topic, partition, after) => marks.ask({ topic, partition, after }),
      stop: () => relay.stop(),
    }
  }

  const logs: MessageLog[] = []
  return {
    registryAt: service => (service === REGISTRY_HOME ? own : null),
    logOf: ({ service, store, headOf }: LogPorts) => {
      const log = openKafkaLog({ client, service, store, headOf })
      logs.push(log)
      return log
    },
    relayOf,
    close: async () => {
      await Promise.all(logs.map(log => log.close()))
      await client.close()
    },
  }
}

/** The same fault, with the setting that it is about. */
function named(setting: string, cause: unknown): Error {
  const { message } = errorFrom(cause)
  const text = message.includes(setting) ? message : `${setting}: ${message}`
  if (!(cause instanceof Fault)) return new Error(text, { cause })
  return new Fault(cause.code, text, { cause, retryable: cause.retryable })
}

async function whenThere<T>(
  { logger, onWaiting }: MessagingPorts,
  part: string,
  work: () => Promise<T>,
): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      return await work()
    } catch (cause) {
      if (!(cause instanceof Error) || !WAITED_FOR.some(kind => cause instanceof kind)) throw cause
      onWaiting(part, cause.message)
      const passing = cause instanceof Fault && cause.retryable
      logger[passing ? 'warn' : 'error']({ event: 'kafka.waited-for', ...errorFields(cause) })
      await pause(backoffMs(failures, RETRY_MAX_MS))
    }
  }
}
