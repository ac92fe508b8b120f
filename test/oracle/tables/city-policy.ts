/** Claims under a city's file: its table, and what only its words say. */
import type { Claim, Policy } from '../words/claim.ts'
import { type CityFile, cityTable, type Scheme } from './city.ts'
import { wordsOf } from './city-texts.ts'
import { type Table, tablePolicy } from './table.ts'

export function cityPolicy(city: CityFile, scheme: Scheme): Policy {
  const table = cityTable(city, scheme)
  const { catastrophicOnlyIf, noDeductibleIf, ofPerson } = wordsOf(city.cityCode, scheme)
  // Residents have no personal account.
  const hasAccount = scheme === 'employee'
  const policyFor = (claim: Claim): Policy => {
    const { says } = claim
    const noLayer = catastrophicOnlyIf !== undefined && says[catastrophicOnlyIf] !== true
    const free = noDeductibleIf !== undefined && says[noDeductibleIf] === true
    const own = ofPerson === undefined ? table : ofPerson(table, claim)
    const withLayer = noLayer ? { ...own, catastrophic: null } : own
    return tablePolicy(free ? withoutDeductible(withLayer) : withLayer, hasAccount)
  }
  return {
    settle: (claim, history) =>
      claim.kind === 'chronic' || claim.kind === 'pharmacy'
        ? { noRule: `no field for ${claim.kind}` }
        : policyFor(claim).settle(claim, history),
    edges: (claim, history) =>
      claim.kind === 'chronic' ? [] : policyFor(claim).edges(claim, history),
  }
}

function withoutDeductible(table: Table): Table {
  const none = (byLevel: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(Object.keys(byLevel).map(level => [level, [0]]))
  const deductibleFen = Object.fromEntries(
    Object.entries(table.inpatient.deductibleFen).map(([status, levels]) => [status, none(levels)]),
  )
  return { ...table, inpatient: { ...table.inpatient, deductibleFen } }
}

/** The last day on which a document took effect that a block of the package rests on. */
export function inForceOn(city: CityFile, scheme: Scheme): string | null {
  const blocks = Object.values(city[scheme])
  const ids = blocks.flatMap(({ sourceDocId }) => sourceDocId ?? [])
  const days = city.sourceDocs
    .filter(({ docId }) => ids.includes(docId))
    .map(({ effectiveDate }) => effectiveDate)
  return days.sort().at(-1) ?? null
}
