/** Beds of the contract on real brokers. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import type { TestContext } from 'node:test'
import { type ITopicMetadata, Kafka, logLevel } from 'kafkajs'
import type { KafkaClient, KafkaClientOptions } from '../../client.ts'
import type { Broker } from '../../embedded.ts'
import { ownTestKafka, type TestKafka, testKafka } from '../../testing.ts'
import { openKafkajs } from '../kafkajs.ts'
import { openPlatformatic } from '../platformatic.ts'
import type { Bed, BrokenBed, OpenBed, OpenBrokenBed } from './bed.ts'
import type { OneOfThree, OpenThreeBed, ThreeBrokers } from './three.ts'

export const CLIENTS = {
  kafkajs: openKafkajs,
  platformatic: openPlatformatic,
} as const satisfies Readonly<Record<string, (options: KafkaClientOptions) => KafkaClient>>

export type ClientName = keyof typeof CLIENTS

/** The shortest session that a broker allows unless it is told otherwise. */
const SESSION_MS = 6000
const SEND_MS = 10_000
const VICTIM = path.join(import.meta.dirname, 'victim.ts')

export function optionsFor(
  { bootstrap }: Pick<TestKafka, 'bootstrap'>,
  given: Partial<KafkaClientOptions> = {},
): KafkaClientOptions {
  return {
    brokers: bootstrap.split(','),
    clientId: 'contract',
    sendTimeoutMs: SEND_MS,
    sessionTimeoutMs: SESSION_MS,
    ...given,
  }
}

export function bedOn(name: ClientName, kafka: TestKafka, t: Pick<TestContext, 'after'>): Bed {
  return {
    prefix: kafka.topicPrefix,
    client: options => {
      const client = CLIENTS[name](optionsFor(kafka, options))
      t.after(() => client.close())
      return client
    },
    victim: async (group, topic) => {
      const child = fork(VICTIM, [name, kafka.bootstrap, group, topic])
      t.after(() => child.kill('SIGKILL'))
      await once(child, 'message')
      return {
        kill: async () => {
          child.kill('SIGKILL')
          await once(child, 'exit')
        },
      }
    },
  }
}

/** On the broker of the test run. */
export function openOnRun(name: ClientName): OpenBed {
  return async t => bedOn(name, await testKafka(), t)
}

/** On a broker of its own for each test. */
export function openOnOwn(name: ClientName): OpenBrokenBed {
  return async (t): Promise<BrokenBed> => {
    const kafka = await ownTestKafka(t, 1)
    const [broker] = kafka.brokers
    if (broker === undefined) throw new Error('no broker')
    return { ...bedOn(name, kafka, t), ...stoppable(broker) }
  }
}

function stoppable(broker: Broker): OneOfThree {
  let frozen = false
  return {
    stop: async how => {
      frozen = how === 'frozen'
      await broker.kill(frozen ? 'SIGSTOP' : 'SIGKILL')
    },
    start: async () => {
      if (frozen) await broker.kill('SIGCONT')
      else await broker.start()
    },
  }
}

/** On one cluster for all tests of the file. */
export function openOnThree(name: ClientName): ThreeBrokers {
  const ends: (() => Promise<void>)[] = []
  let cluster: ReturnType<typeof ownTestKafka> | undefined
  const open: OpenThreeBed = async t => {
    cluster ??= ownTestKafka({ after: end => ends.push(end) }, 3)
    const kafka = await cluster
    await Promise.all(kafka.brokers.map(broker => broker.start()))
    const leaderOf = async (topic: string, partition: number): Promise<OneOfThree> => {
      const found = await metadataOf(kafka.bootstrap, topic)
      const leader = found.partitions.find(({ partitionId }) => partitionId === partition)?.leader
      const broker = kafka.brokers.find(({ id }) => id === leader)
      if (broker === undefined) throw new Error(`${topic}/${partition} has no leader`)
      return stoppable(broker)
    }
    return {
      ...bedOn(name, kafka, t),
      leaderOf,
      coordinatorOf: async group => {
        const { partitions } = await metadataOf(kafka.bootstrap, OFFSETS)
        return leaderOf(OFFSETS, Math.abs(hashOf(group)) % partitions.length)
      },
    }
  }
  return {
    open,
    end: async () => {
      for (const end of ends) await end()
    },
  }
}

const OFFSETS = '__consumer_offsets'

/** Java's `String.hashCode`: it says which partition of the offsets a group has. */
function hashOf(text: string): number {
  let hash = 0
  for (let at = 0; at < text.length; at += 1) hash = (hash * 31 + text.charCodeAt(at)) | 0
  return hash
}

async function metadataOf(bootstrap: string, topic: string): Promise<ITopicMetadata> {
  const kafka = new Kafka({ brokers: bootstrap.split(','), logLevel: logLevel.NOTHING })
  const admin = kafka.admin()
  await admin.connect()
  try {
    const [found] = (await admin.fetchTopicMetadata({ topics: [topic] })).topics
    if (found === undefined) throw new Error(`no topic ${topic}`)
    return found
  } finally {
    await admin.disconnect()
  }
}
