import { Command, InvalidArgumentError } from 'commander'

export const PARTS = [
  'kernel',
  'what-if',
  'append',
  'http',
  'batch',
  'single',
  'stages',
  'replay',
  'audit',
  'broker',
  'outage',
] as const
/** What a run measures that is not told which parts; with a broker other things matter. */
const USUAL = PARTS.filter(part => part !== 'broker' && part !== 'outage')
const OVER_KAFKA: readonly Part[] = ['broker', 'batch', 'single', 'outage']
export type Part = (typeof PARTS)[number]

export type Options = {
  readonly persons: number
  readonly claims: number
  readonly only: readonly Part[]
  /** Every service a process, events over a broker on the same cores. */
  readonly kafka: boolean
  readonly short: boolean
  readonly fresh: boolean
  readonly profile: boolean
  readonly saveBaseline: boolean
  readonly keep: boolean
  /** Minutes that each measurement waits for other programs to be done. */
  readonly quiet: number
  readonly seed: number
}

type Given = Omit<Options, 'only' | 'persons' | 'claims'> & {
  readonly only?: readonly Part[]
  readonly persons?: number
  readonly claims?: number
}

const FULL = { persons: 300_000, claims: 30_000 }
const SHORT = { persons: 20_000, claims: 5_000 }

export function readOptions(args: readonly string[]): Options {
  const command = new Command('pnpm bench')
    .description(
      'Measures Tongchou as it runs: real processes, durable database, figures by ceilings.',
    )
    .option('--persons <n>', `generated persons (${FULL.persons})`, parseCount)
    .option('--claims <n>', `claims of the measured batch (${FULL.claims})`, parseCount)
    .option('--only <parts>', `of ${PARTS.join(', ')}`, parseParts)
    .option('--kafka', 'every service a process, over a broker on the same cores', false)
    .option('--short', `${SHORT.persons} persons, ${SHORT.claims} claims, shorter parts`, false)
    .option('--fresh', 'load the persons anew although a prepared folder is there', false)
    .option('--profile', 'run the services under the CPU profiler, show the hottest', false)
    .option('--save-baseline', 'write test/bench/baseline.json from this run', false)
    .option('--quiet <minutes>', 'wait before each part until little else runs', parseCount, 0)
    .option('--keep', 'keep the data folder of the run', false)
    .option('--seed <n>', 'of persons and claims', parseCount, 7)
    .addHelpText('after', HELP)
    .showHelpAfterError('(--help shows the options)')
    .allowExcessArguments(false)
  const given = command.parse([...args], { from: 'user' }).opts<Given>()
  const { persons, claims } = given.short ? SHORT : FULL
  return {
    ...given,
    persons: given.persons ?? persons,
    claims: given.claims ?? claims,
    only: given.only ?? (given.kafka ? OVER_KAFKA : USUAL),
  }
}

const HELP = `
Exit code 1: a claim did not settle, sums differ, or a figure is below 85 % of the baseline's
throughput or above 120 % of its latency. Results: .data/bench-last.json.`

function parseCount(text: string): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= 1 && value <= 10_000_000) return value
  throw new InvalidArgumentError('It must be a whole number from 1 to 10,000,000.')
}

function parseParts(text: string): Part[] {
  return text.split(',').map(name => {
    const part = PARTS.find(known => known === name.trim())
    if (part === undefined) throw new InvalidArgumentError(`There is no part ${name}.`)
    return part
  })
}
