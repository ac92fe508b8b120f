import path from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import type { Target } from './targets.ts'
import { WITH_BROKER, WITHOUT_BROKER } from './targets.ts'

export type ChaosOptions = {
  readonly rounds: number
  readonly seed: number
  readonly targets: readonly Target[]
  /** `--one`, `--each` of `npm start`; null for its own choice. */
  readonly layout: string | null
  /** Events travel over so many brokers; null for none. */
  readonly brokers: 1 | 3 | null
  /** Goes on to the end of the demo set, whose amounts are known. */
  readonly whole: boolean
  /** Null: a temporary one, which goes away when all holds. */
  readonly dataDir: string | null
}

type Given = {
  readonly rounds?: number
  readonly seed: number
  readonly short?: true
  readonly layout?: string
  readonly kill?: string[]
  readonly kafka?: true
  readonly brokers?: 1 | 3
  readonly whole?: true
  readonly keep?: string
}

const ROUNDS = 20

/** Reads the arguments of `pnpm chaos`. Wrong ones and --help end the process with a message. */
export function readChaosOptions(args: readonly string[]): ChaosOptions {
  const command = new Command('pnpm chaos')
    .description('Strikes everything under load, many times; all that was acknowledged must hold.')
    .option('--rounds <n>', `strikes, ${ROUNDS} unless told`, whole)
    .option('--seed <n>', 'repeats the load and the strikes', whole, Date.now() % 1_000_000)
    .option('--short', 'a few rounds, of one kind each')
    .option('--kafka', 'over a broker of its own, with two processes of the busiest services')
    .option('--brokers <n>', '1, or 3: with --kafka', count)
    .option('--whole', 'to the end of the demo set, each claim compared with what it must come to')
    .option('--kill <target...>', 'what is struck in turn; see below')
    .option('--layout <one|each>', 'processes of the instance: npm start -- --one, --each')
    .option('--keep <dir>', 'data directory, kept afterwards; must not exist')
    .addHelpText('after', `\nTargets: ${WITHOUT_BROKER.all.join(', ')}`)
    .addHelpText('after', `With --kafka: ${WITH_BROKER.all.join(', ')}`)
    .showHelpAfterError('(--help shows the options)')
    .allowExcessArguments(false)
    .parse(args, { from: 'user' })
  const given = command.opts<Given>()
  if (given.brokers !== undefined && !given.kafka) command.error('--brokers is for --kafka')
  if (given.layout !== undefined && given.kafka) command.error('--kafka has a layout of its own')
  const { all, short } = given.kafka ? WITH_BROKER : WITHOUT_BROKER
  const targets = given.kill?.map(text => {
    const found = all.find(known => known === text)
    return found ?? command.error(`${text} is none of ${all.join(', ')}`)
  })
  return {
    rounds: given.rounds ?? (given.short ? short.length : ROUNDS),
    seed: given.seed,
    targets: targets ?? (given.short ? short : all),
    layout: given.layout === undefined ? null : `--${given.layout}`,
    brokers: given.kafka ? (given.brokers ?? 1) : null,
    whole: given.whole ?? false,
    dataDir: given.keep === undefined ? null : path.resolve(given.keep),
  }
}

function count(text: string): 1 | 3 {
  if (text === '1' || text === '3') return text === '1' ? 1 : 3
  throw new InvalidArgumentError('It must be 1 or 3.')
}

function whole(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a whole number.')
}
