/** Beds of the contract on real brokers. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import type { TestContext } from 'node:test'
import type { KafkaClient, KafkaClientOptions } from '../../client.ts'
import { ownTestKafka, type TestKafka, testKafka } from '../../testing.ts'
import { openKafkajs } from '../kafkajs.ts'
import type { Bed, BrokenBed, OpenBed, OpenBrokenBed } from './bed.ts'

export const CLIENTS = {
  kafkajs: openKafkajs,
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
    let frozen = false
    return {
      ...bedOn(name, kafka, t),
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
}
