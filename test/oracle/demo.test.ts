/**
 * The oracle proved on the demo set: every figure of every claim, and the accounts after the
 * reversals, as `expected/` gives them.
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  type DemoAccount,
  type DemoCatalogueRow,
  type DemoClaim,
  type DemoPerson,
  demoDocument,
  demoPolicies,
  demoRecords,
  demoRowOn,
} from '../fixtures/demo-files.ts'
import { readTable } from './tables/read-table.ts'
import { type Split, split } from './tables/split.ts'
import { tablePolicy } from './tables/table.ts'
import { balance, type Claim, type History, ofTheYear, type Settled } from './words/claim.ts'
import { total } from './words/fen.ts'

type Done = Settled & { readonly demo: DemoClaim; readonly scheme: string }

const persons = new Map(demoRecords('persons').map(person => [person.personNo, person]))
const histories = new Map<string, Done[]>()

function historyOf(person: DemoPerson, earlier: readonly Settled[]): History {
  return { earlier, opening: BigInt(person.accountBalanceFen) }
}

function settleAll(): readonly Done[] {
  const policies = new Map(
    demoPolicies().map(({ document }) => {
      const { region, scheme, table } = readTable(document)
      return [`${region} ${scheme}`, tablePolicy(table)]
    }),
  )
  const toClaim = reader()
  return demoRecords('claims').map(demo => {
    const person = found(persons.get(demo.personNo))
    const claim = toClaim(demo, person)
    const earlier = histories.get(demo.personNo) ?? []
    const policy = found(policies.get(`${person.regionCode} ${person.scheme}`))
    const paid = policy.settle(claim, historyOf(person, earlier))
    assert.ok(!('noRule' in paid))
    const done = { demo, claim, paid, scheme: person.scheme }
    histories.set(demo.personNo, [...earlier, done])
    return done
  })
}

function reader(): (demo: DemoClaim, person: DemoPerson) => Claim {
  const institutions = new Map(demoRecords('institutions').map(i => [i.institutionCode, i]))
  const rows = Map.groupBy(demoRecords('catalogue'), row => `${row.regionCode} ${row.itemCode}`)
  const filings = Map.groupBy(
    demoRecords('filings'),
    filing => `${filing.personNo} ${filing.treatmentRegion}`,
  )
  return (demo, person) => {
    const { level, regionCode } = found(institutions.get(demo.institutionCode))
    const endOn = demo.dischargedOn ?? demo.visitedOn ?? ''
    const change = person.statusChanges.findLast(({ on }) => on <= endOn)
    return {
      ...sumOf(demo, code => rows.get(`${regionCode} ${code}`) ?? []),
      kind: demo.kind,
      level,
      status: change?.status ?? person.status,
      age: 0,
      beginOn: demo.admittedOn ?? demo.visitedOn ?? '',
      endOn,
      emergency: demo.emergency,
      home: person.regionCode,
      treating: regionCode,
      filings: filings.get(`${person.personNo} ${regionCode}`) ?? [],
      useAccount: demo.useAccount,
      says: {},
    }
  }
}

function sumOf(demo: DemoClaim, rowsOf: (code: string) => readonly DemoCatalogueRow[]): Split {
  const splits = demo.lines.map(({ itemCode, on, amountFen, quantity }) =>
    split(BigInt(amountFen), BigInt(quantity), found(demoRowOn(rowsOf(itemCode), on))),
  )
  return {
    fullSelf: total(splits.map(({ fullSelf }) => fullSelf)),
    overLimit: total(splits.map(({ overLimit }) => overLimit)),
    firstShare: total(splits.map(({ firstShare }) => firstShare)),
    inScope: total(splits.map(({ inScope }) => inScope)),
  }
}

function found<T>(value: T | undefined): T {
  assert.ok(value !== undefined)
  return value
}

function rowOf({ demo, claim, paid, scheme }: Done): Record<string, string | number> {
  return {
    institutionCode: demo.institutionCode,
    claimNo: demo.claimNo,
    insured: claim.home,
    treating: claim.treating,
    scheme,
    status: claim.status,
    filing: paid.branch,
    fullSelfFen: Number(claim.fullSelf),
    overLimitFen: Number(claim.overLimit),
    firstShareFen: Number(claim.firstShare),
    inScopeFen: Number(claim.inScope),
    deductibleFen: Number(paid.deductible),
    fundBp: Number(paid.fundBp),
    pooledFen: Number(paid.pooled),
    catastrophicFen: Number(paid.catastrophic),
    accountFen: Number(paid.account),
    cashFen: Number(paid.cash),
    totalFen: demo.totalFen,
  }
}

/** Sums of the list of claims that stand after the last one is taken back. */
function accountAfter(personNo: string, claimNo: string): DemoAccount {
  const all = found(histories.get(personNo))
  const last = found(all.at(-1))
  assert.equal(last.demo.claimNo, claimNo)
  const history = historyOf(found(persons.get(personNo)), all.slice(0, -1))
  const inward = ofTheYear(last.claim, history, 'inpatient', 'chronic')
  const outward = ofTheYear(last.claim, history, 'outpatient')
  const sum = (claims: readonly Settled[], amount: (settled: Settled) => bigint): number =>
    Number(total(claims.map(amount)))
  return {
    personNo,
    stays: inward.filter(({ claim }) => claim.kind === 'inpatient').length,
    dedIn: sum(inward, ({ paid }) => paid.deductible),
    dedOut: sum(outward, ({ paid }) => paid.deductible),
    paidIn: sum(inward, ({ paid }) => paid.pooled),
    paidOut: sum(outward, ({ paid }) => paid.pooled),
    burden: sum(inward, ({ claim, paid }) => claim.inScope - paid.pooled),
    paidCat: sum(inward, ({ paid }) => paid.catastrophic),
    account: Number(balance(history)),
  }
}

const done = settleAll()

describe('the oracle on the demo set', () => {
  test('every field of all 13,442 claims is the expected one', () => {
    const expected = demoRecords('expected/claims')
    assert.equal(done.length, 13_442)
    assert.equal(expected.length, done.length)
    for (const [index, row] of done.entries()) assert.deepEqual(rowOf(row), expected[index])
  })

  test('the accounts without the reversed claims are the expected ones', () => {
    const byKey = new Map(done.map(({ demo }) => [`${demo.institutionCode} ${demo.claimNo}`, demo]))
    const rows = demoRecords('reversals').map(({ institutionCode, claimNo }) =>
      accountAfter(found(byKey.get(`${institutionCode} ${claimNo}`)).personNo, claimNo),
    )
    assert.ok(rows.length > 0)
    assert.deepEqual(rows, demoDocument('expected/after-reversals').persons)
  })
})
