import path from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import type { Target } from './victim.ts'
import { TARGETS } from './victim.ts'

export type ChaosOptions = {
  readonly rounds: number
  readonly seed: number
  readonly targets: readonly Target[]
  /** `--one`, `--each` of `npm start`; null for its own choice. */
  readonly layout: string | null
  /** Null: a temporary one, which goes away when all holds. */
  readonly dataDir: string | null
}

type Given = {
  readonly rounds?: number
  readonly seed: number
  readonly short?: true
  readonly layout?: string
  readonly kill?: Target[]
  readonly keep?: string
}

const SHORT: readonly Target[] = ['everything', 'database', 'processes']
const ROUNDS = 20

/** Reads the arguments of `pnpm chaos`. Wrong ones and --help end the process with a message. */
export function readChaosOptions(args: readonly string[]): ChaosOptions {
  const given = new Command('pnpm chaos')
    .description('Kills everything under load, many times; all that was acknowledged must hold.')
    .option('--rounds <n>', `kills, ${ROUNDS} unless told`, whole)
    .option('--seed <n>', 'repeats the load and the kills', whole, Date.now() % 1_000_000)
    .option('--short', `${SHORT.length} rounds: ${SHORT.join(', ')}`)
    .option('--kill <target...>', `what is killed in turn: ${TARGETS.join(', ')}`, target)
    .option('--layout <one|each>', 'processes of the instance: npm start -- --one, --each')
    .option('--keep <dir>', 'data directory, kept afterwards; must not exist')
    .showHelpAfterError('(--help shows the options)')
    .allowExcessArguments(false)
    .parse(args, { from: 'user' })
    .opts<Given>()
  const targets = given.kill ?? (given.short ? SHORT : TARGETS)
  return {
    rounds: given.rounds ?? (given.short ? SHORT.length : ROUNDS),
    seed: given.seed,
    targets,
    layout: given.layout === undefined ? null : `--${given.layout}`,
    dataDir: given.keep === undefined ? null : path.resolve(given.keep),
  }
}

function whole(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a whole number.')
}

function target(text: string, before: Target[] | undefined): Target[] {
  const found = TARGETS.find(known => known === text)
  if (found === undefined)
    throw new InvalidArgumentError(`It must be one of ${TARGETS.join(', ')}.`)
  return [...(before ?? []), found]
}
