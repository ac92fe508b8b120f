import path from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import { type Layout, PORTS, REPLICAS_MAX } from './layout.ts'

export const ROOT = path.resolve(import.meta.dirname, '../..')

/** Where the data lie unless `--data` or TONGCHOU_DATA_DIR says otherwise. */
export const DEFAULT_DATA_DIR = path.join(ROOT, '.data')

export type Options = {
  readonly dataDir: string
  readonly layout: Layout
  readonly replicas: number
  readonly basePort: number
  /** Addresses of brokers, `local` for one of our own, null for none. */
  readonly kafka: string | null
  readonly demo: boolean
  /** The program that runs services; another one in tests. */
  readonly host: string
}

const BASE_PORT = 7080
const BASE_PORT_MAX = 65_536 - PORTS

type Given = {
  readonly data: string
  readonly one?: true
  readonly each?: true
  readonly replicas: number
  readonly kafka?: string
  readonly port: number
  readonly demo: boolean
  readonly host: string
}

/** Reads the arguments of `npm start`. Wrong ones and --help end the process with a message. */
export function readOptions(args: readonly string[]): Options {
  const command = new Command('npm start --')
    .description('Starts Tongchou: the database, all services, the demo regions.')
    .addOption(
      new Option('--data <dir>', 'folder for everything that is kept')
        .env('TONGCHOU_DATA_DIR')
        .default(DEFAULT_DATA_DIR, '.data'),
    )
    .addOption(new Option('--one', 'all services in one process').conflicts('each'))
    .addOption(new Option('--each', 'a process for each service'))
    .addOption(
      new Option('--replicas <n>', 'processes of clearing, claims and funds each; with --each')
        .default(1)
        .argParser(parseReplicas),
    )
    .addOption(
      new Option('--kafka <address>', 'events travel over these brokers; local: one of our own')
        .env('TONGCHOU_KAFKA')
        .argParser(parseKafka),
    )
    .addOption(
      new Option('--port <n>', `first of up to ${PORTS} ports, one for each service and replica`)
        .default(BASE_PORT)
        .argParser(parsePort),
    )
    .option('--no-demo', 'do not load the demo regions at the first start')
    .addOption(new Option('--host <file>').default(path.join(ROOT, 'scripts/host.ts')).hideHelp())
    .addHelpText('after', HELP)
    .showHelpAfterError('(--help shows the options)')
    .allowExcessArguments(false)
  const given = command.parse(args, { from: 'user' }).opts<Given>()
  if (given.replicas > 1 && !given.each) command.error('--replicas is for --each')
  return {
    dataDir: path.resolve(given.data),
    layout: given.one ? 'one' : given.each ? 'each' : 'two',
    replicas: given.replicas,
    basePort: given.port,
    kafka: given.kafka ?? null,
    demo: given.demo,
    host: path.resolve(given.host),
  }
}

const HELP = `
Set TONGCHOU_DATABASE_URL to use a PostgreSQL server of yours instead of the embedded one.
Without --one and --each there are two processes: door (clearing) and worker (the other services).
Without --kafka services read each other's events from the database. --kafka local needs Java 17.`

function parseReplicas(text: string): number {
  const replicas = Number(text)
  if (/^\d$/.test(text) && replicas >= 1 && replicas <= REPLICAS_MAX) return replicas
  throw new InvalidArgumentError(`It must be a number from 1 to ${REPLICAS_MAX}.`)
}

function parseKafka(text: string): string {
  if (text === 'local' || /^[^\s,:]+:\d{1,5}(,[^\s,:]+:\d{1,5})*$/.test(text)) return text
  throw new InvalidArgumentError('It must be local, or host:port, several with commas between.')
}

function parsePort(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port >= 1 && port <= BASE_PORT_MAX) return port
  throw new InvalidArgumentError(`It must be a number from 1 to ${BASE_PORT_MAX}.`)
}
