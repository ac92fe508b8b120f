/** Commands about one claim: explain. */
import type { ExplanationJson } from '@tongchou/contracts/http/account.ts'
import { claimIdOf, isUuid } from '@tongchou/contracts/id.ts'
import { type Command, Option } from 'commander'
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
    .addOption(
      new Option('--for <reader>', 'plain text for the patient or the clerk').choices(READERS),
    )
    .addOption(new Option('--language <language>', 'of the text').choices(LANGUAGES).default('zh'))
    .option('--presettlement <text>', 'what presettle answered: shows which assumption changed')
    .option('--json', 'the explanation as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (claim: string, options: ExplainOptions, command: Command) => {
      const instance = await openInstance(command.optsWithGlobals<Global>().dataDir)
      const token = await instance.token({ role: 'service' })
      const url = `${instance.urlOf('clearing')}/v1/claims/${claimIdFrom(claim)}/explanation`
      const query = new URLSearchParams(
        options.presettlement === undefined ? {} : { presettlement: options.presettlement },
      )
      const explanation = await ask<ExplanationJson>(`${url}?${query}`, { token })
      console.log(shownFor(explanation, options))
    })
}

const READERS = ['patient', 'clerk'] as const
const LANGUAGES = ['zh', 'en'] as const

type ExplainOptions = {
  readonly for?: (typeof READERS)[number]
  readonly language: (typeof LANGUAGES)[number]
  readonly presettlement?: string
  readonly json?: boolean
}

function shownFor(explanation: ExplanationJson, options: ExplainOptions): string {
  if (options.json === true) return JSON.stringify(explanation, null, 2)
  if (options.for !== undefined) return explanation.text[options.for][options.language]
  return textOf(explanation)
}

const EXAMPLES = `
Examples:
  tongchou explain H11010000001/202501010001
  tongchou explain H11010000001/202501010001 --for patient
  tongchou explain H11010000001/202501010001 --for clerk --language en
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
    ...linesOf(explanation),
    ...changesOf(explanation),
    ...assumptions.map(text => `Assumption: ${both(text)}`),
  ].join('\n')
}

/** The shares laid on the lines; each column adds up to the share of the claim. */
function linesOf({ lines, layers }: ExplanationJson): readonly string[] {
  if (lines === null) return []
  const rows = lines.map(line => [
    `${line.itemCode} ${line.name}`,
    yuan(line.amountFen),
    ...line.layers.map(({ amountFen }) => yuan(amountFen)),
    yuan(line.cashFen),
  ])
  return [table(['line', 'amount', ...layers.map(({ layer }) => layer), 'cash'], rows)]
}

function changesOf({ changes }: ExplanationJson): readonly string[] {
  if (changes === null) return []
  if (changes.length === 0) return ['Everything is as the pre-settlement assumed.']
  const rows = changes.map(({ assumed, settled, ...name }) => [
    both(name),
    shown(assumed),
    shown(settled),
  ])
  return [table(['changed since the pre-settlement', 'assumed', 'settled'], rows)]
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
