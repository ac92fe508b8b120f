/** Commands for auditors: audit verify, export. */
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { SERVICES } from '@tongchou/contracts/services.ts'
import { keyFromVerificationKey } from '@tongchou/runtime/audit/checkpoint.ts'
import type { Command } from 'commander'
import { writeExport } from '../audit/export.ts'
import { reportOf } from '../audit/report.ts'
import { openDatabaseSource } from '../audit/source/database.ts'
import { openSource } from '../audit/source/open.ts'
import { verify } from '../audit/verify.ts'
import { CommandFault, databaseUrlOf, openInstance } from './instance.ts'
import { progress } from './show.ts'

type Global = { readonly dataDir: string }

export function addAuditCommands(program: Command): void {
  const audit = program.command('audit').description('check everything that is stored')
  audit
    .command('verify')
    .description('recompute every hash, root, benefit, window, entry and view; exit 1 on damage')
    .option('--export <file>', 'an export instead of the database; nothing needs to run')
    .option('--key <text>', 'public key of the checkpoints that you trust, or a file with it')
    .option('--threads <n>', 'threads', '2')
    .option('--json', 'the whole result as JSON')
    .addHelpText('after', VERIFY_EXAMPLES)
    .action(async (options: VerifyOptions, command: Command) => {
      if (!(await runVerify(options, command.optsWithGlobals<Global>().dataDir)))
        process.exitCode = 1
    })
  program
    .command('export')
    .description('write everything an audit needs into one file, while services run')
    .argument('<file>', 'tar file to write')
    .addHelpText('after', EXPORT_EXAMPLES)
    .action(async (file: string, _: object, command: Command) => {
      await runExport(file, command.optsWithGlobals<Global>().dataDir)
    })
}

const VERIFY_EXAMPLES = `
Examples:
  tongchou audit verify                          the running or stopped instance in .data
  tongchou audit verify --export books.tar       an export, on any machine
  tongchou audit verify --export books.tar --key tongchou+6d7a3c1e+AVe2…`

const EXPORT_EXAMPLES = `
Examples:
  tongchou export books.tar
  tongchou export /backup/$(date +%F).tar && tongchou audit verify --export /backup/$(date +%F).tar`

type VerifyOptions = {
  readonly export?: string
  readonly key?: string
  readonly threads: string
  readonly json?: boolean
}

/** True when nothing is damaged. */
async function runVerify(options: VerifyOptions, dataDir: string): Promise<boolean> {
  const { source, address } = await opened(options, dataDir)
  const trusted = options.key === undefined ? undefined : trustedKey(options.key)
  const startedMs = performance.now()
  try {
    const total = (await source.stores()).reduce((sum, { end }) => sum + Number(end.position), 0)
    const bar = progress('events', total)
    const result = await verify(source, address, {
      onEvents: count => bar.step(count),
      threads: threadsOf(options.threads),
      ...(trusted === undefined ? {} : { trusted }),
    })
    bar.done()
    const seconds = (performance.now() - startedMs) / 1000
    const rate = Math.round(result.events / seconds).toLocaleString('en')
    console.error(
      `${result.events.toLocaleString('en')} events in ${seconds.toFixed(1)} s, ${rate}/s`,
    )
    console.log(options.json === true ? jsonOf(result) : reportOf(result))
    return result.findings.length === 0
  } finally {
    await source.close()
  }
}

async function opened(options: VerifyOptions, dataDir: string) {
  if (options.export === undefined) {
    return openDatabaseSource(databaseUrlOf(await openInstance(dataDir)), dataDir)
  }
  const path = resolve(options.export)
  if (!existsSync(path))
    throw new CommandFault(`${path} is not there: name a file of tongchou export`)
  const address = { kind: 'export', path } as const
  return { address, source: await openSource(address) }
}

function trustedKey(text: string): string {
  const key = existsSync(text) ? readFileSync(text, 'utf8').trim() : text
  if (keyFromVerificationKey(key) !== undefined) return key
  throw new CommandFault(
    '--key is no public key: take it from checkpoint-key.pub of the data directory',
  )
}

function threadsOf(text: string): number {
  const threads = Number(text)
  if (Number.isInteger(threads) && threads >= 1 && threads <= SERVICES.length) return threads
  throw new CommandFault(`--threads is a number from 1 to ${SERVICES.length}`)
}

function jsonOf(value: unknown): string {
  return JSON.stringify(
    value,
    (_, part: unknown) => (typeof part === 'bigint' ? JSON.rawJSON(`${part}`) : part),
    2,
  )
}

async function runExport(file: string, dataDir: string): Promise<void> {
  const path = resolve(file)
  if (existsSync(path)) throw new CommandFault(`${path} is there already: name a new file`)
  const opened = await openDatabaseSource(databaseUrlOf(await openInstance(dataDir)), dataDir)
  const startedMs = performance.now()
  try {
    const { events, bytes } = await writeExport(opened, {
      path,
      at: new Date().toISOString(),
      onStore: ({ service, end }) => console.error(`${service}: ${end.position} events`),
    })
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
    const size = `${(bytes / 1e6).toFixed(1)} MB`
    console.log(`${path}: ${events.toLocaleString('en')} events, ${size}, ${seconds} s`)
  } finally {
    await opened.source.close()
  }
}
