/**
 * The one broker of a test run. Its runner starts it when the first test file asks, over a socket
 * file that TONGCHOU_TEST_KAFKA_ASK names; a test file that runs alone starts its own.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { startEmbeddedKafka } from '../embedded.ts'
import { dockerAnswers, startContainer } from './docker.ts'

export const ASK = 'TONGCHOU_TEST_KAFKA_ASK'

type TestBroker = { readonly bootstrap: string; stop(): Promise<void> }
type Answer = { readonly bootstrap: string } | { readonly fault: string }

let own: Promise<TestBroker> | undefined

export async function brokerOfRun(): Promise<string> {
  const { [ASK]: ask } = process.env
  if (ask !== undefined) return asked(ask)
  own ??= startTestBroker()
  const { bootstrap } = await own
  return bootstrap
}

async function asked(file: string): Promise<string> {
  const answer: Answer = JSON.parse(await text(net.connect(file)))
  if ('fault' in answer) throw new Error(answer.fault)
  return answer.bootstrap
}

async function startTestBroker(): Promise<TestBroker> {
  if (await dockerAnswers()) return startContainer()
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tongchou-test-kafka-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  const options = { dataDir: folder, log: () => undefined, endWithParent: true }
  const kafka = await startEmbeddedKafka(options)
  for (const broker of kafka.brokers) {
    process.once('exit', () => broker.kill('SIGKILL'))
  }
  return {
    bootstrap: kafka.bootstrap,
    stop: async () => {
      await Promise.all(kafka.brokers.map(broker => broker.kill('SIGKILL')))
      await kafka.stop()
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

export type BrokerKeeper = {
  /** What the environment of test files must have. */
  readonly environment: Readonly<Record<string, string>>
  stop(): Promise<void>
}

/** For the runner: nothing is started before a test file asks. */
export async function keepBroker(): Promise<BrokerKeeper> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tongchou-ask-'))
  const file = path.join(folder, 'kafka.sock')
  const server = net.createServer(socket => {
    socket.on('error', () => {}) // a test file that ended while it waited
    own ??= startTestBroker()
    own.then(
      ({ bootstrap }) => socket.end(JSON.stringify({ bootstrap } satisfies Answer)),
      cause => socket.end(JSON.stringify({ fault: String(cause) } satisfies Answer)),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(file, resolve)
  })
  return {
    environment: { [ASK]: file },
    stop: async () => {
      await new Promise(resolve => server.close(resolve))
      const broker = await own?.catch(() => undefined)
      await broker?.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
