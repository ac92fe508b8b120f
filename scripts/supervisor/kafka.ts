import path from 'node:path'
import { startEmbeddedKafka } from '@tongchou/runtime/kafka/embedded.ts'

export type Kafka = {
  /** host:port, with commas between them. */
  readonly brokers: string
  /** For people. */
  readonly where: string
  /** Of a broker of ours. */
  pid(): number | null
  close(): Promise<void>
}

const WATCH_MS = 1_000

/** Null where nothing is asked for. A broker of ours that ends on its own is started again. */
export async function openKafka(options: {
  readonly kafka: string | null
  readonly dataDir: string
  readonly say: (line: string) => void
}): Promise<Kafka | null> {
  const { kafka: asked, dataDir, say } = options
  if (asked === null) return null
  if (asked !== 'local') {
    const close = async (): Promise<void> => undefined
    return { brokers: asked, where: `Kafka at ${asked}`, pid: () => null, close }
  }
  const folder = path.join(dataDir, 'kafka')
  const server = await startEmbeddedKafka({ dataDir: folder, log: say })
  const [broker] = server.brokers
  let starting = false
  const watch = setInterval(() => {
    if (starting || broker === undefined || broker.pid() !== undefined) return
    starting = true
    say('the broker ended on its own: starting it again')
    broker
      .start()
      .catch(fault => say(fault instanceof Error ? fault.message : String(fault)))
      .finally(() => {
        starting = false
      })
  }, WATCH_MS)
  return {
    brokers: server.bootstrap,
    where: `embedded Kafka on ${server.bootstrap}`,
    pid: () => broker?.pid() ?? null,
    close: async () => {
      clearInterval(watch)
      await server.stop()
    },
  }
}
