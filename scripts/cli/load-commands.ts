/** Commands that bring data in: import, submit, demo, token. */
import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import type { Role } from '@tongchou/runtime/auth/caller.ts'
import { ROLES } from '@tongchou/runtime/auth/caller.ts'
import type { Command } from 'commander'
import { Option } from 'commander'
import { DEMO_FOLDER, runDemo } from './demo.ts'
import { kindOf, sendStream } from './http.ts'
import { importFolder } from './import.ts'
import { CommandFault, openInstance } from './instance.ts'
import { linesOf } from './records.ts'
import { progress, table } from './show.ts'

type Global = { readonly dataDir: string }

export function addLoadCommands(program: Command): void {
  program
    .command('import')
    .description(
      'load institutions, catalogues, policies, persons, filings and balances of a folder',
    )
    .argument('<dir>', 'folder in the format of the demo set (see test/fixtures/demo/RULES.md)')
    .addHelpText('after', '\nExample:\n  tongchou import test/fixtures/demo')
    .action(async (dir: string, _: object, command: Command) => {
      const instance = await openInstance(command.optsWithGlobals<Global>().dataDir)
      const imported = await importFolder(instance, dir)
      console.log(
        table(
          ['part', 'taken', 'refused'],
          imported.map(row => [row.what, row.taken, row.refused]),
        ),
      )
      if (imported.some(({ refused }) => refused > 0)) process.exitCode = 1
    })
  program
    .command('submit')
    .description('submit a file of claims (NDJSON, may be .gz) and say what became of them')
    .argument('<file>', 'one claim a line')
    .addHelpText('after', '\nExample:\n  tongchou submit test/fixtures/demo/claims.ndjson.gz')
    .action(async (file: string, _: object, command: Command) => {
      const instance = await openInstance(command.optsWithGlobals<Global>().dataDir)
      await submitFile(instance, file)
    })
  program
    .command('demo')
    .description(
      'import a folder, submit its claims over HTTP, close windows, compare all with expected/',
    )
    .option('--data <dir>', 'folder in the format of the demo set', DEMO_FOLDER)
    .addHelpText('after', '\nExamples:\n  tongchou demo\n  tongchou demo --data my/folder')
    .action(async (options: { data: string }, command: Command) => {
      const instance = await openInstance(command.optsWithGlobals<Global>().dataDir)
      if (!(await runDemo(instance, options.data))) process.exitCode = 1
    })
  program
    .command('token')
    .description('a token of the embedded issuer')
    .addOption(
      new Option('--role <role>', 'what the holder may do')
        .choices([...ROLES])
        .makeOptionMandatory(),
    )
    .option('--institution <code>', 'for role hospital')
    .option('--region <code>', 'for role agency, reviewer or auditor of one region')
    .addHelpText('after', TOKEN_EXAMPLES)
    .action(async (options: TokenOptions, command: Command) => {
      if (options.role === 'hospital' && options.institution === undefined) {
        throw new CommandFault('role hospital needs --institution')
      }
      if (options.role === 'agency' && options.region === undefined) {
        throw new CommandFault('role agency needs --region')
      }
      const instance = await openInstance(command.optsWithGlobals<Global>().dataDir)
      console.log(await instance.token(options))
    })
}

const TOKEN_EXAMPLES = `
Examples:
  tongchou token --role centre
  tongchou token --role hospital --institution H11010000001`

type TokenOptions = { role: Role; institution?: string; region?: string }

async function submitFile(
  instance: Awaited<ReturnType<typeof openInstance>>,
  file: string,
): Promise<void> {
  const token = await instance.token({ role: 'service' })
  const outcomes = new Map<string, number>()
  const bar = progress('claims', file.endsWith('.gz') ? 0 : 1)
  const lines = file.endsWith('.gz')
    ? Readable.from(withNewlines(linesOf(file)))
    : createReadStream(file)
  for await (const { ok, problem, answer } of sendStream(
    `${instance.urlOf('clearing')}/v1/claims:batch`,
    token,
    lines,
  )) {
    const outcome = ok
      ? (answer as { state: string }).state
      : `refused: ${problem ? kindOf(problem) : '?'}`
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
  }
  bar.done()
  console.log(table(['outcome', 'claims'], [...outcomes].sort()))
}

async function* withNewlines(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`
}
