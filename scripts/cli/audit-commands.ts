/** Commands for auditors: audit verify, export. */
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { SERVICES } from '@tongchou/contracts/services.ts'
import { keyFromVerificationKey } from '@tongchou/runtime/audit/checkpoint.ts'
import type { Command } from 'commander'
import { writeExport } from '../audit/export.ts'
import { reportOf } from '../audit/report.ts'
import { openDatabaseSource } from '../audit/source/database.ts'
import { openSource, type SourceAddress } from '../audit/source/open.ts'
import type { AuditSource } from '../audit/source/source.ts'
import { type Audit, verify } from '../audit/verify.ts'
import { withDatabase } from './database.ts'
import { CommandFault, openInstance } from './instance.ts'
import { jsonOf } from './show/stored-event.ts'
import { progress } from './show.ts'

type Global = { readonly dataDir: string }

export function addAuditCommands(program: Command): void {
  const audit = program.command('audit').description('check everything that is stored')
  audit
    .command('verify')
    .description('recompute every hash, root, benefit, window, entry and view; exit 1 on damage')
    .option('--export <file>', 'an export instead of the database; nothing needs to run')
    .option('--key <text>', 'public key of the checkpoints that you trust, or a file with it')
    .option('--threads <n>', 'threads, one for each core unless told')
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
  readonly threads?: string
  readonly json?: boolean
}

/** True when nothing is damaged. */
async function runVerify(options: VerifyOptions, dataDir: string): Promise<boolean> {
  const threads = options.threads === undefined ? {} : { threads: threadsOf(options.threads) }
  const trusted = options.key === undefined ? {} : { trusted: trustedKey(options.key) }
  const check = (source: AuditSource, address: SourceAddress) =>
    verifyShown(source, address, { ...threads, ...trusted })
  const result =
    options.export === undefined
      ? await withDatabase(await openInstance(dataDir), async url => {
          const { source, address } = await openDatabaseSource(url, dataDir)
          return check(source, address).finally(() => source.close())
        })
      : await verifyExport(resolve(options.export), check)
  console.log(options.json === true ? jsonOf(result) : reportOf(result))
  return result.findings.length === 0
}

type Check = (source: AuditSource, address: SourceAddress) => Promise<Audit>

/** A file that is cut off or no export is a fault that says so. */
async function verifyExport(path: string, check: Check): Promise<Audit> {
  if (!existsSync(path))
    throw new CommandFault(`${path} is not there: name a file of tongchou export`)
  const address = { kind: 'export', path } as const
  try {
    return await check(await openSource(address), address)
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause
    throw new CommandFault(`the export is damaged: ${cause.message}`)
  }
}

/** Progress on stderr. */
async function verifyShown(
  source: AuditSource,
  address: SourceAddress,
  options: { readonly threads?: number; readonly trusted?: string },
): Promise<Audit> {
  const startedMs = performance.now()
  const total = (await source.stores()).reduce((sum, { end }) => sum + Number(end.position), 0)
  const bar = progress('events', total)
  const result = await verify(source, address, { ...options, onEvents: count => bar.step(count) })
  bar.done()
  const seconds = (performance.now() - startedMs) / 1000
  const rate = Math.round(result.events / seconds).toLocaleString('en')
  const events = result.events.toLocaleString('en')
  console.error(`${events} events in ${seconds.toFixed(1)} s, ${rate}/s`)
  return result
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

async function runExport(file: string, dataDir: string): Promise<void> {
  const path = resolve(file)
  if (existsSync(path)) throw new CommandFault(`${path} is there already: name a new file`)
  const startedMs = performance.now()
  const { events, bytes } = await withDatabase(await openInstance(dataDir), async url => {
    const opened = await openDatabaseSource(url, dataDir)
    return writeExport(opened, {
      path,
      at: new Date().toISOString(),
      onStore: ({ service, end }) => console.error(`${service}: ${end.position} events`),
    }).finally(() => opened.source.close())
  })
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
  const size = `${(bytes / 1e6).toFixed(1)} MB`
  console.log(`${path}: ${events.toLocaleString('en')} events, ${size}, ${seconds} s`)
}
