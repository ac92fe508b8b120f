/**
 * Folds the demo set through split and adjudication, with totals in memory: the door and the fold
 * of the test.
 */
import assert from 'node:assert/strict'
import { adjudicate } from '@tongchou/claims/policy/adjudicate.ts'
import type { BenefitFacts } from '@tongchou/claims/policy/facts.ts'
import { loadPolicy } from '@tongchou/claims/policy/load.ts'
import type { BenefitOutcome } from '@tongchou/claims/policy/outcome.ts'
import type { Plan } from '@tongchou/claims/policy/plan/plan.ts'
import { apply, type BenefitTotals, EMPTY_YEAR, totalsOf } from '@tongchou/claims/policy/totals.ts'
import { type Split, splitLine, sumSplit } from '@tongchou/clearing/claim/catalogue-split.ts'
import { basisPoints, fen } from '@tongchou/contracts/money.ts'
import { type BusinessDate, businessDate } from '@tongchou/contracts/time.ts'
import {
  type DemoCatalogueRow,
  type DemoClaim,
  type DemoFiling,
  type DemoLine,
  type DemoPerson,
  demoPolicies,
  demoRecords,
  demoRowOn,
} from '../fixtures/demo-files.ts'

export type Settled = {
  readonly claim: DemoClaim
  readonly facts: BenefitFacts
  readonly plan: Plan
  /** The person's totals before the claim. */
  readonly before: BenefitTotals
  readonly outcome: BenefitOutcome
}
export type Folded = {
  readonly settled: readonly Settled[]
  /** By person number, after the last claim. */
  readonly accounts: ReadonlyMap<string, BenefitTotals>
}

export function foldDemo(): Folded {
  const claims = openDoor()
  const planOf = loadPlans()
  const accounts = new Map<string, BenefitTotals>()
  const settled = claims.map(({ claim, person, facts }): Settled => {
    const before =
      accounts.get(person.personNo) ?? totalsOf(EMPTY_YEAR, fen(person.accountBalanceFen))
    const plan = planOf(facts)
    const outcome = adjudicate(plan, facts, before)
    assert.ok(outcome.kind === 'adjudicated', `claim ${claim.claimNo} is computed`)
    accounts.set(person.personNo, apply(before, outcome.effect))
    return { claim, facts, plan, before, outcome }
  })
  return { settled, accounts }
}

type Arrival = {
  readonly claim: DemoClaim
  readonly person: DemoPerson
  readonly facts: BenefitFacts
}

/** What the door finds out about every claim, from the files alone. */
function openDoor(): readonly Arrival[] {
  const person = keyedBy(demoRecords('persons'), ({ personNo }) => personNo)
  const institution = keyedBy(demoRecords('institutions'), ({ institutionCode }) => institutionCode)
  const rows = Map.groupBy(demoRecords('catalogue'), row => `${row.regionCode} ${row.itemCode}`)
  const filings = Map.groupBy(
    demoRecords('filings'),
    ({ personNo, treatmentRegion }) => `${personNo} ${treatmentRegion}`,
  )
  return demoRecords('claims').map(claim => {
    const insured = person(claim.personNo)
    const { level, regionCode } = institution(claim.institutionCode)
    const splits = claim.lines.map(line =>
      split(line, rows.get(`${regionCode} ${line.itemCode}`) ?? []),
    )
    const facts: BenefitFacts = {
      ...datesOf(claim, insured),
      ...sumSplit(splits),
      kind: claim.kind,
      level,
      insuredRegion: insured.regionCode,
      treatingRegion: regionCode,
      scheme: insured.scheme,
      emergency: claim.emergency,
      filings: (filings.get(`${claim.personNo} ${regionCode}`) ?? []).map(filingOf),
      totalFen: fen(claim.totalFen),
      useAccount: claim.useAccount,
      attributes: {},
    }
    return { claim, person: insured, facts }
  })
}

function datesOf(
  claim: DemoClaim,
  { status, statusChanges }: DemoPerson,
): Pick<BenefitFacts, 'beginOn' | 'endOn' | 'status'> {
  const endOn = businessDate(claim.dischargedOn ?? claim.visitedOn ?? '')
  const beginOn = businessDate(claim.admittedOn ?? claim.visitedOn ?? '')
  return {
    beginOn,
    endOn,
    status: statusChanges.findLast(({ on }) => on <= endOn)?.status ?? status,
  }
}

function filingOf(filing: DemoFiling): BenefitFacts['filings'][number] {
  return {
    kind: filing.kind,
    filedOn: businessDate(filing.filedOn),
    validFrom: businessDate(filing.validFrom),
    validTo: dateOrNull(filing.validTo),
  }
}

function dateOrNull(value: string | null): BusinessDate | null {
  return value === null ? null : businessDate(value)
}

function split(line: DemoLine, rows: readonly DemoCatalogueRow[]): Split {
  const row = demoRowOn(rows, line.on)
  assert.ok(row !== undefined, `${line.itemCode} is in the catalogue on ${line.on}`)
  const { priceLimitFen } = row
  return splitLine(
    { amountFen: fen(line.amountFen), quantityE4: BigInt(line.quantity) * 10_000n },
    {
      class: row.class,
      firstShareBp: basisPoints(row.firstShareBp),
      priceLimitFen: priceLimitFen === null ? null : fen(priceLimitFen),
    },
  )
}

function loadPlans(): (facts: BenefitFacts) => Plan {
  const plans = demoPolicies().map(({ file, document }) => {
    const loaded = loadPolicy(document)
    assert.ok(loaded.ok, `${file} is loaded`)
    return loaded.plan
  })
  const plan = keyedBy(plans, ({ region, scheme }) => `${region} ${scheme}`)
  return ({ insuredRegion, scheme }) => plan(`${insuredRegion} ${scheme}`)
}

function keyedBy<T>(records: readonly T[], key: (record: T) => string): (key: string) => T {
  const map = new Map(records.map(record => [key(record), record]))
  return wanted => {
    const found = map.get(wanted)
    assert.ok(found !== undefined, `${wanted} is in the demo set`)
    return found
  }
}
