/** The broker of a run, on the same cores, with the settings of `npm start -- --kafka local`. */
import path from 'node:path'
import { startEmbeddedKafka } from '@tongchou/runtime/kafka/embedded.ts'

export type BenchBroker = {
  readonly bootstrap: string
  pid(): number
  /** `kill -9`. */
  kill(): Promise<void>
  /** Comes back when it answers. */
  start(): Promise<void>
  close(): Promise<void>
}

export async function openBenchBroker(dataDir: string): Promise<BenchBroker> {
  const kafka = await startEmbeddedKafka({
    dataDir: path.join(dataDir, 'kafka'),
    log: () => undefined,
    endWithParent: true,
  })
  const [broker] = kafka.brokers
  if (broker === undefined) throw new Error('no broker was started')
  return {
    bootstrap: kafka.bootstrap,
    pid: () => broker.pid() ?? 0,
    kill: () => broker.kill('SIGKILL'),
    start: () => broker.start(),
    close: () => kafka.stop(),
  }
}
