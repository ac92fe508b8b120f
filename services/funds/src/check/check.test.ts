import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { LedgerAccount } from '@tongchou/contracts/events.generated.ts'
import { type Fen, fen } from '@tongchou/contracts/money.ts'
import fc from 'fast-check'
import { entriesOf } from '../journal/entries.ts'
import { pack } from '../journal/pack.ts'
import { at, netted, paid, settled } from '../testing/events.ts'
import { histories } from '../testing/history.ts'
import { type CheckName, differences, imbalanceOf, runChecks } from './check.ts'

const SPEC = { no: 'R1', insured: '110100', treating: '310100', pooled: 700, account: 50 }
const WINDOW = netted(7, [{ spec: SPEC, sign: 1 }])
const ROWS = pack(
  [
    at('ClaimSettled', settled({ ...SPEC, no: 'R0' }), 1n),
    at('WindowNetted', WINDOW, 2n),
    at('PaymentConfirmed', paid(WINDOW, '110100'), 3n),
  ].flatMap(entriesOf),
).accounts

function failed(rows: readonly LedgerAccount[]): readonly CheckName[] {
  return runChecks({ rows, journalFaults: [], viewFaults: [] })
    .filter(({ ok }) => ok !== true)
    .map(({ check }) => check)
}

/** The rows with `amountFen` more on the debit side of one of them. */
function tampered(
  changes: readonly {
    readonly account: string
    readonly amountFen: number
    readonly entity: string
  }[],
): readonly LedgerAccount[] {
  return ROWS.map(row => {
    const change = changes.find(
      ({ account, entity }) => account === row.account && entity === row.entity,
    )
    if (change === undefined) return row
    return { ...row, debitFen: (row.debitFen + BigInt(change.amountFen)) as Fen }
  })
}

test('at every point of every history all checks pass', () => {
  fc.assert(
    fc.property(histories(), ({ events }) => {
      for (let n = 0; n <= events.length; n++) {
        const { accounts } = pack(events.slice(0, n).flatMap(entriesOf))
        assert.deepEqual(failed(accounts), [])
        assert.equal(imbalanceOf(accounts), 0n)
      }
    }),
    { numRuns: 30 },
  )
})

describe('a check fails alone when only its rule is broken', () => {
  const pooled = '110100/employee.pooled'
  const account = '110100/employee.account'

  test('an entity that is out, made up for in another', () => {
    const rows = tampered([
      { entity: pooled, account: '5001', amountFen: 1 },
      { entity: account, account: '5001', amountFen: -1 },
    ])
    assert.deepEqual(failed(rows), ['entities-balance'])
  })

  test('a debit more than the credits, which is also an entity that is out', () => {
    const rows = tampered([{ entity: pooled, account: '5001', amountFen: 1 }])
    assert.deepEqual(failed(rows), ['debits-equal-credits', 'entities-balance'])
    assert.equal(imbalanceOf(rows), 1n)
  })

  test('a payable that its receivable does not mirror', () => {
    const rows = tampered([
      { entity: pooled, account: '200112', amountFen: 1 },
      { entity: pooled, account: '5001', amountFen: -1 },
    ])
    assert.deepEqual(failed(rows), ['pairs-mirror'])
  })

  test('a window that does not come to zero', () => {
    const rows = tampered([
      { entity: '310100/turnover', account: '110112', amountFen: 1 },
      { entity: '310100/turnover', account: '200111', amountFen: -1 },
    ])
    assert.deepEqual(failed(rows), ['windows-sum-to-zero'])
  })

  test('an unsound journal event, a view that differs, a view that cannot be told', () => {
    const checks = runChecks({ rows: ROWS, journalFaults: ['position 3'], viewFaults: null })
    const told = checks.filter(({ ok }) => ok !== true)
    assert.deepEqual(told, [
      { check: 'journal-sound', ok: false, faults: ['position 3'] },
      { check: 'view-equals-journal', ok: null, faults: [] },
    ])
    const [, , , , , view] = runChecks({ rows: ROWS, journalFaults: [], viewFaults: ['x'] })
    assert.deepEqual(view, { check: 'view-equals-journal', ok: false, faults: ['x'] })
  })
})

test('differences name what is missing, what is too much and what is another amount', () => {
  const [first, second, ...rest] = ROWS
  assert.ok(first !== undefined && second !== undefined)
  assert.deepEqual(differences(ROWS, [...ROWS].reverse()), [])
  assert.deepEqual(differences(ROWS, [{ ...first, debitFen: fen(1) }, ...rest]), [
    `${first.entity} ${first.account}: 1/0 instead of 700/0`,
    `${second.entity} ${second.account} ${second.counterparty}: missing`,
  ])
  assert.deepEqual(differences([second], [{ ...second, creditFen: fen(1) }]), [
    `${second.entity} ${second.account} ${second.counterparty}: 700/1 instead of 700/700`,
  ])
  const idle = { ...first, account: '9999', debitFen: fen(0), creditFen: fen(0) }
  assert.deepEqual(differences(ROWS, [...ROWS, idle]), [])
})
