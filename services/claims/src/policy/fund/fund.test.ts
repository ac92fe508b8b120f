/** Runway, total budget and penalties beyond the vectors. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Fen, fen, sum } from '@tongchou/contracts/money.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import { assuming, planNamed } from '../testing/vectors/packs.ts'
import { penalty } from './penalty.ts'
import { runway } from './runway.ts'
import { clearBudget } from './total-budget.ts'

const ON = businessDate('2018-06-01')

describe('the runway', () => {
  const facts = { on: ON, prepaidFen: fen(0), spentFen: fen(1_200), months: 12 }
  const essay = planNamed('P32')

  test('warns below two months of spending, not at two', () => {
    const warns = (balance: number) => runway(essay, { ...facts, balanceFen: fen(balance) }).warns
    assert.deepEqual([warns(199), warns(200), warns(201)], [true, false, false])
  })

  test('names what lies beyond two months of spending', () => {
    const invest = (balance: number) =>
      runway(essay, { ...facts, balanceFen: fen(balance) }).mustInvestFen
    assert.deepEqual([invest(199), invest(200), invest(950)], [0n, 0n, 750n])
  })

  test('counts no money paid in advance where the policy says so', () => {
    const balance = { balanceFen: fen(155_721), prepaidFen: fen(122_660) }
    const spending = { on: ON, spentFen: fen(3_823), months: 1 }
    const months = (packId: string) =>
      runway(planNamed(packId), { ...balance, ...spending }).hundredths
    assert.deepEqual([months('P07'), months('P32')], [865, 4_073])
  })

  test('has no length where nothing is spent, and warns of nothing', () => {
    const still = runway(essay, { ...facts, balanceFen: fen(1), spentFen: fen(0) })
    assert.deepEqual([still.hundredths, still.warns], [null, false])
  })
})

describe('a total budget', () => {
  const hundred = Array.from({ length: 12 }, () => fen(100))
  const cleared = (quota: number, actualFen: readonly Fen[], payer = 'nanning') =>
    clearBudget(planNamed('P08'), {
      year: 2014,
      quotaFen: fen(quota),
      actualFen,
      attributes: { payer },
    })

  test('within its quota needs no share of an overspend', () => {
    const at = cleared(1_200, hundred)
    assert.ok(at.kind === 'budget-cleared')
    assert.deepEqual([at.settledFen, at.yearEndFen, at.hospitalBearsFen], [1_200n, 120n, 0n])
  })

  test('one fen over it is refused: the source gives no share', () => {
    const over = cleared(1_199, hundred)
    assert.ok(over.kind === 'no-policy')
    assert.equal(over.path, 'fund.totalBudget.overspendShare')
  })

  test('paid in twelfths pays the quota to the fen, and a shortfall is paid back', () => {
    const share = { 'fund.totalBudget.surplusKept': { fundBp: 0 } }
    const twelfths = clearBudget(assuming('P08', share), {
      year: 2014,
      quotaFen: fen(1_205),
      actualFen: hundred,
      attributes: { payer: 'region' },
    })
    assert.ok(twelfths.kind === 'budget-cleared')
    assert.equal(twelfths.monthlyFen.length, 12)
    assert.deepEqual([twelfths.monthlyFen[0], twelfths.monthlyFen[11]], [100n, 105n])
    assert.equal(sum(...twelfths.monthlyFen), 1_205n)
    assert.deepEqual([twelfths.settledFen, twelfths.yearEndFen], [1_200n, -5n])
  })

  test('of an unknown payer or of a policy without one is refused', () => {
    assert.equal(cleared(1_200, hundred, 'nobody').kind, 'no-policy')
    const facts = { year: 2014, quotaFen: fen(1), actualFen: [], attributes: {} }
    assert.equal(clearBudget(planNamed('P01'), facts).kind, 'no-policy')
  })
})

test('a penalty has its months, and a policy without one says so', () => {
  const found = penalty(planNamed('P03-resident'), fen(1), ON)
  assert.ok(found.kind === 'penalty')
  assert.deepEqual(found.suspensionMonths, { min: 1, max: 12 })
  assert.equal(penalty(planNamed('P01'), fen(1), ON).kind, 'no-policy')
})
