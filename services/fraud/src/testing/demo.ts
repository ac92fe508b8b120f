/**
 * The demo set as submitted claims: what the door of clearing would say of them, for the fields
 * that rules read.
 */
import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { CatalogueItem, ClaimLine } from '@tongchou/contracts/events.generated.ts'
import type { PersonId } from '@tongchou/contracts/id.ts'
import { claimIdOf, personIdOf } from '@tongchou/contracts/id.ts'
import { fen } from '@tongchou/contracts/money.ts'
import { lineWith } from '@tongchou/contracts/testing/submitted.ts'
import type { BusinessDate } from '@tongchou/contracts/time.ts'
import { businessDate, within } from '@tongchou/contracts/time.ts'
import type { SubmittedFacts } from './submitted.ts'

type DemoLine = {
  readonly itemCode: string
  readonly name: string
  readonly quantity: number
  readonly amountFen: number
  readonly on: string
}

export type DemoClaim = {
  readonly claimNo: string
  readonly institutionCode: string
  readonly personNo: string
  readonly kind: 'inpatient' | 'outpatient' | 'chronic' | 'pharmacy'
  readonly admittedOn?: string
  readonly dischargedOn?: string
  readonly visitedOn?: string
  readonly lines: readonly DemoLine[]
  readonly totalFen: number
}

export type Planted = {
  readonly outcome: 'refused' | 'held'
  readonly reason: string
  readonly claim: DemoClaim
}

type DemoPerson = Record<'personNo' | 'bornOn' | 'regionCode', string> & { readonly sex: 'M' | 'F' }
type DemoItem = Pick<CatalogueItem, 'itemCode' | 'onlySex' | 'minAge' | 'maxAge'> &
  Pick<CatalogueItem, 'validFrom' | 'validTo'> & { readonly regionCode: string }

const FOLDER = new URL('../../../../test/fixtures/demo/', import.meta.url)
const PERSON_KEY = Buffer.alloc(32, 7)

function records<T>(file: string): T[] {
  const bytes = readFileSync(new URL(file, FOLDER))
  const text = file.endsWith('.gz') ? gunzipSync(bytes).toString() : bytes.toString()
  return text
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as T)
}

export type Demo = {
  readonly claims: readonly DemoClaim[]
  readonly planted: readonly Planted[]
  readonly factsOf: (claim: DemoClaim) => SubmittedFacts
}

export function readDemo(): Demo {
  const persons = new Map(records<DemoPerson>('persons.ndjson.gz').map(row => [row.personNo, row]))
  const catalogue = Map.groupBy(records<DemoItem>('catalogue.ndjson'), itemKey)
  return {
    claims: records('claims.ndjson.gz'),
    planted: records('planted.ndjson.gz'),
    factsOf: claim => {
      const person = persons.get(claim.personNo)
      if (person === undefined) throw new Error(`no person ${claim.personNo}`)
      return factsOf(claim, person, catalogue)
    },
  }
}

function itemKey({ regionCode, itemCode }: Pick<DemoItem, 'regionCode' | 'itemCode'>): string {
  return `${regionCode} ${itemCode}`
}

function factsOf(
  claim: DemoClaim,
  person: DemoPerson,
  catalogue: ReadonlyMap<string, readonly DemoItem[]>,
): SubmittedFacts {
  const { institutionCode, claimNo, kind } = claim
  const personId = personIdOf(PERSON_KEY, claim.personNo)
  const beginOn = businessDate(claim.admittedOn ?? claim.visitedOn ?? '')
  const endOn = businessDate(claim.dischargedOn ?? claim.visitedOn ?? '')
  const treatingRegion = `${institutionCode.slice(1, 7)}`
  const lines = claim.lines.map(line => {
    const on = businessDate(line.on)
    const rows = catalogue.get(itemKey({ regionCode: treatingRegion, itemCode: line.itemCode }))
    const item = rows?.find(row => within(on, row.validFrom, row.validTo))
    if (item === undefined) throw new Error(`no item ${line.itemCode} in ${treatingRegion}`)
    return lineOf(line, on, item)
  })
  return {
    claimId: claimIdOf(institutionCode, claimNo),
    personId,
    institutionCode,
    treatingRegion,
    insuredRegion: person.regionCode,
    kind,
    beginOn,
    endOn,
    sex: person.sex,
    bornOn: businessDate(person.bornOn),
    lines,
    totalFen: fen(claim.totalFen),
    fingerprint: fingerprintOf(personId, beginOn, endOn, lines),
  }
}

function lineOf(line: DemoLine, on: BusinessDate, item: DemoItem): ClaimLine {
  const { onlySex, minAge, maxAge } = item
  const { itemCode, name, amountFen } = line
  const quantityE4 = BigInt(Math.round(line.quantity * 10_000))
  return lineWith({
    itemCode,
    name,
    on,
    quantityE4,
    amountFen: fen(amountFen),
    onlySex,
    minAge,
    maxAge,
  })
}

/** Same person, same days, same lines in any order: item, quantity, amount, date (RULES.md §1). */
function fingerprintOf(
  personId: PersonId,
  beginOn: BusinessDate,
  endOn: BusinessDate,
  lines: readonly ClaimLine[],
): string {
  const parts = lines.map(
    line => `${line.itemCode} ${line.quantityE4} ${line.amountFen} ${line.on}`,
  )
  return hash('sha256', JSON.stringify([personId, beginOn, endOn, parts.sort()]))
}
