/** One broker in a container, where a Docker engine answers. */
import { freePorts } from '../../process/ports.ts'
import { KAFKA_VERSION } from '../embedded/jars.ts'

const IMAGE = `apache/kafka:${KAFKA_VERSION}`
const INSIDE = 9092
const START_MS = 120_000
const PROBE_MS = 3000

let probe: Promise<boolean> | undefined

/** Whether a Docker engine answers; asked once. */
export function dockerAnswers(): Promise<boolean> {
  probe ??= ask()
  return probe
}

async function ask(): Promise<boolean> {
  try {
    const { getContainerRuntimeClient } = await import('testcontainers')
    const late = AbortSignal.timeout(PROBE_MS)
    const gaveUp = new Promise<never>((_, reject) => {
      late.addEventListener('abort', () => reject(new Error('the engine does not answer')))
    })
    await Promise.race([getContainerRuntimeClient(), gaveUp])
    return true
  } catch {
    return false
  }
}

export type Container = { readonly bootstrap: string; stop(): Promise<void> }

/** The image's own settings, but for the address that it tells clients. */
export async function startContainer(): Promise<Container> {
  const { GenericContainer, Wait } = await import('testcontainers')
  const [port] = await freePorts(1)
  if (port === undefined) throw new Error('no free port')
  const container = await new GenericContainer(IMAGE)
    .withExposedPorts({ container: INSIDE, host: port })
    .withEnvironment(environmentOf(port))
    .withWaitStrategy(Wait.forLogMessage(/Kafka Server started/))
    .withStartupTimeout(START_MS)
    .start()
  return {
    bootstrap: `${container.getHost()}:${port}`,
    stop: async () => {
      await container.stop()
    },
  }
}

/** One node in KRaft mode; every factor is one, and groups do not wait for more members. */
export function environmentOf(port: number): Readonly<Record<string, string>> {
  return {
    KAFKA_NODE_ID: '1',
    KAFKA_PROCESS_ROLES: 'broker,controller',
    KAFKA_LISTENERS: `PLAINTEXT://:${INSIDE},CONTROLLER://:9093`,
    KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://localhost:${port}`,
    KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
    KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
    KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
    KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: '8',
    KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
    KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
    KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
    KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
  }
}
