/**
 * The whole demo set through the pure functions alone, every figure compared with what a program
 * that shares nothing with ours has computed.
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { explain } from '@tongchou/claims/policy/adjudicate.ts'
import { type BenefitTotals, undo } from '@tongchou/claims/policy/totals.ts'
import { type Fen, fenToJson, sum } from '@tongchou/contracts/money.ts'
import { monthOf } from '@tongchou/contracts/time.ts'
import type { Pair, Window } from '../../scripts/cli/demo/expected.ts'
import { type DemoAccount, demoDocument, demoRecords } from '../fixtures/demo-files.ts'
import { foldDemo, type Settled } from './demo-fold.ts'

const { settled, accounts } = foldDemo()

function rowOf({ claim, facts, outcome }: Settled): Record<string, string | number> {
  const { institutionCode, claimNo } = claim
  return {
    institutionCode,
    claimNo,
    insured: facts.insuredRegion,
    treating: facts.treatingRegion,
    scheme: facts.scheme,
    status: facts.status,
    filing: outcome.filing,
    fullSelfFen: fenToJson(facts.fullSelfFen),
    overLimitFen: fenToJson(facts.overLimitFen),
    firstShareFen: fenToJson(facts.firstShareFen),
    inScopeFen: fenToJson(facts.inScopeFen),
    deductibleFen: fenToJson(outcome.deductibleFen),
    fundBp: outcome.fundBp,
    pooledFen: fenToJson(outcome.pooledFen),
    catastrophicFen: fenToJson(outcome.catastrophicFen),
    accountFen: fenToJson(outcome.accountFen),
    cashFen: fenToJson(outcome.cashFen),
    totalFen: fenToJson(outcome.totalFen),
  }
}

/** The window of these claims; sign -1 for the window that reverses them. */
function windowOf(rows: readonly Settled[], sign: 1 | -1): Window {
  const remote = rows.filter(({ facts }) => facts.insuredRegion !== facts.treatingRegion)
  const groups = Map.groupBy(
    remote,
    ({ facts }) => `${facts.insuredRegion} ${facts.treatingRegion}`,
  )
  const pairs = [...groups.keys()].sort().map(key => pairOf(groups.get(key) ?? [], sign))
  const netFen: Record<string, number> = {}
  for (const { regionCode } of demoRecords('regions')) netFen[regionCode] = 0
  for (const { insured, treating, owedFen } of pairs) {
    netFen[insured] = (netFen[insured] ?? 0) - owedFen
    netFen[treating] = (netFen[treating] ?? 0) + owedFen
  }
  return { pairs, netFen }
}

function pairOf(group: readonly Settled[], sign: 1 | -1): Pair {
  const [first] = group
  assert.ok(first !== undefined)
  const total = (amount: (row: Settled) => Fen): number => {
    const amountFen = fenToJson(sum(...group.map(amount)))
    return amountFen === 0 ? 0 : amountFen * sign
  }
  return {
    insured: first.facts.insuredRegion,
    treating: first.facts.treatingRegion,
    claims: group.length,
    pooledFen: total(({ outcome }) => outcome.pooledFen),
    catastrophicFen: total(({ outcome }) => outcome.catastrophicFen),
    accountFen: total(({ outcome }) => outcome.accountFen),
    owedFen: total(({ outcome }) => sum(...outcome.layers.map(({ amountFen }) => amountFen))),
  }
}

function accountRow(personNo: string, totals: BenefitTotals): DemoAccount {
  return {
    personNo,
    stays: totals.stays.total,
    dedIn: fenToJson(totals.dedInFen),
    dedOut: fenToJson(totals.dedOutFen),
    paidIn: fenToJson(totals.paidInFen),
    paidOut: fenToJson(totals.paidOutFen),
    burden: fenToJson(totals.burdenFen),
    paidCat: fenToJson(totals.paidCatFen),
    account: fenToJson(totals.accountFen),
  }
}

function reversedClaims(): readonly Settled[] {
  const byKey = new Map(
    settled.map(row => [`${row.claim.institutionCode} ${row.claim.claimNo}`, row]),
  )
  return demoRecords('reversals').map(({ institutionCode, claimNo }) => {
    const row = byKey.get(`${institutionCode} ${claimNo}`)
    assert.ok(row !== undefined)
    return row
  })
}

describe('the demo set through the pure engine', () => {
  test('every field of all 13,442 claims is the expected one', () => {
    const expected = demoRecords('expected/claims')
    assert.equal(settled.length, 13_442)
    assert.equal(expected.length, settled.length)
    for (const [index, row] of settled.entries()) assert.deepEqual(rowOf(row), expected[index])
  })

  test('the sums over the whole set are the expected ones', () => {
    const { claims, ...sums } = demoDocument('expected/summary')
    assert.equal(settled.length, claims)
    const rows = settled.map(rowOf)
    for (const [name, expected] of Object.entries(sums)) {
      const total = rows.reduce((sofar, row) => sofar + Number(row[name]), 0)
      assert.equal(total, expected, name)
    }
  })

  test('the obligations of every pair and the net of every region are as expected by month', () => {
    const expected = demoDocument('expected/months')
    const months = Map.groupBy(settled, ({ facts }) => monthOf(facts.endOn))
    assert.deepEqual([...months.keys()].sort(), Object.keys(expected).sort())
    for (const [month, rows] of months) assert.deepEqual(windowOf(rows, 1), expected[month], month)
  })

  test('undoing the reversed claims gives the expected accounts and window', () => {
    const expected = demoDocument('expected/after-reversals')
    const reversed = reversedClaims()
    const persons = reversed.map(({ claim, outcome }) => {
      const totals = accounts.get(claim.personNo)
      assert.ok(totals !== undefined)
      return accountRow(claim.personNo, undo(totals, outcome.effect))
    })
    assert.deepEqual(persons, expected.persons)
    assert.deepEqual(windowOf(reversed, -1), expected.window)
  })

  test('undoing the last claim of every person gives the totals from before it', () => {
    const last = new Map(settled.map(row => [row.claim.personNo, row]))
    for (const [personNo, { before, outcome }] of last) {
      const totals = accounts.get(personNo)
      assert.ok(totals !== undefined)
      assert.deepEqual(undo(totals, outcome.effect), before)
    }
  })

  test('explaining every claim gives the outcome of the fast path', () => {
    for (const { plan, facts, before, outcome } of settled) {
      assert.deepEqual(explain(plan, facts, before).outcome, outcome)
    }
  })
})
