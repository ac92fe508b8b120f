/** `pnpm bench`: how fast the whole is, every figure beside a ceiling measured in the same run. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { processStart } from '@tongchou/runtime/process/identity.ts'
import { HOT_PERCENT, HOT_REGION } from './bench/generate/persons.ts'
import { prepareData } from './bench/instance/prepare.ts'
import { machineFacts } from './bench/machine/facts.ts'
import { type Options, type Part, readOptions } from './bench/options.ts'
import { compareWithBaseline, saveBaseline } from './bench/report/baseline.ts'
import * as print from './bench/report/print.ts'
import { readProfile, type Window } from './bench/report/profile.ts'
import { figuresOf, type Results } from './bench/report/results.ts'
import { claimSource, runParts } from './bench/run.ts'
import { LAYOUTS } from './supervisor/layout.ts'
import { ROOT } from './supervisor/options.ts'

const FOLDER = path.join(ROOT, '.data')
const LAST = path.join(FOLDER, 'bench-last.json')

const NEEDS_PERSONS: ReadonlySet<Part> = new Set(['batch', 'single', 'stages', 'replay', 'audit'])

const options = readOptions(process.argv.slice(2))
const say = (line: string) => console.error(`· ${line}`)
mkdirSync(FOLDER, { recursive: true, mode: 0o755 })
const results: Results = {
  at: new Date().toISOString(),
  persons: options.persons,
  claims: options.claims,
  seed: options.seed,
  kafka: options.kafka,
  hotRegion: { regionCode: HOT_REGION, percentOfPersons: HOT_PERCENT },
  machine: machineFacts(FOLDER),
  othersCores: {},
  faults: [],
}
const windows: Window[] = []
removeLeftovers()
await measure(options)
process.exitCode = report()

/** Folders of runs that were killed. */
function removeLeftovers(): void {
  for (const name of readdirSync(FOLDER)) {
    const pid = /^bench-run-(\d+)$/.exec(name)?.[1]
    if (pid === undefined || processStart(Number(pid)) !== undefined) continue
    rmSync(path.join(FOLDER, name), { recursive: true, force: true })
  }
}

async function measure(given: Options): Promise<void> {
  const dataDir = path.join(FOLDER, `bench-run-${process.pid}`)
  const profileDir = given.profile ? path.join(FOLDER, 'bench-profile') : undefined
  try {
    if (given.only.some(part => NEEDS_PERSONS.has(part))) {
      const { load, loadedNow } = await prepareData({ ...given, dataDir, say })
      results.load = { ...load, loadedNow }
    }
    const source = claimSource(given)
    await runParts({ options: given, dataDir, profileDir, results, source, windows, say })
  } finally {
    if (given.keep) say(`the data folder of the run: ${dataDir}`)
    else rmSync(dataDir, { recursive: true, force: true })
  }
}

/** Returns the exit code. Figures of claims that did not all settle are not shown. */
function report(): number {
  writeFileSync(LAST, `${JSON.stringify(results, null, 2)}\n`)
  if (results.faults.length > 0) {
    console.error('The run is not valid:')
    for (const fault of results.faults) console.error(`  ${fault}`)
    return 1
  }
  print.printMachine(results)
  print.printLoad(results)
  print.printClaims(results)
  print.printBudget(results)
  print.printMemory(results)
  const figures = figuresOf(results)
  print.printFigures(figures)
  printProfiles()
  const verdicts = compareWithBaseline(results, figures)
  print.printVerdicts(verdicts)
  if (options.saveBaseline) say(`saved ${saveBaseline(results, figures)}`)
  console.log(`all results: ${path.relative(ROOT, LAST)}`)
  return verdicts.some(({ verdict }) => verdict === 'worse') ? 1 : 0
}

function printProfiles(): void {
  if (!options.profile) return
  const layout = options.kafka ? LAYOUTS.each : LAYOUTS.two
  for (const { name } of layout) {
    const file = path.join(FOLDER, 'bench-profile', `${name}.cpuprofile`)
    print.printProfile(name, readProfile(file, windows))
  }
}
