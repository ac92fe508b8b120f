/** Where the money of a payment goes: laws over random bills. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BillLine } from '@tongchou/contracts/events.generated.ts'
import { type Fen, fen, sum } from '@tongchou/contracts/money.ts'
import fc from 'fast-check'
import { isFunded, isPaidIn, splitOf } from './split.ts'

function line(part: string, change: Partial<BillLine>): BillLine {
  return {
    part,
    payer: 'person',
    fund: 'basic',
    amountFen: fen(0),
    clauses: [],
    path: '',
    ...change,
  }
}

const amount = fc.bigInt({ min: 0n, max: 100_000_000n }).map(fen)
const PAYERS = ['employer', 'person', 'finance']

/** Two payers into the fund that bears a credit, one into another, one into the account itself. */
const bills = fc
  .record({ a: amount, b: amount, c: amount, d: amount, credit: amount })
  .map(({ a, b, c, d, credit }) => [
    line('one', { payer: 'employer', amountFen: a }),
    line('two', { payer: 'person', amountFen: b }),
    line('three', { payer: 'finance', fund: 'largeAmount', amountFen: c }),
    line('four', { payer: 'employer', fund: 'account', amountFen: d }),
    line('credit', { payer: 'basicFund', fund: 'account', amountFen: credit }),
    line('moved', { payer: 'largeAmountFund', fund: 'basic', amountFen: credit }),
  ])
  .filter(lines => lines.every(one => isFunded(one, lines)))

const total = (parts: readonly { readonly amountFen: Fen }[]) =>
  sum(...parts.map(({ amountFen }) => amountFen))

test('premiums and credits are together what the payers owe, none is negative', () => {
  fc.assert(
    fc.property(bills, fc.subarray(PAYERS), (lines, payers) => {
      const { premiums, credits } = splitOf(lines, payers)
      const owed = lines.filter(one => isPaidIn(one) && payers.includes(one.payer))
      assert.equal(sum(total(premiums), total(credits)), total(owed))
      for (const { amountFen } of [...premiums, ...credits]) assert.ok(amountFen > 0n)
    }),
  )
})

test('payers who pay one by one leave the same in account and funds as all at once', () => {
  fc.assert(
    fc.property(bills, lines => {
      const once = splitOf(lines, PAYERS)
      const each = PAYERS.map(payer => splitOf(lines, [payer]))
      const of = (part: string) =>
        total(each.flatMap(({ credits }) => credits).filter(one => one.part === part))
      for (const { part, amountFen } of once.credits) assert.equal(of(part), amountFen)
      assert.deepEqual(
        each.flatMap(({ premiums }) => premiums),
        once.premiums,
      )
    }),
  )
})

test('a credit beyond what is paid into its fund is not funded', () => {
  const credit = line('credit', { payer: 'basicFund', fund: 'account', amountFen: fen(101) })
  const into = line('one', { amountFen: fen(100) })
  assert.equal(isFunded(credit, [into, credit]), false)
  assert.equal(isFunded({ ...credit, amountFen: fen(100) }, [into, credit]), false)
  const other = { ...credit, amountFen: fen(100) }
  assert.equal(isFunded(other, [into, other]), true)
})
