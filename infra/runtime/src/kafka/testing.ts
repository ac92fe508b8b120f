/**
 * Kafka for tests. The broker of the test run serves all files of it; a test that kills brokers
 * gets some of its own. Taken first: TONGCHOU_TEST_KAFKA, a Docker engine, Java with the jars.
 */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { ensureJars } from './embedded/jars.ts'
import { findJava } from './embedded/java.ts'
import type { LockedDoors } from './embedded/properties.ts'
import { type Broker, startEmbeddedKafka } from './embedded.ts'
import { brokerOfRun } from './testing/broker-of-run.ts'
import { dockerAnswers } from './testing/docker.ts'

export type TestKafka = {
  /** Addresses with commas between them. */
  readonly bootstrap: string
  /** Null when they are not ours to kill. */
  readonly brokers: readonly Broker[] | null
  /** Begins the names of topics and groups, so that tests on one broker do not meet. */
  readonly topicPrefix: string
}

/** What a test's end needs: `TestContext` and `SuiteContext` of node:test have it. */
type EndOfTest = { after(fn: () => Promise<void>): void }

/** Begins the reason of every test that is left out because of it; `npm test` counts those. */
export const NO_KAFKA = 'needs Apache Kafka'
export const HOW_TO_GET_KAFKA =
  'set TONGCHOU_TEST_KAFKA=host:port, start a Docker engine, or install Java 17 or newer'
const FOLDER = 'tongchou-test-kafka-'

/** The broker of the test run; a process that runs alone starts one that ends with it. */
export async function testKafka(): Promise<TestKafka> {
  const topicPrefix = newPrefix()
  const { TONGCHOU_TEST_KAFKA: given } = process.env
  const bootstrap = given ?? (await brokerOfRun())
  return { bootstrap, brokers: null, topicPrefix }
}

/** Brokers of its own, which the test may kill: from jars, whatever else there is. */
export async function ownTestKafka(
  t: EndOfTest,
  count: 1 | 3,
  locked?: LockedDoors,
): Promise<OwnTestKafka> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), FOLDER))
  const kafka = await startEmbeddedKafka({
    dataDir,
    brokers: count,
    log: () => undefined,
    endWithParent: true,
    ...(locked === undefined ? {} : { locked }),
  })
  t.after(async () => {
    await Promise.all(kafka.brokers.map(broker => broker.kill('SIGKILL')))
    await kafka.stop()
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 })
  })
  return { bootstrap: kafka.bootstrap, brokers: kafka.brokers, topicPrefix: newPrefix() }
}

export type OwnTestKafka = TestKafka & { readonly brokers: readonly Broker[] }

/**
 * Why this machine cannot do it, for `skip`; false when it can, and where TONGCHOU_TEST_REQUIRE
 * names kafka: then the test fails instead.
 */
export async function noKafka(what: 'any' | 'own' = 'any'): Promise<string | false> {
  const { TONGCHOU_TEST_KAFKA: given, TONGCHOU_TEST_REQUIRE: required = '' } = process.env
  if (required.split(',').includes('kafka')) return false
  if (what === 'any' && (given !== undefined || (await dockerAnswers()))) return false
  const fault = await noJars()
  return fault === false ? false : `${NO_KAFKA}: ${fault}`
}

async function noJars(): Promise<string | false> {
  if ((await findJava()) === undefined) return HOW_TO_GET_KAFKA
  try {
    await ensureJars({ log: () => undefined })
    return false
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause)
  }
}

function newPrefix(): string {
  return `test-${process.pid}-${randomBytes(4).toString('hex')}`
}
