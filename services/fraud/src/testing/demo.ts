/**
 * The demo set as submitted claims: what the door of clearing would say of them, for the fields
 * that rules read.
 */
import { hash } from 'node:crypto'
import type { ClaimLine } from '@tongchou/contracts/events.generated.ts'
import type { PersonId } from '@tongchou/contracts/id.ts'
import { claimIdOf, personIdOf } from '@tongchou/contracts/id.ts'
import { fen } from '@tongchou/contracts/money.ts'
import { lineWith } from '@tongchou/contracts/testing/submitted.ts'
import type { BusinessDate } from '@tongchou/contracts/time.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import {
  type DemoCatalogueRow,
  type DemoClaim,
  type DemoLine,
  type DemoPerson,
  type DemoPlanted,
  demoRecords,
  demoRowOn,
} from '../../../../test/fixtures/demo-files.ts'
import type { SubmittedFacts } from './submitted.ts'

const PERSON_KEY = Buffer.alloc(32, 7)

export type Demo = {
  readonly claims: readonly DemoClaim[]
  readonly planted: readonly DemoPlanted[]
  readonly factsOf: (claim: DemoClaim) => SubmittedFacts
}

export function readDemo(): Demo {
  const persons = new Map(demoRecords('persons').map(row => [row.personNo, row]))
  const catalogue = Map.groupBy(demoRecords('catalogue'), itemKey)
  return {
    claims: demoRecords('claims'),
    planted: demoRecords('planted'),
    factsOf: claim => {
      const person = persons.get(claim.personNo)
      if (person === undefined) throw new Error(`no person ${claim.personNo}`)
      return factsOf(claim, person, catalogue)
    },
  }
}

function itemKey({
  regionCode,
  itemCode,
}: Pick<DemoCatalogueRow, 'regionCode' | 'itemCode'>): string {
  return `${regionCode} ${itemCode}`
}

function factsOf(
  claim: DemoClaim,
  person: DemoPerson,
  catalogue: ReadonlyMap<string, readonly DemoCatalogueRow[]>,
): SubmittedFacts {
  const { institutionCode, claimNo, kind } = claim
  const personId = personIdOf(PERSON_KEY, claim.personNo)
  const beginOn = businessDate(claim.admittedOn ?? claim.visitedOn ?? '')
  const endOn = businessDate(claim.dischargedOn ?? claim.visitedOn ?? '')
  const treatingRegion = `${institutionCode.slice(1, 7)}`
  const lines = claim.lines.map(line => {
    const on = businessDate(line.on)
    const rows = catalogue.get(itemKey({ regionCode: treatingRegion, itemCode: line.itemCode }))
    const item = demoRowOn(rows, on)
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

function lineOf(line: DemoLine, on: BusinessDate, item: DemoCatalogueRow): ClaimLine {
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
