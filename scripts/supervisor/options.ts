import path from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import { type Layout, SERVICES } from './layout.ts'

export const ROOT = path.resolve(import.meta.dirname, '../..')

/** Where the data lie unless `--data` or TONGCHOU_DATA_DIR says otherwise. */
export const DEFAULT_DATA_DIR = path.join(ROOT, '.data')

export type Options = {
  readonly dataDir: string
  readonly layout: Layout
  readonly basePort: number
  readonly demo: boolean
  /** The program that runs services; another one in tests. */
  readonly host: string
}

const BASE_PORT = 7080
const BASE_PORT_MAX = 65_536 - SERVICES.length

type Given = {
  readonly data: string
  readonly one?: true
  readonly each?: true
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
      new Option('--port <n>', `first of ${SERVICES.length} ports, one for each service`)
        .default(BASE_PORT)
        .argParser(parsePort),
    )
    .option('--no-demo', 'do not load the demo regions at the first start')
    .addOption(new Option('--host <file>').default(path.join(ROOT, 'scripts/host.ts')).hideHelp())
    .addHelpText('after', HELP)
    .showHelpAfterError('(--help shows the options)')
    .allowExcessArguments(false)
  const given = command.parse(args, { from: 'user' }).opts<Given>()
  return {
    dataDir: path.resolve(given.data),
    layout: given.one ? 'one' : given.each ? 'each' : 'two',
    basePort: given.port,
    demo: given.demo,
    host: path.resolve(given.host),
  }
}

const HELP = `
Set TONGCHOU_DATABASE_URL to use a PostgreSQL server of yours instead of the embedded one.
Without --one and --each there are two processes: door (clearing) and worker (the other services).`

function parsePort(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port >= 1 && port <= BASE_PORT_MAX) return port
  throw new InvalidArgumentError(`It must be a number from 1 to ${BASE_PORT_MAX}.`)
}
