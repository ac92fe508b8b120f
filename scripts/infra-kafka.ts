/** `pnpm infra:kafka`: Apache Kafka on this machine, without containers, until Ctrl-C. */
import path from 'node:path'
import { startEmbeddedKafka } from '@tongchou/runtime/kafka/embedded.ts'
import { Command, InvalidArgumentError } from 'commander'
import { ROOT } from './supervisor/options.ts'

type Given = { readonly brokers: 1 | 3; readonly data: string }

const { brokers, data } = new Command('pnpm infra:kafka')
  .description('Starts Apache Kafka on loopback from jars of Maven Central, with the Java here.')
  .option('--brokers <n>', '1, or 3: replicas, and leaders that move', count, 1)
  .option('--data <dir>', 'data folder', path.join(ROOT, '.data', 'kafka'))
  .addHelpText('after', '\nTONGCHOU_MAVEN: another Maven repository. Java 17 or newer is needed.')
  .showHelpAfterError('(--help shows the options)')
  .allowExcessArguments(false)
  .parse(process.argv.slice(2), { from: 'user' })
  .opts<Given>()

function count(text: string): 1 | 3 {
  if (text === '1' || text === '3') return text === '1' ? 1 : 3
  throw new InvalidArgumentError('It must be 1 or 3.')
}

const say = (message: string): void => console.log(message)
const dataDir = brokers === 3 ? `${path.resolve(data)}-3` : path.resolve(data)
try {
  const kafka = await startEmbeddedKafka({ dataDir, brokers, log: say })
  say(`${brokers === 1 ? 'a broker' : 'three brokers'} at ${kafka.bootstrap}, data in ${dataDir}`)
  say('Ctrl-C stops it.')
  const stop = (): void => {
    say('stopping …')
    void kafka.stop().then(() => {
      say('stopped')
      process.exit(0)
    })
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  setInterval(() => {}, 60_000)
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
