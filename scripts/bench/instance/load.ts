/** Reference data and generated persons through the import doors, as agencies send them. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { ServiceName } from '@tongchou/contracts/services.ts'
import { sendStream, sentenceOf } from '../../cli/http.ts'
import { openingCredit } from '../../cli/opening-credit.ts'
import { linesOf } from '../../cli/records.ts'
import { filingOf, personOf } from '../generate/persons.ts'
import { DEMO_FOLDER, readRegions, regionCodes } from '../generate/reference.ts'
import { waitUntilDrained } from './drain.ts'
import type { Ground } from './ground.ts'

type Part = {
  readonly what: string
  readonly service: ServiceName
  readonly path: string
  readonly lines: AsyncIterable<string> | Iterable<string>
}

export type LoadFigures = {
  readonly persons: number
  /** Lines and lines a second of each import. */
  readonly imports: readonly { readonly what: string; lines: number; perSecond: number }[]
  /** From the last answer until every view and consumer has had everything. */
  readonly drainMs: number
}

/** Throws when a line is refused: a run on half of the data would tell nothing. */
export async function loadAll(
  ground: Ground,
  { persons, seed }: { readonly persons: number; readonly seed: number },
): Promise<LoadFigures> {
  const token = await ground.token({ role: 'centre' })
  const imports: LoadFigures['imports'][number][] = []
  for (const part of [...references(), ...generated(persons, seed)]) {
    imports.push(await importPart(ground, token, part))
  }
  const { drainMs } = await waitUntilDrained(ground.pool)
  return { persons, imports, drainMs }
}

function references(): Part[] {
  const file = (name: string) => linesOf(join(DEMO_FOLDER, `${name}.ndjson`))
  return [
    {
      what: 'institutions',
      service: 'providers',
      path: '/v1/institutions:import',
      lines: file('institutions'),
    },
    {
      what: 'catalogue items',
      service: 'providers',
      path: '/v1/catalogue-items:import',
      lines: file('catalogue'),
    },
    { what: 'policies', service: 'claims', path: '/v1/policies:import', lines: policies() },
  ]
}

function* policies(): Generator<string> {
  const folder = join(DEMO_FOLDER, 'policies')
  for (const name of readdirSync(folder).sort()) {
    yield JSON.stringify(JSON.parse(readFileSync(join(folder, name), 'utf8')))
  }
}

function generated(persons: number, seed: number): Part[] {
  const codes = regionCodes(readRegions())
  function* each<T>(make: (index: number) => T | undefined): Generator<string> {
    for (let index = 0; index < persons; index += 1) {
      const record = make(index)
      if (record !== undefined) yield JSON.stringify(record)
    }
  }
  return [
    {
      what: 'persons',
      service: 'enrollment',
      path: '/v1/persons:import',
      lines: each(index => personOf(seed, index, codes)),
    },
    {
      what: 'filings',
      service: 'enrollment',
      path: '/v1/filings:import',
      lines: each(index => filingOf(seed, index, codes)),
    },
    {
      what: 'opening balances',
      service: 'contributions',
      path: '/v1/account-credits:import',
      lines: each(index => openingCredit('BENCH', personOf(seed, index, codes))),
    },
  ]
}

async function importPart(
  ground: Ground,
  token: string,
  part: Part,
): Promise<LoadFigures['imports'][number]> {
  const startedMs = performance.now()
  const body = Readable.from(withNewlines(part.lines))
  let lines = 0
  for await (const { line, ok, problem } of sendStream(
    `${ground.urlOf(part.service)}${part.path}`,
    token,
    body,
  )) {
    lines += 1
    if (ok) continue
    throw new Error(`${part.what} line ${line}: ${problem ? sentenceOf(problem) : 'refused'}`)
  }
  const seconds = (performance.now() - startedMs) / 1_000
  return { what: part.what, lines, perSecond: Math.round(lines / seconds) }
}

async function* withNewlines(lines: Part['lines']): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`
}
