/** `tongchou whatif`: the stored claims of a period under a draft pack. */
import { existsSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { loadPolicy } from '@tongchou/claims/policy/load.ts'
import { reportJson } from '@tongchou/claims/whatif/report.ts'
import type { Period } from '@tongchou/claims/whatif/rerun.ts'
import {
  type Draft,
  type End,
  OtherCheckpoint,
  type Ran,
  runWhatIf,
} from '@tongchou/claims/whatif/run/run.ts'
import { isLanguageForm, type PackDocument } from '@tongchou/contracts/policy-document.ts'
import { isBusinessDate } from '@tongchou/contracts/time.ts'
import { PARTITIONS } from '@tongchou/contracts/topics.ts'
import { Snapshot } from '@tongchou/runtime/audit/snapshot/snapshot.ts'
import type { Command } from 'commander'
import { withDatabase } from '../database.ts'
import { CommandFault, openInstance } from '../instance.ts'
import { progress } from '../show.ts'
import { htmlOf } from './html.ts'
import { tablesOf } from './tables.ts'

type Global = { readonly dataDir: string }

type Options = {
  readonly pack: string
  readonly from: string
  readonly to: string
  readonly region?: string
  readonly parent: readonly string[]
  readonly html?: string
  readonly checkpoint?: string
  readonly threads?: string
  readonly json?: boolean
}

export function addWhatIfCommand(program: Command): void {
  program
    .command('whatif')
    .description('what stored claims would come to under a draft; writes to no account 政策测算')
    .requiredOption('--pack <file>', 'the draft: table, language or override 草案')
    .requiredOption('--from <day>', 'first end date of the claims, YYYY-MM-DD')
    .requiredOption('--to <day>', 'last end date, included')
    .option('--region <code>', 'insured region, where the draft names none')
    .option('--parent <file...>', 'packs that the draft may build on 上级政策包', [])
    .option('--html <file>', 'write charts, tables and claims into one file')
    .option('--checkpoint <file>', 'to stop with Ctrl-C and go on with the same command later')
    .option('--threads <n>', 'threads, one for each core unless told')
    .option('--json', 'the report as JSON')
    .addHelpText('after', HELP)
    .action(async (options: Options, command: Command) => {
      if (!(await run(options, command.optsWithGlobals<Global>().dataDir))) process.exitCode = 3
    })
}

const HELP = `
Each claim begins with the totals it was stored with, moved by what the draft made of the claims
before it in the period. Days on which the draft takes effect are left aside; undone claims count
in no figure. 每笔费用以原累计为起点，并计入草案对期内此前费用的影响；不看草案的生效日期。

Exit code 退出码: 0 done; 1 refused; 3 stopped, to go on with the same --checkpoint

Examples 示例:
  tongchou whatif --pack draft.json --from 2025-01-01 --to 2025-12-31 --html whatif.html
  tongchou whatif --pack draft.json --from 2025-01-01 --to 2025-12-31 --checkpoint whatif.run`

/** True when the run came to its end. */
async function run(options: Options, dataDir: string): Promise<boolean> {
  const draft = draftIn(options)
  const period = periodIn(options, draft)
  const checkpoint = options.checkpoint === undefined ? null : resolve(options.checkpoint)
  const threads = threadsOf(options.threads ?? String(availableParallelism()))
  const startedMs = performance.now()
  const ran = await withDatabase(await openInstance(dataDir), async url => {
    const end = await endOf(url)
    const source = { kind: 'database', url, threads } as const
    return runShown({ draft, period, source, end, checkpoint })
  })
  const seconds = (performance.now() - startedMs) / 1000
  const rate = Math.round(ran.scanned / seconds).toLocaleString('en')
  const scanned = ran.scanned.toLocaleString('en')
  console.error(`${scanned} claims in ${seconds.toFixed(1)} s, ${rate}/s`)
  if (!ran.done) {
    console.error(
      checkpoint === null ? 'stopped' : `stopped; go on with --checkpoint ${checkpoint}`,
    )
    return false
  }
  const report = reportJson({ draft: draft.plan, period, ...ran })
  console.log(options.json === true ? JSON.stringify(report, null, 2) : tablesOf(report))
  if (options.html !== undefined) {
    writeFileSync(options.html, htmlOf(report))
    console.error(`${resolve(options.html)} written`)
  }
  if (checkpoint !== null && existsSync(checkpoint)) unlinkSync(checkpoint)
  return true
}

type ToRun = Parameters<typeof runWhatIf>[0]

/** Progress on stderr; Ctrl-C stops at the next claims, and a second one at once. */
async function runShown(options: ToRun): Promise<Ran> {
  const bar = progress('events', Number(options.end.position))
  const stopping = new AbortController()
  const stop = (): void => stopping.abort()
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  let told = 0
  try {
    return await runWhatIf({
      ...options,
      signal: stopping.signal,
      onProgress: ({ position }) => {
        bar.step(Math.max(0, position - told))
        told = Math.max(told, position)
      },
    })
  } catch (cause) {
    if (!(cause instanceof OtherCheckpoint)) throw cause
    throw new CommandFault(`${cause.message}: name another file, or remove it`)
  } finally {
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
    bar.done()
  }
}

async function endOf(url: string): Promise<End> {
  const snapshot = await Snapshot.take(url)
  try {
    const end = await snapshot.end('claims')
    if (end !== null) return end
  } finally {
    await snapshot.close()
  }
  throw new CommandFault('there are no claims: this database has no store of them')
}

function draftIn({ pack, parent }: Options): Draft {
  const parents = parent.map(file => jsonIn(file)).filter(isPack)
  const loaded = loadPolicy(jsonIn(pack), { parents, breaches: 'told' })
  if (loaded.ok) {
    for (const { path, found, says } of loaded.warnings) {
      console.error(`${path}: ${found}: ${says.en} ${says.zh}`)
    }
    return { document: loaded.document, plan: loaded.plan }
  }
  const faults = loaded.problems.map(({ path, says }) => `  ${path}: ${says.en} ${says.zh}`)
  const advice = `tongchou policy check ${pack} says more`
  throw new CommandFault([`${pack} is refused (${advice}):`, ...faults].join('\n'))
}

function isPack(document: unknown): document is PackDocument {
  return (
    typeof document === 'object' && document !== null && isLanguageForm(document as PackDocument)
  )
}

function jsonIn(file: string): unknown {
  if (!existsSync(file)) throw new CommandFault(`${file} is not there`)
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new CommandFault(`${file} is no JSON: ${cause instanceof Error ? cause.message : ''}`)
  }
}

function periodIn({ from, to, region: given }: Options, { plan }: Draft): Period {
  for (const day of [from, to]) {
    if (!isBusinessDate(day)) throw new CommandFault(`${day} is no day: write YYYY-MM-DD`)
  }
  if (to < from) throw new CommandFault(`the period ends on ${to} before it begins on ${from}`)
  const region = plan.region ?? given
  if (region === undefined) throw new CommandFault('the draft names no region: use --region CODE')
  if (given !== undefined && given !== region) {
    throw new CommandFault(`the draft is of region ${region}, not ${given}`)
  }
  if (plan.scheme === null) throw new CommandFault('the draft is of no one scheme')
  return { region, from, to }
}

function threadsOf(text: string): number {
  const threads = Number(text)
  if (Number.isInteger(threads) && threads >= 1) return Math.min(threads, PARTITIONS)
  throw new CommandFault('--threads is a number from 1')
}
