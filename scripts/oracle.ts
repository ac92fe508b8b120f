/**
 * `pnpm oracle [--claims N] [--seed N] [--pack NAME] [--person N]`: random histories through the
 * engine and through the slow oracle of `test/oracle`, which was written from the policies' words
 * and shares no code with it. Every part is compared to the fen. Ends with 1 when one differs.
 */
import { parseArgs } from 'node:util'
import { everything } from '../test/oracle/run/everything.ts'
import { differenceOf, tableOf } from '../test/oracle/run/report.ts'
import type { Row } from '../test/oracle/run/run.ts'

const USAGE = `pnpm oracle [--claims N] [--seed N] [--pack NAME] [--person N]
  --claims N    claims of each policy (10000)
  --seed N      another run; the same number gives the same run (1)
  --pack NAME   only policies whose name has NAME in it: P01, 'demo 110100-employee', city
  --person N    only this person of the run, as printed where one differs`

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new Error(`--${name} ${text} is not a whole number`)
}

function readOptions(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      claims: { type: 'string', default: '10000' },
      seed: { type: 'string', default: '1' },
      pack: { type: 'string', default: '' },
      person: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const { person, pack, help } = values
  return {
    claims: wholeNumber('claims', values.claims),
    seed: wholeNumber('seed', values.seed),
    person: person === undefined ? null : wholeNumber('person', person),
    pack,
    help,
  }
}

function main(): number {
  const { pack, help, ...asked } = readOptions(process.argv.slice(2))
  if (help) {
    console.log(USAGE)
    return 0
  }
  const wanted = everything().filter(({ name }) => name.includes(pack))
  if (wanted.length === 0) throw new Error(`no policy has ${pack} in its name`)
  const rows: Row[] = []
  for (const { name, run } of wanted) {
    if (process.stderr.isTTY) process.stderr.write(`${name} …\u001b[K\r`)
    rows.push(run(asked))
  }
  console.log(tableOf(rows))
  for (const { name, first } of rows) {
    if (first !== null) console.log(`\n${differenceOf(name, asked.seed, first)}`)
  }
  const differing = rows.filter(({ differences }) => differences > 0).length
  console.log(`\nseed ${asked.seed}; ${differing === 0 ? 'no difference' : `${differing} differ`}`)
  return differing === 0 ? 0 : 1
}

try {
  process.exitCode = main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  console.error(USAGE)
  process.exitCode = 2
}
