/**
 * `tongchou import DIR`: reference data and persons of a folder in the format of data/demo, through
 * the doors.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ServiceName } from '@tongchou/contracts/services.ts'
import type { AnswerLine } from './http.ts'
import { sendLines, sentenceOf } from './http.ts'
import type { Instance } from './instance.ts'
import { type Holder, openingCredit } from './opening-credit.ts'
import { linesOf, recordFile, recordsOf } from './records.ts'
import { progress } from './show.ts'

type Part = {
  readonly what: string
  readonly service: ServiceName
  readonly path: string
  readonly lines: () => AsyncIterable<string>
}

export type Imported = { readonly what: string; readonly taken: number; readonly refused: number }

/** Every part in the order in which others rest on it. Sent again, nothing changes. */
export async function importFolder(
  instance: Instance,
  folder: string,
): Promise<readonly Imported[]> {
  const token = await instance.token({ role: 'centre' })
  const imported: Imported[] = []
  for (const part of partsOf(folder)) imported.push(await importPart(instance, token, part))
  return imported
}

function partsOf(folder: string): readonly Part[] {
  const file = (what: string, service: ServiceName, path: string): Part[] => {
    const found = recordFile(folder, what)
    return found === null ? [] : [{ what, service, path, lines: () => linesOf(found) }]
  }
  return [
    ...file('institutions', 'providers', '/v1/institutions:import'),
    ...file('catalogue', 'providers', '/v1/catalogue-items:import'),
    {
      what: 'policies',
      service: 'claims',
      path: '/v1/policies:import',
      lines: () => policies(folder),
    },
    ...file('persons', 'enrollment', '/v1/persons:import'),
    ...file('filings', 'enrollment', '/v1/filings:import'),
    {
      what: 'opening balances',
      service: 'contributions',
      path: '/v1/account-credits:import',
      lines: () => openingBalances(folder),
    },
  ]
}

async function* policies(folder: string): AsyncGenerator<string> {
  const path = join(folder, 'policies')
  for (const name of readdirSync(path).sort()) {
    if (name.endsWith('.json'))
      yield JSON.stringify(JSON.parse(readFileSync(join(path, name), 'utf8')))
  }
}

async function* openingBalances(folder: string): AsyncGenerator<string> {
  for (const person of await recordsOf<Holder>(folder, 'persons')) {
    const credit = openingCredit('OPENING', person)
    if (credit !== undefined) yield JSON.stringify(credit)
  }
}

const FAULTS_SHOWN = 5

async function importPart(instance: Instance, token: string, part: Part): Promise<Imported> {
  const lines: string[] = []
  for await (const line of part.lines()) lines.push(line)
  const bar = progress(part.what, lines.length)
  const faults: AnswerLine[] = []
  let taken = 0
  for await (const answer of sendLines(
    `${instance.urlOf(part.service)}${part.path}`,
    token,
    lines,
  )) {
    bar.step()
    if (answer.ok) taken += 1
    else faults.push(answer)
  }
  bar.done()
  for (const { line, problem } of faults.slice(0, FAULTS_SHOWN)) {
    console.error(
      `  ${part.what} line ${line}: ${problem === undefined ? 'refused' : sentenceOf(problem)}`,
    )
  }
  return { what: part.what, taken, refused: faults.length }
}
