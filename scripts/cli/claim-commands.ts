/** Commands about one claim: explain. */
import type { ExplanationJson } from '@tongchou/contracts/http/account.ts'
import { claimIdOf, isUuid } from '@tongchou/contracts/id.ts'
import type { Command } from 'commander'
import { ask } from './http.ts'
import { CommandFault, openInstance } from './instance.ts'
import { table, yuan } from './show.ts'

type Global = { readonly dataDir: string }
type Step = ExplanationJson['steps'][number]

export function addClaimCommands(program: Command): void {
  program
    .command('explain')
    .description('how the shares of a claim came about: each step with its document')
    .argument('<claim>', 'claim id, or INSTITUTION/CLAIMNO')
    .option('--json', 'the explanation as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (claim: string, options: { json?: boolean }, command: Command) => {
      const instance = await openInstance(command.optsWithGlobals<Global>().dataDir)
      const token = await instance.token({ role: 'service' })
      const url = `${instance.urlOf('clearing')}/v1/claims/${claimIdFrom(claim)}/explanation`
      const explanation = await ask<ExplanationJson>(url, { token })
      console.log(options.json ? JSON.stringify(explanation, null, 2) : textOf(explanation))
    })
}

const EXAMPLES = `
Examples:
  tongchou explain H11010000001/202501010001
  tongchou explain 1093bbd9-e7e8-5b4a-819d-ca4e78809531 --json`

/** Throws CommandFault for what is neither an id nor a natural key. */
function claimIdFrom(text: string): string {
  if (isUuid(text)) return text
  const [institution, claimNo, ...rest] = text.split('/')
  if (institution && claimNo && rest.length === 0) return claimIdOf(institution, claimNo)
  throw new CommandFault(`${text} is neither a claim id nor INSTITUTION/CLAIMNO`)
}

function textOf(explanation: ExplanationJson): string {
  const { claimId, policy, packHash, counts, steps, shares, assumptions } = explanation
  const head = [
    `Claim ${claimId}${counts ? '' : ' (undone afterwards)'}`,
    `Policy ${both(policy)}, pack ${packHash.slice(0, 16)}…`,
    '',
  ]
  const rows = steps.map(step => [
    `${step.zh}\n${step.en}`,
    Object.entries(step.inputs)
      .map(([name, value]) => `${name} ${shown(value)}`)
      .join('\n'),
    documentsOf(step),
    step.rounding ?? '',
    shown(step.result),
  ])
  const { pooledFen, catastrophicFen, otherFundFen, accountFen, cashFen, totalFen } = shares
  const paid = { pooledFen, catastrophicFen, otherFundFen, accountFen, cashFen, totalFen }
  return [
    ...head,
    table(['step', 'from', 'document', 'rounding', 'result'], rows),
    table(
      ['share', 'yuan'],
      Object.entries(paid).map(([name, fen]) => [name.replace('Fen', ''), yuan(fen)]),
    ),
    ...assumptions.map(text => `Assumption: ${both(text)}`),
  ].join('\n')
}

/** Names that are the same in both languages stand once. */
function both({ en, zh }: { readonly en: string; readonly zh: string }): string {
  return en === zh ? zh : `${zh} ${en}`
}

function documentsOf({ figures }: Step): string {
  const texts = figures.flatMap(({ path, sources }) =>
    sources.length === 0
      ? [path]
      : sources.map(source => [...new Set(Object.values(source).filter(Boolean))].join(' ')),
  )
  return [...new Set(texts)].join('\n')
}

function shown(value: Step['result']): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
